/*
 * Any bytes as a runner.conf and two files that it may include (parted by the
 * byte 0xff): an answer, never a crash, a hang or a leak; and what could be
 * read is printed so that it is read again as the same.
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

/*
 * libconfuse 3.3 loses the arguments of a call that ends in a syntax error, a
 * few bytes that nobody outside can reach.
 */
const char *
__lsan_default_suppressions(void)
{
	return "leak:libconfuse.so";
}

static char directory[] = "/tmp/fuzz-config-XXXXXX";

static void
remove_directory(void)
{
	if (chdir(directory))
		return;
	unlink("a");
	unlink("b");
	unlink("runner.conf");
	rmdir(directory);
}

static void
write_file(const char *name, const void *bytes, size_t size)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);

	if (fd < 0 || write(fd, bytes, size) != (ssize_t)size)
		abort();
	close(fd);
}

/* A directory of our own, with a file that the configuration can include. */
static const char *
own_directory(void)
{
	static bool is_made;

	if (is_made)
		return directory;
	is_made = true;
	if (!mkdtemp(directory))
		abort();
	atexit(remove_directory);
	/* A user's environment would change what is read. */
	unsetenv("RUNNER_CONF");
	return directory;
}

/* What is printed of the configuration; to be freed. */
static char *
print(const struct config *c, size_t *size)
{
	char *text = NULL;
	FILE *out = open_memstream(&text, size);

	if (!out)
		abort();
	config_print(c, out, true);
	fclose(out);
	return text;
}

static struct config *
read_config(const char *file, struct diagnostics *diagnostics)
{
	struct config_source source = {.file = file};

	diagnostics->count = diagnostics->left_out = 0;
	return config_read(&source, diagnostics);
}

/* Tasks are printed when they were looked up. */
static void
look_up_all(struct config *c, struct diagnostics *diagnostics)
{
	const char *const *name = config_task_names(c);

	for (; *name; name++)
		config_task(c, *name, diagnostics);
	for (size_t i = 0; i < c->chain_count; i++)
		for (char **w = c->chains[i].words; *w; w++)
			config_task(c, *w, diagnostics);
}

/* Printed, read and printed again it is the same, save what is hidden. */
static void
check_round_trip(
    struct config *c, const char *file, struct diagnostics *diagnostics)
{
	size_t size, size_again;
	char *text = print(c, &size), *text_again;
	struct config *again;

	if (!strstr(text, "***")) {
		write_file("runner.conf", text, size);
		again = read_config(file, diagnostics);
		if (!again) {
			fprintf(stderr, "%s\nin what was printed:\n%s",
			    diagnostics->text[0], text);
			abort();
		}
		look_up_all(again, diagnostics);
		text_again = print(again, &size_again);
		if (size != size_again || memcmp(text, text_again, size)) {
			fprintf(stderr, "%s\nand then\n%s", text, text_again);
			abort();
		}
		free(text_again);
		config_free(again);
	}
	free(text);
}

/* Each complaint says where, in one line. */
static void
check_complaints(const struct diagnostics *c)
{
	if (!c->count)
		abort();
	for (size_t i = 0; i < c->count; i++)
		if (!*c->text[i] || strchr(c->text[i], '\n'))
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"runner.conf", "a", "b"};
	static struct diagnostics diagnostics;
	static char file[64];
	struct config *c;

	snprintf(file, sizeof(file), "%s/runner.conf", own_directory());
	for (size_t i = 0; i < 3; i++) {
		const uint8_t *end = i < 2 ? memchr(data, 0xff, size) : NULL;
		size_t part = end ? (size_t)(end - data) : size;

		write_file(names[i], data, part);
		part += end != NULL;
		data += part;
		size -= part;
	}
	c = read_config(file, &diagnostics);
	if (!c) {
		check_complaints(&diagnostics);
		return 0;
	}
	diagnostics.count = 0;
	look_up_all(c, &diagnostics);
	check_round_trip(c, file, &diagnostics);
	config_free(c);
	return 0;
}
