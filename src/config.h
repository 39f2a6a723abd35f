// SPDX-License-Identifier: BSD-2-Clause
// The configuration: what the netmib… tokens say, checked.
#ifndef NETMIB_CONFIG_H
#define NETMIB_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "mib/links.h"
#include "mib/routes.h"

#define CONFIG_GROUPS_MAX 16
#define CONFIG_SOURCES_MAX 16

struct source_kind;

struct config {
	const char
	    *groups[CONFIG_GROUPS_MAX + 1];   /* netmibServe: table.group; NULL ends them */
	unsigned max_age[CONFIG_SOURCES_MAX]; /* netmibMaxAge, ms; as sources_all[] */
	bool strict_addresses;		      /* netmibInetAddress strict */
	bool processes;			      /* netmibProcesses */
	unsigned idle;			      /* netmibIdle, s */
	struct link_settings links;	      /* netmibInterface, netmibLinkNotify */
	struct route_settings routes;	      /* netmibRouteTable, netmibRouteProtocol */
};

/* A token and what is to follow it. */
struct config_token {
	const char *name;
	/* Takes the words behind the token; false: they are not what it accepts, and
	 * nothing has changed. words are cut up. */
	bool (*take)(struct config *, char *words);
	const char *accepts; /* for messages */
	const char *(*list)(
	    size_t i); /* the names it accepts, NULL behind the last; or NULL */
};

/* All tokens; ends with a NULL name. */
extern const struct config_token config_tokens[];

/* Sets the defaults: everything is served. */
void config_defaults(struct config *);

/* Takes one line. Returns 0; -ENOENT: no such token; -EINVAL: the rest is not what it
 * accepts. *config is changed on success only; rest is cut into words. */
int config_line(struct config *, const char *token, char *rest);

/* Writes "TOKEN accepts: …" for a message. An unknown token gets an empty text. */
void config_explain(const char *token, char *text, size_t size);

/* What the configuration says about a source of this kind; NULL: nothing. */
const void *config_settings(const struct config *, const struct source_kind *);

/* Whether the tables of this group are to be served. */
bool config_serves(const struct config *, const char *group);

#endif
