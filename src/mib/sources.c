// SPDX-License-Identifier: BSD-2-Clause
// The sources that are read straight from the kernel, and the list of all.
#include "sources.h"

#include <errno.h>
#include <stddef.h>

#include "../kernel/counters.h"
#include "../kernel/sockets.h"
#include "../log.h"
#include "interfaces.h"
#include "routes.h"

static int
read_counters(struct reading *reading)
{
	struct counters *counters;

	reading->new->rows = ARRAY_OF(struct counters);
	counters = array_append(&reading->new->rows, 1);
	return counters ? counters_read(counters) : -ENOMEM;
}

const struct source_kind source_counters = {
	.name = "counters",
	.max_age = 1000,
	.read = read_counters,
};

/* What reading sockets needs to know from one time to the next. */
struct sockets_state {
	enum sockets_method method;
	bool told; /* that sock_diag is refused */
	bool told_malformed;
};

static void
tell(struct sockets_state *state, const struct sockets *sockets)
{
	if (state->method == SOCKETS_PROC && !state->told) {
		log_warning(
		    "sock_diag is refused here, reading /proc/net/tcp and tcp6: IPv6-only "
		    "listeners are shown as dual-stack");
		state->told = true;
	}
	if (sockets->malformed > 0 && !state->told_malformed) {
		log_warning(
		    "skipped %zu malformed messages about sockets", sockets->malformed);
		state->told_malformed = true;
	}
}

static int
read_sockets(struct reading *reading)
{
	const struct pause pause = { reading_pause, reading };
	struct sockets_state *state = reading->state;
	struct sockets sockets;
	int error;

	sockets_init(&sockets);
	error = sockets_read(&sockets, &state->method, &pause);
	if (error) {
		sockets_free(&sockets);
		return error;
	}
	tell(state, &sockets);
	reading->new->rows = sockets.rows;
	reading->new->side = sockets.pool.addresses;
	return 0;
}

const struct source_kind source_sockets = {
	.name = "sockets",
	.max_age = 2000,
	.state_size = sizeof(struct sockets_state),
	.read = read_sockets,
};

const struct source_kind *const sources_all[] = {
	&source_counters,
	&source_sockets,
	&source_processes,
	&source_routes,
	&source_interfaces,
	&source_receive_addresses,
	NULL,
};
