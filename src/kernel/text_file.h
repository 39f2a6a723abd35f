// SPDX-License-Identifier: BSD-2-Clause
// A file of /proc as one text.
#ifndef NETMIB_TEXT_FILE_H
#define NETMIB_TEXT_FILE_H

/* What no file that is read whole comes near. */
#define TEXT_FILE_MAX (16 << 20)

/* Reads all of a file. *ret_text ends with a NUL and is the caller's, to free(). Returns 0
 * or -errno; -ENOENT: it is not there, or goes meanwhile; -EFBIG: more than TEXT_FILE_MAX
 * octets. */
int text_file_read(const char *path, char **ret_text);

/* The line behind this one; NULL: there is none. */
const char *text_next_line(const char *line);

#endif
