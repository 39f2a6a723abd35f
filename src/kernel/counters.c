// SPDX-License-Identifier: BSD-2-Clause
// The protocol counters of /proc/net/snmp (snmp_seq_show() in net/ipv4/proc.c), found by
// name.
#include "counters.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_SIZE 16384 /* about 2 KiB today */

static const struct {
	const char *group, *column;
} names[COUNTERS] = {
	[TCP_RTO_ALGORITHM] = { "Tcp:", "RtoAlgorithm" },
	[TCP_RTO_MIN] = { "Tcp:", "RtoMin" },
	[TCP_RTO_MAX] = { "Tcp:", "RtoMax" },
	[TCP_MAX_CONN] = { "Tcp:", "MaxConn" },
	[TCP_ACTIVE_OPENS] = { "Tcp:", "ActiveOpens" },
	[TCP_PASSIVE_OPENS] = { "Tcp:", "PassiveOpens" },
	[TCP_ATTEMPT_FAILS] = { "Tcp:", "AttemptFails" },
	[TCP_ESTAB_RESETS] = { "Tcp:", "EstabResets" },
	[TCP_CURR_ESTAB] = { "Tcp:", "CurrEstab" },
	[TCP_IN_SEGS] = { "Tcp:", "InSegs" },
	[TCP_OUT_SEGS] = { "Tcp:", "OutSegs" },
	[TCP_RETRANS_SEGS] = { "Tcp:", "RetransSegs" },
	[TCP_IN_ERRS] = { "Tcp:", "InErrs" },
	[TCP_OUT_RSTS] = { "Tcp:", "OutRsts" },
};

/* A run of characters between blanks. */
struct word {
	const char *text;
	size_t length;
};

/* Takes the next word of a line; false at its end. */
static bool
next_word(const char **line, struct word *ret_word)
{
	const char *text = *line + strspn(*line, " ");

	*ret_word = (struct word){ text, strcspn(text, " \n") };
	*line = text + ret_word->length;
	return ret_word->length > 0;
}

static bool
is_word(const struct word *word, const char *text)
{
	return strlen(text) == word->length && memcmp(word->text, text, word->length) == 0;
}

/* The number a word is; false for other words. One column is signed; the others may use all
 * 64 bits. */
static bool
parse_number(const struct word *word, int64_t *ret_number)
{
	char *end;

	if (word->text[0] == '-')
		*ret_number = strtoll(word->text, &end, 10);
	else
		*ret_number = (int64_t)strtoull(word->text, &end, 10);
	return end == word->text + word->length;
}

static void
take(const struct word *group, const struct word *column, const struct word *number,
    struct counters *counters)
{
	int64_t value;

	for (size_t i = 0; i < COUNTERS; i++) {
		if (is_word(group, names[i].group) && is_word(column, names[i].column) &&
		    parse_number(number, &value)) {
			counters->value[i] = value;
			counters->present[i] = true;
		}
	}
}

/* Takes two lines of one group; false when they are not. */
static bool
take_pair(const char *heads, const char *values, struct counters *counters)
{
	struct word group, same, column, number;

	if (!next_word(&heads, &group) || !next_word(&values, &same) ||
	    group.length != same.length || memcmp(group.text, same.text, group.length) != 0)
		return false;
	while (next_word(&heads, &column) && next_word(&values, &number))
		take(&group, &column, &number, counters);
	return true;
}

/* The line behind this one; NULL: there is none. */
static const char *
next_line(const char *line)
{
	line += strcspn(line, "\n");
	return line[0] && line[1] ? line + 1 : NULL;
}

int
counters_text(const char *text, struct counters *ret_counters)
{
	struct counters counters = { 0 };
	const char *heads = text, *values;
	bool any = false;

	while (heads && (values = next_line(heads)))
		heads = take_pair(heads, values, &counters) ? next_line(values) : values;
	for (size_t i = 0; i < COUNTERS; i++)
		any |= counters.present[i];
	if (!any)
		return -EPROTO;
	*ret_counters = counters;
	return 0;
}

int
counters_read(struct counters *ret_counters)
{
	int fd = open("/proc/net/snmp", O_RDONLY | O_CLOEXEC);
	char text[FILE_SIZE];
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n < 0)
		return -EIO;
	text[n] = '\0';
	return counters_text(text, ret_counters);
}
