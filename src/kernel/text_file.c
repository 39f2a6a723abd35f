// SPDX-License-Identifier: BSD-2-Clause
// A file of /proc as one text.
#include "text_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Most files fit: the kernel makes them anew for each part that is read. */
#define FIRST_SIZE 16384

/* Reads to the end into *text, which holds size octets and grows. */
static int
read_all(int fd, char **text, size_t size)
{
	size_t length = 0;

	for (;;) {
		ssize_t n = read(fd, *text + length, size - length - 1);
		char *larger;

		/* A file of /proc that has gone since it was opened (proc_reg_read() in
		 * fs/proc/inode.c). */
		if (n < 0)
			return errno == EIO ? -ENOENT : -errno;
		if (n == 0)
			break;
		length += (size_t)n;
		if (length + 1 < size)
			continue;
		if (size > TEXT_FILE_MAX)
			return -EFBIG;
		larger = realloc(*text, size *= 2);
		if (!larger)
			return -ENOMEM;
		*text = larger;
	}
	(*text)[length] = '\0';
	return 0;
}

int
text_file_read(const char *path, char **ret_text)
{
	char *text = malloc(FIRST_SIZE);
	int fd, error;

	if (!text)
		return -ENOMEM;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	error = fd < 0 ? -errno : read_all(fd, &text, FIRST_SIZE);
	if (fd >= 0)
		close(fd);
	if (error)
		free(text);
	else
		*ret_text = text;
	return error;
}

const char *
text_next_line(const char *line)
{
	line += strcspn(line, "\n");
	return line[0] && line[1] ? line + 1 : NULL;
}
