// SPDX-License-Identifier: BSD-2-Clause
// Walking tables once, to a stream, in the form of snmpwalk -On.
#include "walk.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>

#include "table/reader.h"

/* As snmpwalk prints an OCTET STRING of which no MIB tells it more: as text where all of it
 * is text. */
static void
print_octets(const struct octets *octets, FILE *out)
{
	bool text = true;

	for (size_t i = 0; i < octets->n; i++)
		text = text && (isprint(octets->at[i]) || isspace(octets->at[i]));
	if (!text) {
		fputs("Hex-STRING: ", out);
		for (size_t i = 0; i < octets->n; i++)
			fprintf(out, "%02X ", octets->at[i]);
		return;
	}
	fputs(octets->n > 0 ? "STRING: \"" : "\"", out);
	for (size_t i = 0; i < octets->n; i++) {
		if (octets->at[i] == '"' || octets->at[i] == '\\')
			fputc('\\', out);
		fputc(octets->at[i], out);
	}
	fputc('"', out);
}

static void
print_value(const struct value *value, FILE *out)
{
	uint32_t n = value->number;

	switch (value->type) {
	case VALUE_INTEGER:
		fprintf(out, "INTEGER: %" PRId32, value->integer);
		break;
	case VALUE_COUNTER32:
		fprintf(out, "Counter32: %" PRIu32, n);
		break;
	case VALUE_GAUGE32:
		fprintf(out, "Gauge32: %" PRIu32, n);
		break;
	case VALUE_COUNTER64:
		fprintf(out, "Counter64: %" PRIu64, value->counter64);
		break;
	case VALUE_IPADDRESS:
		fprintf(out, "IpAddress: %u.%u.%u.%u", n >> 24, n >> 16 & 0xff,
		    n >> 8 & 0xff, n & 0xff);
		break;
	case VALUE_OBJECT_ID:
		fputs("OID: ", out);
		for (unsigned i = 0; i < value->object_id.n; i++)
			fprintf(out, ".%" PRIu32, value->object_id.subid[i]);
		break;
	case VALUE_OCTETS:
		print_octets(&value->octets, out);
		break;
	case VALUE_TIMETICKS:
		/* There is no agent here whose sysUpTime could have begun. */
		fputs("Timeticks: (0) 0:00:00.00", out);
		break;
	}
}

/* How far the walk of one table is. */
struct step {
	struct reader *reader;
	enum read_result result;
	struct instance instance;
	struct value value;
};

static void
advance(struct step *step)
{
	step->result = reader_next(step->reader, step->instance.subid, step->instance.n,
	    false, &step->instance, &step->value);
}

/* The i-th sub-identifier of where a step is; false behind the last. */
static bool
subid_at(const struct step *step, size_t i, uint32_t *ret_subid)
{
	const struct table *table = reader_table(step->reader);

	if (i < table->root_length)
		*ret_subid = table->root[i];
	else if (i - table->root_length < step->instance.n)
		*ret_subid = step->instance.subid[i - table->root_length];
	else
		return false;
	return true;
}

/* No two steps are at the same OID. */
static bool
is_before(const struct step *a, const struct step *b)
{
	uint32_t x, y;

	for (size_t i = 0; subid_at(a, i, &x); i++) {
		if (!subid_at(b, i, &y))
			return false;
		if (x != y)
			return x < y;
	}
	return true;
}

static void
print_step(const struct step *step, FILE *out)
{
	uint32_t subid;

	for (size_t i = 0; subid_at(step, i, &subid); i++)
		fprintf(out, ".%" PRIu32, subid);
	fputs(" = ", out);
	print_value(&step->value, out);
	fputc('\n', out);
}

/* The step that comes first; NULL when all are at their end. */
static struct step *
first_step(struct step *steps, size_t n)
{
	struct step *first = NULL;

	for (struct step *step = steps; step < steps + n; step++)
		if (step->result == READ_FOUND && (!first || is_before(step, first)))
			first = step;
	return first;
}

int
walk_print(struct reader *const *readers, size_t n, FILE *out)
{
	struct step steps[WALK_READERS_MAX], *step;
	int error = 0;

	for (size_t i = 0; i < n; i++) {
		steps[i] = (struct step){ .reader = readers[i] };
		reader_begin(readers[i]);
		advance(&steps[i]);
	}
	while ((step = first_step(steps, n))) {
		print_step(step, out);
		advance(step);
	}
	for (size_t i = 0; i < n; i++) {
		reader_end(readers[i]);
		if (steps[i].result == READ_NO_DATA)
			error = -EAGAIN;
	}
	if (error == 0 && (fflush(out) != 0 || ferror(out)))
		error = -EIO;
	return error;
}
