// SPDX-License-Identifier: BSD-2-Clause
// Settings of the kernel's network protocols: numbers below /proc/sys/net.
#include "sysctls.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text_file.h"

int
sysctls_read(const char *name, int64_t *ret_value)
{
	char path[PATH_MAX], *text, *end;
	int64_t value;
	int error;

	snprintf(path, sizeof(path), "/proc/sys/net/%s", name);
	error = text_file_read(path, &text);
	if (error)
		return error;
	errno = 0;
	value = strtoll(text, &end, 10);
	if (end == text || strcmp(end + strspn(end, " \t\n"), "") != 0 || errno != 0)
		error = -EPROTO;
	else
		*ret_value = value;
	free(text);
	return error;
}
