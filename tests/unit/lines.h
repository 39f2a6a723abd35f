// SPDX-License-Identifier: BSD-2-Clause
// Lines of a configuration, which are constants.
#ifndef NETMIB_TESTS_LINES_H
#define NETMIB_TESTS_LINES_H

#include "config.h"

/* Checks that a line is taken. */
void accepts(struct config *, const char *token, const char *rest);

/* Checks that a line is refused with this error and changes nothing. */
void refuses(struct config *, const char *token, const char *rest, int error);

#endif
