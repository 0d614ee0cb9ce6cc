/*
 * The main of a fuzz target without a fuzzer: runs it once on each file that is
 * named, or found below a directory that is named.  NAME.cases holds many
 * cases, each after a line with its size (t/fuzz/pack writes it).
 */
#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);
__attribute__((weak)) int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	return 0;
}

static size_t count;

static void
run_case(FILE *file, size_t size)
{
	uint8_t *bytes = malloc(size ? size : 1);

	/* Bounds are watched by the sanitizer: no byte more than the size. */
	if (!bytes || fread(bytes, 1, size, file) != size) {
		perror("a case");
		exit(1);
	}
	LLVMFuzzerTestOneInput(bytes, size);
	free(bytes);
	count++;
}

static int
replay(const char *path, const struct stat *st, int type, struct FTW *at)
{
	const char *suffix = strrchr(path, '.');
	size_t size;
	FILE *file;

	if (type != FTW_F)
		return 0;
	file = fopen(path, "re");
	if (!file) {
		perror(path);
		exit(1);
	}
	if (!suffix || strcmp(suffix, ".cases"))
		run_case(file, (size_t)st->st_size);
	else
		while (fscanf(file, "%zu%*1[\n]", &size) == 1)
			run_case(file, size);
	fclose(file);
	return 0;
}

int
main(int argc, char **argv)
{
	LLVMFuzzerInitialize(&argc, &argv);
	for (int i = 1; i < argc; i++)
		if (nftw(argv[i], replay, 16, FTW_PHYS)) {
			perror(argv[i]);
			return 1;
		}
	printf("# %s: %zu cases\n", argv[0], count);
	return !count;
}
