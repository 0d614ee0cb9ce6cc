/*
 * scratch: a directory of the test's own, and files read whole.
 *
 * The directory is removed by scratch_release(); a test that fails leaves
 * nothing behind either, it has printed its evidence.
 */
#ifndef RUNNER_SCRATCH_H
#define RUNNER_SCRATCH_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct scratch {
	char directory[64];
};

static inline void
scratch_init(struct scratch *s)
{
	strcpy(s->directory, "/tmp/runner-test-XXXXXX");
	if (!mkdtemp(s->directory)) {
		perror("mkdtemp");
		exit(1);
	}
}

static inline int
scratch_remove(
    const char *path, const struct stat *st, int what, struct FTW *where)
{
	return remove(path);
}

static inline void
scratch_release(struct scratch *s)
{
	nftw(s->directory, scratch_remove, 16, FTW_DEPTH | FTW_PHYS);
}

/* "DIRECTORY/NAME", for the caller to free. */
static inline char *
scratch_path(const struct scratch *s, const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s", s->directory, name) < 0)
		exit(1);
	return path;
}

/*
 * The whole file, ended by a NUL, for the caller to free; `size` may be NULL.
 * NULL when there is no such file.
 */
static inline char *
scratch_read(const char *path, size_t *size)
{
	FILE *f = fopen(path, "r");
	char *bytes = NULL;
	size_t n = 0, got = 0;

	if (!f)
		return NULL;
	do {
		n += got;
		bytes = realloc(bytes, n + 65536 + 1);
		if (!bytes)
			exit(1);
		got = fread(bytes + n, 1, 65536, f);
	} while (got);
	fclose(f);
	bytes[n] = '\0';
	if (size)
		*size = n;
	return bytes;
}

#endif
