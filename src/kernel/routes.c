// SPDX-License-Identifier: BSD-2-Clause
// Routes by RTM_GETROUTE (fib_dump_info() in net/ipv4/fib_semantics.c, rt6_fill_node() in
// net/ipv6/route.c).
#include "routes.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <string.h>

void
routes_init(struct routes *routes, const struct route_tables *tables)
{
	*routes = (struct routes){
		.rows = ARRAY_OF(struct route_row),
		.routers = ARRAY_OF(struct router_row),
		.tables = tables,
	};
	address_pool_init(&routes->pool);
	nexthops_init(&routes->nexthops);
}

void
routes_free(struct routes *routes)
{
	array_free(&routes->rows);
	array_free(&routes->routers);
	address_pool_free(&routes->pool);
	nexthops_free(&routes->nexthops);
}

/* Attributes that are read, and their least sizes. */
static const uint8_t sizes[RTA_MAX + 1] = {
	[RTA_DST] = 4,
	[RTA_OIF] = 4,
	[RTA_GATEWAY] = 4,
	[RTA_PRIORITY] = 4,
	[RTA_MULTIPATH] = sizeof(struct rtnexthop),
	[RTA_TABLE] = 4,
	[RTA_VIA] = sizeof(struct rtvia) + 4,
	[RTA_NH_ID] = 4,
	[RTA_CACHEINFO] = sizeof(struct rta_cacheinfo),
	[RTA_PREF] = 1,
};

/* A route of which the hops are being added. */
struct adding {
	struct routes *routes;
	struct route_row row; /* without gateway and ifindex */
	int family;
	/* Of a default route, as struct router_row has them. */
	uint32_t lifetime;
	uint8_t preference;
};

static bool
is_reject(uint8_t type)
{
	return type == RTN_BLACKHOLE || type == RTN_UNREACHABLE || type == RTN_PROHIBIT;
}

/* Adds the router of a default route. */
static int
add_router(const struct adding *adding, const struct route_row *row)
{
	struct router_row *added = array_append(&adding->routes->routers, 1);

	if (!added)
		return -ENOMEM;
	*added = (struct router_row){
		.gateway = row->gateway,
		.table = row->table,
		.metric = row->metric,
		.ifindex = row->ifindex,
		.lifetime = adding->lifetime,
		.flags = row->flags & ROUTE_GATEWAY_IPV6,
		.preference = adding->preference,
	};
	return 0;
}

/* Adds the row for one hop. */
static int
add_hop(const struct hop *hop, void *argument)
{
	struct adding *adding = argument;
	struct route_row row = adding->row, *added;

	if (hop->dead)
		return 0;
	if (hop->blackhole)
		row.type = RTN_BLACKHOLE;
	if (!is_reject(row.type)) {
		row.ifindex = hop->ifindex;
		if (hop->family)
			row.flags |= ROUTE_GATEWAY | (hop->onlink ? ROUTE_ONLINK : 0);
	}
	if ((row.flags & ROUTE_GATEWAY) && hop->family == AF_INET6) {
		row.flags |= ROUTE_GATEWAY_IPV6;
		if (address_pool_add(&adding->routes->pool, hop->gateway, 0, &row.gateway) <
		    0)
			return -ENOMEM;
	} else if (row.flags & ROUTE_GATEWAY) {
		row.gateway = ipv4_of(hop->gateway);
	}
	added = array_append(&adding->routes->rows, 1);
	if (!added)
		return -ENOMEM;
	*added = row;
	return row.length == 0 && row.flags & ROUTE_GATEWAY ? add_router(adding, &row) : 0;
}

/* Reads the hop that attributes of a route or of a leg tell. */
static struct hop
hop_of(const struct adding *adding, const struct nlattr *const *attributes,
    uint32_t ifindex, unsigned flags)
{
	const struct nlattr *gateway = attributes[RTA_GATEWAY], *via = attributes[RTA_VIA];
	struct hop hop = {
		.ifindex = ifindex,
		.dead = flags & RTNH_F_DEAD,
		.onlink = flags & RTNH_F_ONLINK,
	};
	size_t length = adding->family == AF_INET6 ? 16 : 4;

	if (gateway && mnl_attr_get_payload_len(gateway) >= length) {
		hop.family = adding->family;
		memcpy(hop.gateway, mnl_attr_get_payload(gateway), length);
	} else if (via) {
		const struct rtvia *address = mnl_attr_get_payload(via);

		length = mnl_attr_get_payload_len(via) - sizeof(*address);
		if (address->rtvia_family == AF_INET6 && length >= 16) {
			hop.family = AF_INET6;
			memcpy(hop.gateway, address->rtvia_addr, 16);
		}
	}
	return hop;
}

/* RTA_MULTIPATH: struct rtnexthop, each with attributes of its own behind it. */
static int
add_legs(struct adding *adding, const struct nlattr *multipath)
{
	const char *at = mnl_attr_get_payload(multipath);
	size_t left = mnl_attr_get_payload_len(multipath);
	const struct nlattr *attributes[RTA_MAX + 1];

	while (left >= sizeof(struct rtnexthop)) {
		const struct rtnexthop *leg = (const struct rtnexthop *)at;
		size_t step = RTNH_ALIGN(leg->rtnh_len);
		struct hop hop;

		if (leg->rtnh_len < sizeof(*leg) || leg->rtnh_len > left) {
			adding->routes->malformed++;
			return 0;
		}
		if (!netlink_attributes(at + RTNH_LENGTH(0), leg->rtnh_len - RTNH_LENGTH(0),
			sizes, RTA_MAX + 1, attributes)) {
			adding->routes->malformed++;
			return 0;
		}
		hop = hop_of(
		    adding, attributes, (uint32_t)leg->rtnh_ifindex, leg->rtnh_flags);
		if (add_hop(&hop, adding) < 0)
			return -ENOMEM;
		at += step < left ? step : left;
		left -= step < left ? step : left;
	}
	return 0;
}

static int
add_hops(struct adding *adding, const struct nlattr *const *attributes, unsigned flags)
{
	struct hop hop;
	uint32_t ifindex = 0;

	if (attributes[RTA_MULTIPATH])
		return add_legs(adding, attributes[RTA_MULTIPATH]);
	/* With net.ipv4.nexthop_compat_mode=0 there is the number of the object only. */
	if (attributes[RTA_NH_ID] && !attributes[RTA_OIF] && !is_reject(adding->row.type))
		return nexthops_each(&adding->routes->nexthops,
		    mnl_attr_get_u32(attributes[RTA_NH_ID]), add_hop, adding);
	if (attributes[RTA_OIF]) {
		ifindex = mnl_attr_get_u32(attributes[RTA_OIF]);
	} else if (!is_reject(adding->row.type)) {
		adding->routes->malformed++;
		return 0;
	}
	hop = hop_of(adding, attributes, ifindex, flags);
	return add_hop(&hop, adding);
}

bool
route_tables_add(struct route_tables *tables, uint32_t id)
{
	for (uint32_t i = 0; i < tables->n; i++)
		if (tables->id[i] == id)
			return true;
	if (tables->n == ROUTE_TABLES_MAX)
		return false;
	tables->id[tables->n++] = id;
	return true;
}

static bool
is_wanted_table(const struct route_tables *tables, uint32_t table)
{
	for (uint32_t i = 0; i < tables->n; i++)
		if (tables->id[i] == table)
			return true;
	return tables->all;
}

/* What forwards or rejects a packet; a throw route does neither. */
static bool
is_wanted(const struct rtmsg *msg)
{
	return !(msg->rtm_flags & RTM_F_CLONED) &&
	    (msg->rtm_type == RTN_UNICAST || msg->rtm_type == RTN_LOCAL ||
		is_reject(msg->rtm_type));
}

/* Sets the destination of the row; false: it does not fit its length. */
static bool
set_destination(struct adding *adding, const struct nlattr *attribute, int *ret_error)
{
	size_t length = adding->family == AF_INET6 ? 16 : 4;
	uint8_t octets[16] = { 0 };

	*ret_error = 0;
	if (adding->row.length > length * 8 ||
	    (attribute && mnl_attr_get_payload_len(attribute) < length))
		return false;
	if (attribute)
		memcpy(octets, mnl_attr_get_payload(attribute), length);
	if (adding->family == AF_INET)
		adding->row.destination = ipv4_of(octets);
	else
		*ret_error = address_pool_add(
		    &adding->routes->pool, octets, 0, &adding->row.destination);
	return true;
}

/* What IPv6 learned of a default router beside the route. */
static void
set_router(struct adding *adding, const struct nlattr *const *attributes)
{
	struct rta_cacheinfo info;

	adding->lifetime = ROUTER_FOREVER;
	if (attributes[RTA_CACHEINFO]) {
		memcpy(
		    &info, mnl_attr_get_payload(attributes[RTA_CACHEINFO]), sizeof(info));
		if (info.rta_expires > 0) /* hundredths of a second */
			adding->lifetime = (uint32_t)info.rta_expires / 100;
	}
	if (attributes[RTA_PREF])
		adding->preference = mnl_attr_get_u8(attributes[RTA_PREF]);
}

int
routes_message(const struct nlmsghdr *header, void *argument)
{
	const struct rtmsg *msg = mnl_nlmsg_get_payload(header);
	const struct nlattr *attributes[RTA_MAX + 1];
	struct adding adding = { .routes = argument };
	int error;

	if (header->nlmsg_type != RTM_NEWROUTE)
		return 0;
	if (mnl_nlmsg_get_payload_len(header) < sizeof(*msg) ||
	    (msg->rtm_family != AF_INET && msg->rtm_family != AF_INET6))
		goto malformed;
	if (!is_wanted(msg))
		return 0;
	if (!netlink_attributes(mnl_nlmsg_get_payload_offset(header, sizeof(*msg)),
		mnl_nlmsg_get_payload_len(header) - MNL_ALIGN(sizeof(*msg)), sizes,
		RTA_MAX + 1, attributes))
		goto malformed;
	adding.family = msg->rtm_family;
	adding.row = (struct route_row){
		.table = msg->rtm_table,
		.length = msg->rtm_dst_len,
		.tos = msg->rtm_tos,
		.type = msg->rtm_type,
		.protocol = msg->rtm_protocol,
		.flags = msg->rtm_family == AF_INET6 ? ROUTE_IPV6 : 0,
	};
	if (attributes[RTA_TABLE])
		adding.row.table = mnl_attr_get_u32(attributes[RTA_TABLE]);
	if (attributes[RTA_PRIORITY])
		adding.row.metric = mnl_attr_get_u32(attributes[RTA_PRIORITY]);
	if (!is_wanted_table(adding.routes->tables, adding.row.table))
		return 0;
	if (!set_destination(&adding, attributes[RTA_DST], &error))
		goto malformed;
	if (adding.row.length == 0)
		set_router(&adding, attributes);
	return error ? error : add_hops(&adding, attributes, msg->rtm_flags);
malformed:
	adding.routes->malformed++;
	return 0;
}

/* Dumps one table of one family; table 0 is all of them. */
static int
dump_table(struct routes *routes, uint8_t family, uint32_t table, const struct pause *pause)
{
	struct {
		struct nlmsghdr header;
		struct rtmsg body;
		struct nlattr attribute;
		uint32_t table;
	} request = {
		.header.nlmsg_len = NLMSG_LENGTH(sizeof(struct rtmsg)),
		.header.nlmsg_type = RTM_GETROUTE,
		.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		.body.rtm_family = family,
		.attribute = { sizeof(struct nlattr) + sizeof(uint32_t), RTA_TABLE },
		.table = table,
	};
	struct netlink_reader reader = {
		.message = routes_message,
		.argument = routes,
		.pause = *pause,
	};
	int error;

	if (table)
		request.header.nlmsg_len = sizeof(request);
	error = netlink_dump(NETLINK_ROUTE, &request.header, &reader, &routes->malformed);
	/* A table, or a family, that is not there has no routes. Route dumps never say
	 * EINTR. */
	return error == -ENOENT || error == -EAFNOSUPPORT ? 0 : error;
}

static int
dump_family(struct routes *routes, uint8_t family, const struct pause *pause)
{
	int error = 0;

	if (routes->tables->all)
		return dump_table(routes, family, 0, pause);
	for (uint32_t i = 0; error == 0 && i < routes->tables->n; i++)
		error = dump_table(routes, family, routes->tables->id[i], pause);
	return error;
}

int
routes_read(struct routes *routes, const struct pause *pause)
{
	int error = nexthops_read(&routes->nexthops, pause);

	if (error == 0)
		error = dump_family(routes, AF_INET, pause);
	if (error == 0)
		error = dump_family(routes, AF_INET6, pause);
	routes->malformed += routes->nexthops.malformed;
	nexthops_free(&routes->nexthops);
	address_pool_seal(&routes->pool);
	return error;
}
