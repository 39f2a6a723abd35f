// SPDX-License-Identifier: BSD-2-Clause
// What one reading of a source found: rows that never change, shared by counting
// references.
#include "snapshot.h"

#include <stdlib.h>

struct snapshot *
snapshot_new(void)
{
	struct snapshot *snapshot = calloc(1, sizeof(*snapshot));

	if (!snapshot)
		return NULL;
	atomic_init(&snapshot->references, 1);
	for (size_t i = 0; i < SNAPSHOT_VIEWS; i++)
		snapshot->views[i].order = ARRAY_OF(uint32_t);
	return snapshot;
}

struct snapshot *
snapshot_hold(struct snapshot *snapshot)
{
	atomic_fetch_add_explicit(&snapshot->references, 1, memory_order_relaxed);
	return snapshot;
}

void
snapshot_release(struct snapshot *snapshot)
{
	if (!snapshot ||
	    atomic_fetch_sub_explicit(&snapshot->references, 1, memory_order_acq_rel) > 1)
		return;
	for (size_t i = 0; i < SNAPSHOT_VIEWS; i++)
		array_free(&snapshot->views[i].order);
	for (size_t i = 0; i < SNAPSHOT_MORE; i++)
		array_free(&snapshot->more[i]);
	array_free(&snapshot->rows);
	array_free(&snapshot->side);
	free(snapshot);
}
