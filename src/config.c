// SPDX-License-Identifier: BSD-2-Clause
// The configuration: what the netmib… tokens say, checked.
#include "config.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mib/sources.h"
#include "mib/tables.h"

#define BLANKS " \t"
#define MAX_AGE_LIMIT 60.0 /* seconds: maxStale */

/* The i-th of the groups tables belong to, each once; NULL behind the last. */
static const char *
group_name(size_t i)
{
	const char *last = "";

	for (const struct table *const *table = tables_all; *table; table++) {
		/* Tables of a group stand side by side. */
		if (strcmp((*table)->group, last) == 0)
			continue;
		last = (*table)->group;
		if (i-- == 0)
			return last;
	}
	return NULL;
}

static const char *
source_name(size_t i)
{
	return sources_all[i] ? sources_all[i]->name : NULL;
}

void
config_defaults(struct config *config)
{
	*config = (struct config){ .processes = true };
	for (size_t i = 0; i < CONFIG_GROUPS_MAX && group_name(i); i++)
		config->groups[i] = group_name(i);
	for (size_t i = 0; i < CONFIG_SOURCES_MAX && sources_all[i]; i++)
		config->max_age[i] = sources_all[i]->max_age;
}

/* Where name is in a list; false when it is not. */
static bool
find_name(const char *(*list)(size_t), const char *name, size_t *ret_i)
{
	for (size_t i = 0; list(i); i++) {
		if (strcmp(list(i), name) == 0) {
			*ret_i = i;
			return true;
		}
	}
	return false;
}

static bool
take_serve(struct config *config, char *words)
{
	const char *groups[CONFIG_GROUPS_MAX + 1] = { NULL };
	size_t n = 0, i;
	char *rest;

	for (char *word = strtok_r(words, BLANKS, &rest); word;
	     word = strtok_r(NULL, BLANKS, &rest)) {
		if (n == CONFIG_GROUPS_MAX || !find_name(group_name, word, &i))
			return false;
		groups[n++] = group_name(i);
	}
	if (n > 0)
		memcpy(config->groups, groups, sizeof(groups));
	return n > 0;
}

static bool
take_max_age(struct config *config, char *words)
{
	char *rest, *end;
	const char *name = strtok_r(words, BLANKS, &rest);
	const char *number = strtok_r(NULL, BLANKS, &rest);
	double seconds;
	size_t i;

	if (!name || !number || strtok_r(NULL, BLANKS, &rest) || !find_name(source_name, name, &i))
		return false;
	seconds = strtod(number, &end);
	if (*end != '\0' || !(seconds >= 0 && seconds <= MAX_AGE_LIMIT))
		return false;
	config->max_age[i] = (unsigned)lround(seconds * 1000);
	return true;
}

/* One word, which must be yes or no, or what stands for them. */
static bool
take_choice(char *words, const char *yes, const char *no, bool *ret_choice)
{
	char *rest;
	const char *word = strtok_r(words, BLANKS, &rest);

	if (!word || strtok_r(NULL, BLANKS, &rest) ||
	    (strcasecmp(word, yes) != 0 && strcasecmp(word, no) != 0))
		return false;
	*ret_choice = strcasecmp(word, yes) == 0;
	return true;
}

static bool
take_inet_address(struct config *config, char *words)
{
	return take_choice(words, "strict", "compatible", &config->strict_addresses);
}

static bool
take_processes(struct config *config, char *words)
{
	return take_choice(words, "yes", "no", &config->processes);
}

const struct config_token config_tokens[] = {
	{ "netmibServe", take_serve, "one or more of", group_name },
	{ "netmibMaxAge", take_max_age, "SOURCE SECONDS, 0 to 60 seconds, and of the sources",
	    source_name },
	{ "netmibInetAddress", take_inet_address, "compatible or strict", NULL },
	{ "netmibProcesses", take_processes, "yes or no", NULL },
	{ NULL, NULL, NULL, NULL },
};

static const struct config_token *
find_token(const char *name)
{
	for (const struct config_token *token = config_tokens; token->name; token++)
		if (strcasecmp(token->name, name) == 0)
			return token;
	return NULL;
}

int
config_line(struct config *config, const char *name, char *rest)
{
	const struct config_token *token = find_token(name);

	if (!token)
		return -ENOENT;
	return token->take(config, rest) ? 0 : -EINVAL;
}

void
config_explain(const char *name, char *text, size_t size)
{
	const struct config_token *token = find_token(name);
	int n = 0;

	text[0] = '\0';
	if (token)
		n = snprintf(text, size, "%s accepts %s", token->name, token->accepts);
	for (size_t i = 0; token && token->list && token->list(i) && (size_t)n < size; i++)
		n += snprintf(text + n, size - (size_t)n, " %s", token->list(i));
}

bool
config_serves(const struct config *config, const char *group)
{
	for (const char *const *served = config->groups; *served; served++)
		if (strcmp(*served, group) == 0)
			return true;
	return false;
}
