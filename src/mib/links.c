// SPDX-License-Identifier: BSD-2-Clause
// Network devices as IF-MIB sees them: which are shown, what state and type they have, what
// is above and below.
#include "links.h"

#include <fnmatch.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <string.h>

#include "tables.h"

/* --- which are shown --- */

void
link_settings_init(void *settings)
{
	memset(settings, 0, sizeof(struct link_settings));
}

bool
link_patterns_add(struct link_patterns *patterns, const char *pattern)
{
	if (patterns->n == LINK_PATTERNS_MAX || strlen(pattern) >= LINK_PATTERN_SIZE)
		return false;
	memcpy(patterns->text[patterns->n++], pattern, strlen(pattern) + 1);
	return true;
}

static bool
matches(const struct link_patterns *patterns, const char *name)
{
	for (uint32_t i = 0; i < patterns->n; i++)
		if (fnmatch(patterns->text[i], name, 0) == 0)
			return true;
	return false;
}

bool
link_is_shown(const struct link_settings *settings, const char *name)
{
	return (settings->include.n == 0 || matches(&settings->include, name)) &&
	    !matches(&settings->exclude, name);
}

bool
link_shown_as(const struct link_settings *settings, const struct link *link,
    char name[LINK_NAME_SIZE])
{
	memset(name, 0, LINK_NAME_SIZE);
	octets_to_text(link->name, name, LINK_NAME_SIZE);
	return link_is_shown(settings, name);
}

bool
link_notifies(const struct link_settings *settings, const char *name, bool has_below)
{
	return settings->notify_named ? matches(&settings->notify, name) : !has_below;
}

/* --- states --- */

enum admin_status
link_admin_status(const struct link *link)
{
	return link->flags & IFF_UP ? ADMIN_UP : ADMIN_DOWN;
}

#define FLAG_LOWER_UP 0x10000 /* IFF_LOWER_UP of linux/if.h: there is a carrier */

/* IF_OPER_… of linux/if.h (RFC 2863 in the order of the kernel) to ifOperStatus. */
static const uint8_t oper_states[] = {
	[0] = OPER_UNKNOWN,
	[1] = OPER_NOT_PRESENT,
	[2] = OPER_DOWN,
	[3] = OPER_LOWER_LAYER_DOWN,
	[4] = OPER_TESTING,
	[5] = OPER_DORMANT,
	[6] = OPER_UP,
};

enum oper_status
link_oper_status(const struct link *link)
{
	enum oper_status status = OPER_UNKNOWN;

	if (link->operstate < ARRAY_LENGTH(oper_states))
		status = oper_states[link->operstate];
	if (status != OPER_UNKNOWN)
		return status;
	if (!(link->flags & IFF_UP))
		return OPER_DOWN;
	return link->flags & FLAG_LOWER_UP ? OPER_UP : OPER_UNKNOWN;
}

/* --- types --- */

/* IFLA_INFO_KIND to IANAifType; whether IFLA_LINK is the device below. Kinds that are not
 * here have the type of their hardware. */
static const struct kind {
	const char *name;
	uint16_t type;
	bool layered;
} kinds[] = {
	{ "amt", IF_TYPE_TUNNEL, true },
	{ "bareudp", IF_TYPE_TUNNEL, false },
	{ "bond", 161, false },	  /* ieee8023adLag */
	{ "bridge", 209, false }, /* bridge */
	{ "dummy", 53, false },	  /* propVirtual */
	{ "erspan", IF_TYPE_TUNNEL, true },
	{ "geneve", IF_TYPE_TUNNEL, false },
	{ "gre", IF_TYPE_TUNNEL, true },
	{ "gretap", IF_TYPE_TUNNEL, true },
	{ "gtp", 216, false }, /* gtp */
	{ "hsr", 53, false },
	{ "ifb", 53, false },
	{ "ip6erspan", IF_TYPE_TUNNEL, true },
	{ "ip6gre", IF_TYPE_TUNNEL, true },
	{ "ip6gretap", IF_TYPE_TUNNEL, true },
	{ "ip6tnl", IF_TYPE_TUNNEL, true },
	{ "ipip", IF_TYPE_TUNNEL, true },
	{ "ipoib", 199, true }, /* infiniband */
	{ "ipvlan", 53, true },
	{ "ipvtap", 53, true },
	{ "macsec", 231, true }, /* macSecControlledIF */
	{ "macvlan", IF_TYPE_ETHERNET, true },
	{ "macvtap", IF_TYPE_ETHERNET, true },
	{ "nlmon", 53, false },
	{ "ovpn", IF_TYPE_TUNNEL, false },
	{ "pfcp", IF_TYPE_TUNNEL, false },
	{ "ppp", 23, false },	/* ppp */
	{ "rmnet", 243, true }, /* wwanPP */
	{ "sit", IF_TYPE_TUNNEL, true },
	{ "team", 161, false },
	{ "vlan", 135, true }, /* l2vlan */
	{ "vrf", 53, false },
	{ "vti", IF_TYPE_TUNNEL, true },
	{ "vti6", IF_TYPE_TUNNEL, true },
	{ "vxlan", IF_TYPE_TUNNEL, true },
	{ "wireguard", IF_TYPE_TUNNEL, false },
	{ "wwan", 243, false },
	{ "xfrm", IF_TYPE_TUNNEL, true },
};

/* ARPHRD_… (linux/if_arp.h) to IANAifType; what is not here is other(1). */
static const struct {
	uint16_t hardware, type;
} hardware_types[] = {
	{ ARPHRD_ETHER, IF_TYPE_ETHERNET }, { ARPHRD_LOOPBACK, IF_TYPE_LOOPBACK },
	{ ARPHRD_PPP, 23 }, { ARPHRD_SLIP, 28 }, { ARPHRD_CSLIP, 28 }, { ARPHRD_SLIP6, 28 },
	{ ARPHRD_CSLIP6, 28 }, { ARPHRD_TUNNEL, IF_TYPE_TUNNEL },
	{ ARPHRD_TUNNEL6, IF_TYPE_TUNNEL }, { ARPHRD_SIT, IF_TYPE_TUNNEL },
	{ ARPHRD_IPGRE, IF_TYPE_TUNNEL }, { 823 /* ARPHRD_IP6GRE */, IF_TYPE_TUNNEL },
	{ ARPHRD_NONE, IF_TYPE_TUNNEL }, { ARPHRD_INFINIBAND, 199 }, { ARPHRD_ATM, 37 },
	{ ARPHRD_IEEE1394, 144 }, { ARPHRD_IEEE80211, IF_TYPE_WIRELESS },
	{ ARPHRD_IEEE80211_PRISM, IF_TYPE_WIRELESS },
	{ ARPHRD_IEEE80211_RADIOTAP, IF_TYPE_WIRELESS }, { ARPHRD_IEEE802154, 259 },
	{ 805 /* ARPHRD_IEEE802154_MONITOR */, 259 }, { ARPHRD_AX25, 298 },
	{ ARPHRD_HDLC, 118 }, { ARPHRD_RAWHDLC, 118 }, { ARPHRD_LAPB, 16 },
	{ ARPHRD_X25, 5 }, { ARPHRD_DLCI, 32 }, { ARPHRD_FRAD, 32 }, { ARPHRD_FDDI, 15 },
	{ ARPHRD_HIPPI, 47 }, { ARPHRD_FCPP, 56 }, { ARPHRD_FCAL, 56 }, { ARPHRD_FCPL, 56 },
	{ ARPHRD_FCFABRIC, 56 }, { ARPHRD_IEEE802, 9 }, { ARPHRD_IEEE802_TR, 9 },
	{ ARPHRD_ARCNET, 35 }, { ARPHRD_RAWIP, 243 }, /* of modems */
};

static const struct kind *
find_kind(const struct link *link)
{
	if (link->kind.n == 0)
		return NULL;
	for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++)
		if (kinds[i].name[0] == link->kind.at[0] &&
		    octets_are(link->kind, kinds[i].name))
			return &kinds[i];
	return NULL;
}

uint32_t
link_type(const struct link *link)
{
	const struct kind *kind = find_kind(link);

	if (kind)
		return kind->type;
	for (size_t i = 0; i < ARRAY_LENGTH(hardware_types); i++)
		if (hardware_types[i].hardware == link->hardware)
			return hardware_types[i].type;
	return IF_TYPE_OTHER;
}

/* --- above and below --- */

uint32_t
link_above(const struct link *link)
{
	return link->vrf_port ? 0 : link->master;
}

uint32_t
link_below(const struct link *link)
{
	const struct kind *kind = link->other ? find_kind(link) : NULL;

	return kind && kind->layered ? link->other : 0;
}

struct octets
link_address(const struct link *link)
{
	switch (link->hardware) {
	case ARPHRD_LOOPBACK:
	case ARPHRD_TUNNEL:
	case ARPHRD_TUNNEL6:
	case ARPHRD_SIT:
	case ARPHRD_IPGRE:
	case 823 /* ARPHRD_IP6GRE */:
		return (struct octets){ NULL, 0 };
	default:
		return link->address;
	}
}
