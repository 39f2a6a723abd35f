// SPDX-License-Identifier: BSD-2-Clause
// Building a view: which rows of a snapshot a table shows, in the order of its INDEX.
#ifndef NETMIB_VIEW_H
#define NETMIB_VIEW_H

struct snapshot;
struct table;
struct view;

/*
 * Builds the view of a table over the rows of a snapshot that is not published yet. Sixteen
 * bytes a row are in use meanwhile, four stay. Time is linear in the rows and the octets in
 * which their indexes differ. Returns 0, -ENOMEM, or -EOVERFLOW for more than VIEW_ROWS_MAX
 * rows.
 */
int view_build(const struct table *, const struct snapshot *, struct view *ret_view);

#endif
