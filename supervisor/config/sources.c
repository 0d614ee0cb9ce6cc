#include "sources.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config_text.h"

enum { FILE_SIZE_MAX = 16 << 20, FILE_SIZE_FIRST = 4096 };

/*
 * Reads all of `fd`.  Returns 0; or -1 with errno, EFBIG when it has no end
 * that makes sense.
 */
static int
read_whole(int fd, struct source *s)
{
	size_t room = 0;
	ssize_t n;

	do {
		if (s->size == room) {
			char *grown;

			room = room ? 2 * room : FILE_SIZE_FIRST;
			grown = realloc(s->text, room);
			if (!grown)
				return -1;
			s->text = grown;
		}
		n = read(fd, s->text + s->size, room - s->size);
		if (n > 0)
			s->size += (size_t)n;
		if (s->size > FILE_SIZE_MAX)
			return errno = EFBIG, -1;
	} while (n > 0 || (n < 0 && errno == EINTR));
	return n < 0 ? -1 : 0;
}

static int
read_file(struct source *s)
{
	int fd = open(s->file, O_RDONLY | O_CLOEXEC);
	int failed = fd < 0 ? -1 : read_whole(fd, s);
	int error = errno;

	if (fd >= 0)
		close(fd);
	errno = error;
	return failed;
}

/* Makes the text fit to read, or complains and cuts it. */
static void
prepare(struct source *s, struct diagnostics *found)
{
	struct config_text_fault fault;

	if (!config_text_prepare(s->text, s->size, &fault))
		return;
	diagnostics_add_at(found, s->file, fault.line, "%s", fault.why);
	s->size = fault.offset;
	s->is_cut = true;
}

/* A new one without text; NULL: no memory. */
static struct source *
add_source(struct sources *s, const char *file)
{
	struct source *new =
	    realloc(s->list, (s->count + 1) * sizeof(*s->list));

	if (!new)
		return NULL;
	s->list = new;
	new += s->count;
	*new = (struct source){.file = strdup(file)};
	if (!new->file)
		return NULL;
	s->count++;
	return new;
}

const struct source *
sources_find(const struct sources *s, const char *file)
{
	for (size_t i = 0; i < s->count; i++)
		if (!strcmp(s->list[i].file, file))
			return &s->list[i];
	return NULL;
}

ssize_t
sources_load(struct sources *s, const char *file, const char *place, int line,
    struct diagnostics *found)
{
	const struct source *known = sources_find(s, file);
	struct source *new;

	if (known)
		return known->is_bad ? -1 : known - s->list;
	new = add_source(s, file);
	if (!new || read_file(new)) {
		diagnostics_add_at(found, place, line, "cannot read %s: %s",
		    line ? file : "it", strerror(errno));
		if (new)
			new->is_bad = true;
		return -1;
	}
	prepare(new, found);
	return new - s->list;
}

ssize_t
sources_add(struct sources *s, const char *name, const char *text,
    struct diagnostics *found)
{
	struct source *new = add_source(s, name);

	if (new)
		new->text = strdup(text);
	if (!new || !new->text) {
		diagnostics_add_at(found, name, 0, "%s", strerror(errno));
		return -1;
	}
	new->size = strlen(text);
	prepare(new, found);
	return new - s->list;
}

void
sources_release(struct sources *s)
{
	for (size_t i = 0; i < s->count; i++) {
		free(s->list[i].file);
		free(s->list[i].text);
	}
	free(s->list);
	*s = (struct sources){0};
}
