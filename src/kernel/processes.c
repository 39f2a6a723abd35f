// SPDX-License-Identifier: BSD-2-Clause
// Which process holds a socket: a scan of /proc/PID/fd (fs/proc/fd.c).
#include "processes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAUSE_DESCRIPTORS 256

/* The scan as it goes. */
struct scan {
	struct socket_owner *owners;
	size_t n, missing;
	dev_t sockfs; /* a socket's file system; a socket node on disk has another */
	const struct pause *pause;
};

/* The decimal number a name is; 0 for other names. */
static uint32_t
number(const char *name)
{
	char *end;
	unsigned long n = strtoul(name, &end, 10);

	return *end == '\0' && n <= UINT32_MAX ? (uint32_t)n : 0;
}

static int
compare_pids(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

int
processes_list(struct array *pids)
{
	DIR *proc = opendir("/proc");
	const struct dirent *entry;
	uint32_t pid, *added;

	if (!proc)
		return -errno;
	while ((entry = readdir(proc))) {
		pid = number(entry->d_name);
		if (pid == 0)
			continue;
		added = array_append(pids, 1);
		if (!added) {
			closedir(proc);
			return -ENOMEM;
		}
		*added = pid;
	}
	closedir(proc);
	if (pids->n > 0)
		qsort(pids->data, pids->n, sizeof(uint32_t), compare_pids);
	return 0;
}

static struct socket_owner *
find_owner(const struct scan *scan, uint64_t inode)
{
	size_t low = 0, high = scan->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (scan->owners[middle].inode < inode)
			low = middle + 1;
		else
			high = middle;
	}
	return low < scan->n && scan->owners[low].inode == inode ? &scan->owners[low]
								 : NULL;
}

static void
look_at(struct scan *scan, int directory, const char *name, uint32_t pid)
{
	struct socket_owner *owner;
	struct stat status;

	if (fstatat(directory, name, &status, 0) < 0 || !S_ISSOCK(status.st_mode) ||
	    status.st_dev != scan->sockfs)
		return;
	owner = find_owner(scan, status.st_ino);
	/* Processes come in rising order, so the first is the lowest. */
	if (owner && owner->pid == 0) {
		owner->pid = pid;
		scan->missing--;
	}
}

static void
scan_process(struct scan *scan, uint32_t pid)
{
	const struct dirent *entry;
	unsigned looked = 0;
	char path[32];
	DIR *fds;

	snprintf(path, sizeof(path), "/proc/%u/fd", pid);
	fds = opendir(path);
	if (!fds)
		return;
	while (scan->missing > 0 && (entry = readdir(fds))) {
		if (entry->d_name[0] != '.')
			look_at(scan, dirfd(fds), entry->d_name, pid);
		if (++looked % PAUSE_DESCRIPTORS == 0)
			pause_now(scan->pause);
	}
	closedir(fds);
}

/* The device number of sockfs, from a socket of our own. */
static int
find_sockfs(dev_t *ret_device)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct stat status;
	int error = 0;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &status) < 0)
		error = -errno;
	else
		*ret_device = status.st_dev;
	close(fd);
	return error;
}

int
processes_find(struct socket_owner *owners, size_t n, const struct array *pids,
    const struct pause *pause)
{
	struct scan scan = { .owners = owners, .n = n, .missing = n, .pause = pause };
	const uint32_t *pid = pids->data;
	int error = find_sockfs(&scan.sockfs);

	for (size_t i = 0; error == 0 && i < pids->n && scan.missing > 0; i++) {
		scan_process(&scan, pid[i]);
		pause_now(pause);
	}
	return error;
}
