// SPDX-License-Identifier: BSD-2-Clause
// The sources that tables stand on: the list of all.
#include "sources.h"

#include <stddef.h>

#include "addresses.h"
#include "counters.h"
#include "interfaces.h"
#include "ip.h"
#include "neighbours.h"
#include "routes.h"
#include "sockets.h"

const struct source_kind *const sources_all[] = {
	&source_counters,
	&source_sockets,
	&source_endpoints,
	&source_processes,
	&source_routes,
	&source_interfaces,
	&source_receive_addresses,
	&source_addresses,
	&source_neighbours,
	&source_ip_interfaces,
	&source_ip_if_stats,
	&source_ip_settings,
	NULL,
};
