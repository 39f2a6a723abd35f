// SPDX-License-Identifier: BSD-2-Clause
// Next-hop objects (net/ipv4/nexthop.c), which routes may refer to by number only.
#include "nexthops.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

void
nexthops_init(struct nexthops *nexthops)
{
	*nexthops = (struct nexthops){
		.objects = ARRAY_OF(struct nexthop),
		.members = ARRAY_OF(struct nexthop_member),
	};
}

void
nexthops_free(struct nexthops *nexthops)
{
	array_free(&nexthops->objects);
	array_free(&nexthops->members);
}

/*
 * Attributes that are read, and their least sizes; a flag has none, so 1 stands for "any".
 */
static const uint8_t sizes[NHA_MAX + 1] = {
	[NHA_ID] = 4,
	[NHA_GROUP] = sizeof(struct nexthop_grp),
	[NHA_OIF] = 4,
	[NHA_GATEWAY] = 4,
};

/* NHA_BLACKHOLE and NHA_FDB are there or not, without a payload. */
static bool
has_flag(const struct nlmsghdr *header, uint16_t type)
{
	const struct nlattr *attribute;

	mnl_attr_for_each(attribute, header, sizeof(struct nhmsg))
	{
		if (mnl_attr_get_type(attribute) == type)
			return true;
	}
	return false;
}

static int
add_members(struct nexthops *nexthops, uint32_t group, const struct nlattr *attribute)
{
	size_t n = mnl_attr_get_payload_len(attribute) / sizeof(struct nexthop_grp);
	const struct nexthop_grp *entry = mnl_attr_get_payload(attribute);

	for (size_t i = 0; i < n; i++) {
		struct nexthop_member *member = array_append(&nexthops->members, 1);

		if (!member)
			return -ENOMEM;
		*member = (struct nexthop_member){ .group = group, .id = entry[i].id };
	}
	return 0;
}

static int
add_object(struct nexthops *nexthops, const struct nlmsghdr *header,
    const struct nlattr *const *attributes)
{
	const struct nhmsg *msg = mnl_nlmsg_get_payload(header);
	const struct nlattr *gateway = attributes[NHA_GATEWAY];
	struct nexthop *object = array_append(&nexthops->objects, 1);
	size_t length = msg->nh_family == AF_INET6 ? 16 : 4;

	if (!object)
		return -ENOMEM;
	object->id = mnl_attr_get_u32(attributes[NHA_ID]);
	object->hop.blackhole = has_flag(header, NHA_BLACKHOLE);
	object->hop.dead = msg->nh_flags & RTNH_F_DEAD;
	object->hop.onlink = msg->nh_flags & RTNH_F_ONLINK;
	if (attributes[NHA_OIF])
		object->hop.ifindex = mnl_attr_get_u32(attributes[NHA_OIF]);
	if (gateway && mnl_attr_get_payload_len(gateway) >= length) {
		object->hop.family = msg->nh_family;
		memcpy(object->hop.gateway, mnl_attr_get_payload(gateway), length);
	}
	return 0;
}

int
nexthops_message(const struct nlmsghdr *header, void *argument)
{
	struct nexthops *nexthops = argument;
	const struct nlattr *attributes[NHA_MAX + 1];

	if (header->nlmsg_type != RTM_NEWNEXTHOP)
		return 0;
	if (mnl_nlmsg_get_payload_len(header) < sizeof(struct nhmsg)) {
		nexthops->malformed++;
		return 0;
	}
	if (!netlink_attributes(mnl_nlmsg_get_payload_offset(header, sizeof(struct nhmsg)),
		mnl_nlmsg_get_payload_len(header) - MNL_ALIGN(sizeof(struct nhmsg)), sizes,
		NHA_MAX + 1, attributes) ||
	    !attributes[NHA_ID]) {
		nexthops->malformed++;
		return 0;
	}
	/* Those of bridges forward no packets. */
	if (has_flag(header, NHA_FDB))
		return 0;
	if (attributes[NHA_GROUP])
		return add_members(
		    nexthops, mnl_attr_get_u32(attributes[NHA_ID]), attributes[NHA_GROUP]);
	return add_object(nexthops, header, attributes);
}

/* Both rows begin with the number they are found by. */
static int
compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

void
nexthops_sort(struct nexthops *nexthops)
{
	if (nexthops->objects.n > 1)
		qsort(nexthops->objects.data, nexthops->objects.n, sizeof(struct nexthop),
		    compare);
	if (nexthops->members.n > 1)
		qsort(nexthops->members.data, nexthops->members.n,
		    sizeof(struct nexthop_member), compare);
}

static void
forget(void *argument)
{
	struct nexthops *nexthops = argument;

	nexthops->objects.n = nexthops->members.n = 0;
}

int
nexthops_read(struct nexthops *nexthops, const struct pause *pause)
{
	struct {
		struct nlmsghdr header;
		struct nhmsg body;
	} request = {
		.header.nlmsg_len = sizeof(request),
		.header.nlmsg_type = RTM_GETNEXTHOP,
		.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
	};
	struct netlink_reader reader = {
		.message = nexthops_message,
		.argument = nexthops,
		.pause = *pause,
		.again = forget,
	};
	int error = netlink_dump(
	    NETLINK_ROUTE, &request.header, &reader, &nexthops->malformed);

	nexthops_sort(nexthops);
	return error == -EOPNOTSUPP ? 0 : error;
}

static int
each_object(const struct nexthops *nexthops, uint32_t id,
    int (*each)(const struct hop *, void *argument), void *argument)
{
	const struct nexthop *object = NULL;

	if (nexthops->objects.n > 0)
		object = bsearch(&id, nexthops->objects.data, nexthops->objects.n,
		    sizeof(struct nexthop), compare);
	return object ? each(&object->hop, argument) : 0;
}

int
nexthops_each(const struct nexthops *nexthops, uint32_t id,
    int (*each)(const struct hop *, void *argument), void *argument)
{
	const struct nexthop_member *member = nexthops->members.data, *first = NULL;
	size_t n = nexthops->members.n;
	int error = 0;

	if (n > 0)
		first = bsearch(&id, member, n, sizeof(*member), compare);
	if (!first)
		return each_object(nexthops, id, each, argument);
	while (first > member && first[-1].group == id)
		first--;
	for (; error == 0 && first < member + n && first->group == id; first++)
		error = each_object(nexthops, first->id, each, argument);
	return error;
}
