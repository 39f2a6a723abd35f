// SPDX-License-Identifier: BSD-2-Clause
// The sources that tables stand on: the list of all.
#ifndef NETMIB_SOURCES_H
#define NETMIB_SOURCES_H

#include "../table/source.h"

/* Every source with a name of its own, for netmibMaxAge; ends with NULL. */
extern const struct source_kind *const sources_all[];

#endif
