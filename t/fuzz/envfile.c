/*
 * Any bytes as an environment_file: an answer, never a crash or a read too far;
 * names are names, values hold no NUL, and a complaint shows no value.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/envfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
visit(const char *name, const char *value, void *data)
{
	size_t n = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
				"abcdefghijklmnopqrstuvwxyz0123456789");

	if (!n || name[n] || (*name >= '0' && *name <= '9')) {
		fprintf(stderr, "'%s' is no name\n", name);
		abort();
	}
	*(size_t *)data += n + strlen(value);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[64], why[256] = "";
	size_t total = 0;
	int fd = memfd_create("envfile", MFD_CLOEXEC);

	if (fd < 0 || fchmod(fd, 0600) ||
	    write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (!envfile_read(path, geteuid(), visit, &total, why, sizeof(why))) {
		if (total > size)
			abort();
	} else if (!*why || total) {
		fprintf(stderr, "an error without words, or half a file\n");
		abort();
	}
	close(fd);
	return 0;
}
