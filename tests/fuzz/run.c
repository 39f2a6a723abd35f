// SPDX-License-Identifier: BSD-2-Clause
// Runs a fuzz target over its corpus and a fixed number of mutations of it; speaks TAP.
//
// usage: fuzz_TARGET [FOLDER]; the folder is else $SRCDIR/tests/fuzz/corpus/TARGET.
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "fuzz.h"

#define FILES_MAX 256
#define FILE_SIZE 8192
#define MUTATIONS 20000

struct input {
	size_t size;
	uint8_t data[FILE_SIZE];
};

static struct input files[FILES_MAX];
static size_t n_files;

/* The same numbers on every run. */
static uint32_t
random_below(uint32_t n)
{
	static uint64_t state = 0x2545f4914f6cdd1d;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 32) % n;
}

/* Hands over exactly its bytes, so that a sanitizer sees a read behind them. */
static void
run(const struct input *input)
{
	uint8_t *data = malloc(input->size ? input->size : 1);

	memcpy(data, input->data, input->size);
	LLVMFuzzerTestOneInput(data, input->size);
	free(data);
}

static void
load(const char *folder, const char *name)
{
	struct input *input = &files[n_files];
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "re");
	if (!file)
		return;
	input->size = fread(input->data, 1, sizeof(input->data), file);
	fclose(file);
	n_files++;
}

/* Loads a folder's files. Returns 0 or -errno. */
static int
load_all(const char *folder)
{
	struct dirent **names;
	int n = scandir(folder, &names, NULL, alphasort);

	if (n < 0)
		return -errno;
	for (int i = 0; i < n; i++) {
		if (names[i]->d_name[0] != '.' && n_files < FILES_MAX)
			load(folder, names[i]->d_name);
		free(names[i]);
	}
	free(names);
	return 0;
}

static void
insert(struct input *input, size_t at, const uint8_t *data, size_t size)
{
	if (size > FILE_SIZE - input->size)
		size = FILE_SIZE - input->size;
	memmove(input->data + at + size, input->data + at, input->size - at);
	memcpy(input->data + at, data, size);
	input->size += size;
}

static void
erase(struct input *input, size_t at, size_t size)
{
	if (size > input->size - at)
		size = input->size - at;
	memmove(input->data + at, input->data + at + size, input->size - at - size);
	input->size -= size;
}

/* Changes one thing. */
static void
mutate(struct input *input)
{
	static const uint8_t edges[] = { 0, 1, 0x7f, 0x80, 0xff, '\n', ' ', '0', '-' };
	static struct input piece;
	size_t at = random_below((uint32_t)input->size + 1), from;

	piece = files[random_below((uint32_t)n_files)];
	from = random_below((uint32_t)piece.size + 1);
	switch (random_below(6)) {
	case 0:
		if (at < input->size)
			input->data[at] ^= (uint8_t)(1 << random_below(8));
		break;
	case 1:
		if (at < input->size)
			input->data[at] = edges[random_below(sizeof(edges))];
		break;
	case 2:
		input->size = at;
		break;
	case 3:
		erase(input, at, 1 + random_below(16));
		break;
	case 4:
		insert(input, at, edges + random_below(sizeof(edges)), 1);
		break;
	case 5:
		insert(input, at, piece.data + from, piece.size - from);
		break;
	}
}

static void
run_mutations(void)
{
	static struct input input;

	for (int i = 0; i < MUTATIONS; i++) {
		input = files[random_below((uint32_t)n_files)];
		for (uint32_t left = 1 + random_below(5); left > 0; left--)
			mutate(&input);
		run(&input);
	}
}

int
main(int argc, char **argv)
{
	const char *source = getenv("SRCDIR"), *target = strstr(argv[0], "fuzz_");
	static struct input empty;
	char folder[2048];

	while (target && strstr(target + 1, "fuzz_"))
		target = strstr(target + 1, "fuzz_");
	snprintf(folder, sizeof(folder), "%s/tests/fuzz/corpus/%s", source ? source : ".",
	    target ? target + strlen("fuzz_") : "");
	load_all(argc > 1 ? argv[1] : folder);
	printf("1..3\n");
	printf("%sok 1 - %zu files to start from\n", n_files > 0 ? "" : "not ", n_files);
	fflush(stdout);
	if (n_files == 0)
		return EXIT_FAILURE;
	run(&empty);
	for (size_t i = 0; i < n_files; i++)
		run(&files[i]);
	printf("ok 2 - the files as they are\n");
	fflush(stdout);
	run_mutations();
	printf("ok 3 - %d mutations\n", MUTATIONS);
	return EXIT_SUCCESS;
}
