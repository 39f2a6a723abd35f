// SPDX-License-Identifier: BSD-2-Clause
// Fuzzes the OIDs of requests to a table whose rows never change, against a naive model.
//
// An input is a series of requests, one after another, as a walk is: an octet for the
// table, an octet for the number of sub-identifiers, and those: an octet below 0xf0 is the
// number itself, 0xf0 goes before four octets, 0xf1 and 0xf2 before two, others are 2^32-1
// minus what is missing to 0xff.
#include <stdbool.h>
#include <string.h>

#include "../unit/helpers.h"
#include "fuzz.h"

#define ROWS 400

/* What stays the same from one input to the next. */
struct subject {
	struct array rows;
	struct reader *readers[FAKE_TABLES];
	struct array instances[FAKE_TABLES];
};

static void
make_table(struct subject *subject, enum fake_table table, struct collector *collector)
{
	size_t n = table == FAKE_SCALARS ? 1 : ROWS;
	struct instance instance = { .n = 0 };
	struct value value;

	fake_source_set(subject->rows.data, n, 0);
	model_build(table, subject->rows.data, n, &subject->instances[table]);
	subject->readers[table] = reader_new(collector, &fake_tables[table]);
	CHECK(subject->readers[table]);
	/* The snapshot that this takes stays. */
	reader_begin(subject->readers[table]);
	CHECK(reader_next(subject->readers[table], NULL, 0, false, &instance, &value) ==
	      READ_FOUND);
}

/* The rows do not depend on the input: a found input must be found again. */
static struct subject *
make_subject(void)
{
	static struct subject subject;
	struct random random = { 20260101 };

	fake_make_rows(&random, FAKE_POOL, ROWS, &subject.rows);
	for (enum fake_table table = 0; table < FAKE_TABLES; table++)
		make_table(&subject, table, collector_new(&freshness_default));
	return &subject;
}

/* The next n octets as a big-endian number; those that are missing are zeros. */
static uint32_t
take_number(const uint8_t **data, const uint8_t *end, int n)
{
	uint32_t number = 0;

	for (; n > 0; n--)
		number = number << 8 | (*data < end ? *(*data)++ : 0);
	return number;
}

static uint32_t
take_subid(const uint8_t **data, const uint8_t *end)
{
	uint32_t octet = take_number(data, end, 1);

	if (octet < 0xf0)
		return octet;
	if (octet == 0xf0)
		return take_number(data, end, 4);
	if (octet <= 0xf2)
		return take_number(data, end, 2);
	return UINT32_MAX - (0xff - octet);
}

static void
check_next(struct reader *reader, const struct array *instances, const uint32_t *subid,
    size_t n, bool inclusive)
{
	size_t i = model_after(instances, subid, n, inclusive);
	const struct model_instance *expected;
	struct instance instance;
	struct value value;
	enum read_result result =
	    reader_next(reader, subid, n, inclusive, &instance, &value);

	if (i == instances->n) {
		CHECK(result == READ_END);
		return;
	}
	CHECK(result == READ_FOUND);
	expected = array_at(instances, i);
	CHECK(model_compare(instance.subid, instance.n, expected->name.subid,
	    expected->name.n) == 0);
	CHECK(value.type == VALUE_GAUGE32 && value.number == expected->value);
}

static void
check_get(
    struct reader *reader, const struct array *instances, const uint32_t *subid, size_t n)
{
	size_t i = model_after(instances, subid, n, true);
	const struct model_instance *next =
	    i < instances->n ? array_at(instances, i) : NULL;
	bool is_there =
	    next && model_compare(next->name.subid, next->name.n, subid, n) == 0;
	struct value value;
	enum read_result result = reader_get(reader, subid, n, &value);

	CHECK((result == READ_FOUND) == is_there);
	CHECK(
	    result == READ_FOUND || result == READ_NO_OBJECT || result == READ_NO_INSTANCE);
	if (is_there)
		CHECK(value.number == next->value);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct subject *subject;
	const uint8_t *end = data + size;

	if (!subject)
		subject = make_subject();
	while (data < end) {
		enum fake_table table = take_number(&data, end, 1) % FAKE_TABLES;
		size_t n = take_number(&data, end, 1) % (OID_MAX + 1);
		const struct array *instances = &subject->instances[table];
		uint32_t subid[OID_MAX];

		for (size_t i = 0; i < n; i++)
			subid[i] = take_subid(&data, end);
		check_get(subject->readers[table], instances, subid, n);
		check_next(subject->readers[table], instances, subid, n, false);
		check_next(subject->readers[table], instances, subid, n, true);
	}
	return 0;
}
