// SPDX-License-Identifier: BSD-2-Clause
// Prints every column that is served, one a line: name, OID, type, enumeration; tabs between.
#include <stdio.h>

#include "mib/tables.h"

static const char *const types[] = {
	[VALUE_INTEGER] = "INTEGER",
	[VALUE_COUNTER32] = "Counter32",
	[VALUE_GAUGE32] = "Gauge32",
	[VALUE_COUNTER64] = "Counter64",
	[VALUE_IPADDRESS] = "IpAddress",
	[VALUE_OBJECT_ID] = "OID",
	[VALUE_OCTETS] = "OCTET-STRING",
	[VALUE_TIMETICKS] = "TimeTicks",
};

static void
print_column(const struct table *table, const struct column *column)
{
	const char *comma = "";

	printf("%s\t", column->name);
	for (size_t i = 0; i < table->root_length; i++)
		printf("%u.", table->root[i]);
	printf("%s%u\t%s\t", table->scalars ? "" : "1.", column->number, types[column->type]);
	for (const struct label *label = column->labels; label && label->name; label++) {
		printf("%s%s(%d)", comma, label->name, label->value);
		comma = ",";
	}
	putchar('\n');
}

int
main(void)
{
	for (const struct table *const *table = tables_all; *table; table++)
		for (size_t i = 0; i < (*table)->n_columns; i++)
			print_column(*table, &(*table)->columns[i]);
	return 0;
}
