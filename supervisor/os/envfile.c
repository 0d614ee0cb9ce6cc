#include "envfile.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"

static const char *
fault_of_file(int fd, uid_t also)
{
	struct stat st;

	if (fstat(fd, &st))
		return strerror(errno);
	if (!S_ISREG(st.st_mode))
		return "is not a regular file";
	if (st.st_mode & (S_IRWXG | S_IRWXO))
		return "is open to group or others; chmod 600 it";
	if (st.st_uid && st.st_uid != geteuid() && st.st_uid != also)
		return "belongs to another user";
	if (st.st_size > ENVFILE_SIZE_MAX)
		return "is longer than 64 KiB";
	return NULL;
}

/* Reads the whole file.  Returns what is wrong, or NULL. */
static const char *
read_whole(const char *path, uid_t also, char text[ENVFILE_SIZE_MAX + 1])
{
	/* Non-blocking: a FIFO in its place must not hold us up. */
	int fd = open(path, O_RDONLY | FILE_NAMED);
	const char *fault = fd < 0 ? strerror(errno) : fault_of_file(fd, also);
	ssize_t n = fault ? 0 : read(fd, text, ENVFILE_SIZE_MAX);

	if (n < 0)
		fault = strerror(errno);
	else if (memchr(text, '\0', (size_t)n))
		fault = "holds a NUL byte";
	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	return fault;
}

static bool
is_name(const char *s, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)s[i]) && s[i] != '_')
			return false;
	return length && !isdigit((unsigned char)*s);
}

/* The value without its pair of quotes; the line ends with a NUL. */
static char *
unquote(char *value)
{
	size_t length = strlen(value);

	if (length < 2 || (*value != '"' && *value != '\'') ||
	    value[length - 1] != *value)
		return value;
	value[length - 1] = '\0';
	return value + 1;
}

/*
 * Returns the number of the first line that is wrong, or 0.  Who visits cuts
 * the text into lines.  An editor's byte order mark is none of them.
 */
static int
walk(char *text, envfile_visitor *visit, void *data)
{
	int number = 1;

	if (!strncmp(text, "\xef\xbb\xbf", 3))
		text += 3;
	for (char *next; *text; text = next, number++) {
		size_t length = strcspn(text, "\n");
		char *equals = memchr(text, '=', length);

		next = text + length + (text[length] == '\n');
		if (length && text[length - 1] == '\r')
			length--;
		if (!length || *text == '#')
			continue;
		if (!equals || !is_name(text, (size_t)(equals - text)))
			return number;
		if (!visit)
			continue;
		text[length] = *equals = '\0';
		visit(text, unquote(equals + 1), data);
	}
	return 0;
}

int
envfile_read(const char *path, uid_t also, envfile_visitor *visit, void *data,
    char *why, size_t why_size)
{
	char text[ENVFILE_SIZE_MAX + 1];
	const char *fault = read_whole(path, also, text);
	int line = fault ? 0 : walk(text, NULL, NULL);

	if (!fault && !line)
		walk(text, visit, data);
	if (fault)
		snprintf(why, why_size, "%s: %s", path, fault);
	else if (line)
		snprintf(why, why_size, "%s:%d: is not NAME=VALUE", path, line);
	return fault || line ? -1 : 0;
}
