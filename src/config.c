// SPDX-License-Identifier: BSD-2-Clause
// The configuration: what the netmib… tokens say, checked.
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mib/sources.h"
#include "mib/tables.h"

#define BLANKS " \t"
#define TABLES_MAX (ROUTE_TABLES_MAX - ROUTE_VRFS_MAX) /* VRFs are found later */
#define MAX_AGE_LIMIT 60.0			       /* seconds: maxStale */
#define IDLE_DEFAULT 3600			       /* seconds */
#define IDLE_LIMIT 86400

/* The i-th of the groups tables belong to, each once; NULL behind the last. */
static const char *
group_name(size_t i)
{
	for (const struct table *const *table = tables_all; *table; table++)
		if (tables_begin_group(table) && i-- == 0)
			return (*table)->group;
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
	*config = (struct config){ .processes = true, .idle = IDLE_DEFAULT };
	route_settings_init(&config->routes);
	link_settings_init(&config->links);
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

	if (!name || !number || strtok_r(NULL, BLANKS, &rest) ||
	    !find_name(source_name, name, &i))
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

/* A whole decimal number up to max; false for anything else. */
static bool
parse_number(const char *word, unsigned long max, uint32_t *ret_number)
{
	char *end;
	unsigned long number;

	errno = 0;
	number = strtoul(word, &end, 10);
	if (!isdigit((unsigned char)*word) || *end != '\0' || errno || number > max)
		return false;
	*ret_number = (uint32_t)number;
	return true;
}

/* One word of netmibRouteTable; "vrf" takes the next one with it. */
static bool
take_route_table(struct route_settings *settings, const char *word, char **rest)
{
	struct route_tables *tables = &settings->tables;
	uint32_t id = 0;

	if (strcasecmp(word, "all") == 0) {
		tables->all = true;
		return true;
	}
	if (strcasecmp(word, "vrf") == 0) {
		const char *name = strtok_r(NULL, BLANKS, rest);

		if (!name || settings->n_vrfs == ROUTE_VRFS_MAX ||
		    strlen(name) >= ROUTE_VRF_NAME)
			return false;
		memcpy(settings->vrfs[settings->n_vrfs++], name, strlen(name) + 1);
		return true;
	}
	if (strcasecmp(word, "main") == 0)
		id = ROUTE_TABLE_MAIN;
	else if (strcasecmp(word, "local") == 0)
		id = ROUTE_TABLE_LOCAL;
	else if (!parse_number(word, UINT32_MAX, &id) || id == 0)
		return false;
	return tables->n < TABLES_MAX && route_tables_add(tables, id);
}

static bool
take_route_tables(struct config *config, char *words)
{
	struct route_settings settings = config->routes;
	const char *word;
	char *rest;

	memset(&settings.tables, 0, sizeof(settings.tables));
	memset(settings.vrfs, 0, sizeof(settings.vrfs));
	settings.n_vrfs = 0;
	word = strtok_r(words, BLANKS, &rest);
	if (!word)
		return false;
	for (; word; word = strtok_r(NULL, BLANKS, &rest))
		if (!take_route_table(&settings, word, &rest))
			return false;
	config->routes = settings;
	return true;
}

static const char *
protocol_name(size_t i)
{
	return route_protocols[i].name;
}

static bool
take_route_protocol(struct config *config, char *words)
{
	char *rest;
	const char *number = strtok_r(words, BLANKS, &rest);
	const char *name = strtok_r(NULL, BLANKS, &rest);
	uint32_t protocol;
	size_t i;

	if (!number || !name || strtok_r(NULL, BLANKS, &rest) ||
	    !parse_number(number, UINT8_MAX, &protocol) ||
	    !find_name(protocol_name, name, &i))
		return false;
	config->routes.protocols[protocol] = (uint8_t)route_protocols[i].value;
	return true;
}

static bool
take_processes(struct config *config, char *words)
{
	return take_choice(words, "yes", "no", &config->processes);
}

static bool
take_idle(struct config *config, char *words)
{
	char *rest;
	const char *number = strtok_r(words, BLANKS, &rest);
	uint32_t idle;

	if (!number || strtok_r(NULL, BLANKS, &rest) ||
	    !parse_number(number, IDLE_LIMIT, &idle) || idle == 0)
		return false;
	config->idle = idle;
	return true;
}

/* Adds all words from this one on; false when there is none, or no room. */
static bool
add_patterns(struct link_patterns *patterns, const char *word, char **rest)
{
	bool good = word != NULL;

	for (; good && word; word = strtok_r(NULL, BLANKS, rest))
		good = link_patterns_add(patterns, word);
	return good;
}

/* Lines add up. */
static bool
take_interface(struct config *config, char *words)
{
	struct link_settings settings = config->links;
	char *rest;
	const char *which = strtok_r(words, BLANKS, &rest);
	bool include = which && strcasecmp(which, "include") == 0;

	if (!which || (!include && strcasecmp(which, "exclude") != 0) ||
	    !add_patterns(include ? &settings.include : &settings.exclude,
		strtok_r(NULL, BLANKS, &rest), &rest))
		return false;
	config->links = settings;
	return true;
}

static bool
take_link_notify(struct config *config, char *words)
{
	struct link_settings settings = config->links;
	char *rest;
	const char *word = strtok_r(words, BLANKS, &rest);

	memset(&settings.notify, 0, sizeof(settings.notify));
	settings.notify_named = true;
	if (word && strcasecmp(word, "no") == 0)
		word = strtok_r(NULL, BLANKS, &rest) ? NULL : "";
	else if (word && strcasecmp(word, "yes") == 0)
		word = strtok_r(NULL, BLANKS, &rest) ? NULL : "*";
	if (!add_patterns(&settings.notify, word, &rest))
		return false;
	config->links = settings;
	return true;
}

/* A kind is known by the settings it takes. */
const void *
config_settings(const struct config *config, const struct source_kind *kind)
{
	if (kind->init_settings == link_settings_init)
		return &config->links;
	if (kind->init_settings == route_settings_init)
		return &config->routes;
	return NULL;
}

const struct config_token config_tokens[] = {
	{ "netmibServe", take_serve, "one or more of", group_name },
	{ "netmibMaxAge", take_max_age,
	    "SOURCE SECONDS, 0 to 60 seconds, and of the sources", source_name },
	{ "netmibInetAddress", take_inet_address, "compatible or strict", NULL },
	{ "netmibProcesses", take_processes, "yes or no", NULL },
	{ "netmibIdle", take_idle, "SECONDS, 1 to 86400", NULL },
	{ "netmibInterface", take_interface,
	    "include or exclude, and at most 16 PATTERN of at most 31 characters", NULL },
	{ "netmibLinkNotify", take_link_notify,
	    "yes, no, or at most 16 PATTERN of at most 31 characters", NULL },
	{ "netmibRouteTable", take_route_tables, "main, local, all, NUMBER, vrf NAME",
	    NULL },
	{ "netmibRouteProtocol", take_route_protocol,
	    "NUMBER NAME, 0 to 255, and of the names", protocol_name },
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
