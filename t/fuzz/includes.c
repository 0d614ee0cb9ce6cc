/*
 * Any pattern of include and any bytes in three files that it may mean, with
 * any modes, in circles too: an answer, never a crash, a hang or a leak, and
 * what others can write is not used.
 *
 * The input's parts end with 0xff: the pattern, then the files; the first byte
 * says which files others can write.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libconfuse 3.3 loses a few bytes: see config.c. */
const char *
__lsan_default_suppressions(void)
{
	return "leak:libconfuse.so";
}

enum { FILES = 3, PATTERN_SIZE = 64 };

static const char *const names[FILES] = {
    "conf.d/a.conf", "conf.d/b.conf", "conf.d/sub/c"};
static char directory[] = "/tmp/fuzz-includes-XXXXXX";

static const char *
below(const char *name)
{
	static char path[64];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return path;
}

static void
remove_directory(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", directory);
	if (system(command))
		abort();
}

static void
write_file(const char *name, const void *bytes, size_t size, mode_t mode)
{
	int fd = open(below(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, bytes, size) != (ssize_t)size ||
	    fchmod(fd, mode))
		abort();
	close(fd);
}

/* The next part of the input. */
static size_t
take(const uint8_t **data, size_t *size, const uint8_t **part)
{
	const uint8_t *end = *size ? memchr(*data, 0xff, *size) : NULL;
	size_t n = end ? (size_t)(end - *data) : *size;

	*part = *data;
	*data += n + (end != NULL);
	*size -= n + (end != NULL);
	return n;
}

/* Below our directory, and a string of libconfuse. */
static size_t
make_line(char line[2 * PATTERN_SIZE], const uint8_t *part, size_t n)
{
	size_t length = (size_t)sprintf(line, "include(\"conf.d/");

	for (size_t i = 0; i < n && i < PATTERN_SIZE; i++)
		if (part[i] > ' ' && part[i] < 0x7f &&
		    !strchr("\"\\$", part[i]) &&
		    !(part[i] == '.' && line[length - 1] == '.'))
			line[length++] = (char)part[i];
	return length + (size_t)sprintf(line + length, "\")\n");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct diagnostics diagnostics;
	static bool is_ready;
	struct config_source source = {0};
	char line[2 * PATTERN_SIZE];
	const uint8_t *part;
	struct config *c;
	unsigned modes;
	size_t n;

	if (!is_ready) {
		is_ready = true;
		unsetenv("RUNNER_CONF");
		if (!mkdtemp(directory) || mkdir(below("conf.d"), 0700) ||
		    mkdir(below("conf.d/sub"), 0700))
			abort();
		atexit(remove_directory);
	}
	if (!size)
		return 0;
	modes = *data++;
	size--;
	n = take(&data, &size, &part);
	n = make_line(line, part, n);
	write_file("runner.conf", line, n, 0600);
	for (unsigned i = 0; i < FILES; i++) {
		n = take(&data, &size, &part);
		write_file(names[i], part, n, modes >> i & 1 ? 0666 : 0600);
	}
	diagnostics.count = diagnostics.left_out = 0;
	source.file = below("runner.conf");
	c = config_read(&source, &diagnostics);
	if (!c && !diagnostics.count)
		abort();
	for (size_t i = 0; !c && i < diagnostics.count; i++)
		if (!*diagnostics.text[i] || strchr(diagnostics.text[i], '\n'))
			abort();
	config_free(c);
	return 0;
}
