/*
 * The main of a fuzz target without a fuzzer: runs it once on each file that is
 * named, or found below a directory that is named.
 */
#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);
__attribute__((weak)) int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	return 0;
}

static size_t count;

static int
replay(const char *path, const struct stat *st, int type, struct FTW *at)
{
	FILE *file;
	uint8_t *bytes;
	size_t size;

	if (type != FTW_F)
		return 0;
	file = fopen(path, "re");
	bytes = malloc((size_t)st->st_size + 1);
	if (!file || !bytes) {
		perror(path);
		exit(1);
	}
	size = fread(bytes, 1, (size_t)st->st_size, file);
	fclose(file);
	/* Bounds are watched by the sanitizer: no byte more than the size. */
	bytes = realloc(bytes, size ? size : 1);
	LLVMFuzzerTestOneInput(bytes, size);
	free(bytes);
	count++;
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
