#include "outbox_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "outbox_refused.h"

/* Between tries to write what is in memory. */
enum { REWRITE_MS = 10000 };

void
outbox_store_note(struct outbox_store *s, int error)
{
	if (error && !s->is_failing)
		log_say(s->log, LOG_LEVEL_WARNING, NULL,
		    "Cannot write to %s/outbox: %s; messages wait in memory",
		    s->folder.run_root, strerror(error));
	if (!error && s->is_failing)
		log_say(s->log, LOG_LEVEL_INFO, NULL,
		    "Messages are written to %s/outbox again",
		    s->folder.run_root);
	s->is_failing = error != 0;
}

int
outbox_store_put(struct outbox_store *s, struct waiting *w, const char *message,
    size_t size, int64_t now_ms)
{
	if (!outbox_folder_write(
		&s->folder, w->name, &w->entry, message, size)) {
		if (!s->in_memory)
			outbox_store_note(s, 0);
		return 0;
	}
	outbox_store_note(s, errno);
	if (s->in_memory == OUTBOX_IN_MEMORY_MAX)
		return -1;
	w->bytes = malloc(size);
	if (!w->bytes)
		return -1;
	memcpy(w->bytes, message, size);
	w->size = size;
	if (!s->in_memory++)
		s->rewrite_ms = now_ms + REWRITE_MS;
	return 1;
}

void
outbox_store_write_memory(
    struct outbox_store *s, struct waiting_table *table, int64_t now_ms)
{
	s->rewrite_ms = now_ms + REWRITE_MS;
	for (size_t i = 0; i < table->count; i++) {
		struct waiting *w = waiting_at(table, i);

		if (!w->bytes || w->is_on_its_way)
			continue;
		if (outbox_folder_write(
			&s->folder, w->name, &w->entry, w->bytes, w->size))
			return;
		free(w->bytes);
		w->bytes = NULL;
		s->in_memory--;
	}
	outbox_store_note(s, 0);
}

/* A message in memory as a file that has no name. */
static int
open_memory(const struct waiting *w)
{
	int fd = memfd_create("runner-message", MFD_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = pwrite(fd, w->bytes, w->size, 0);
	if (n == (ssize_t)w->size)
		return fd;
	close(fd);
	return errno = ENOMEM, -1;
}

int
outbox_store_take(struct outbox_store *s, struct waiting *w)
{
	int fd;

	if (w->bytes) {
		fd = open_memory(w);
	} else {
		fd = outbox_folder_open_message(&s->folder, w->name);
		if (fd >= 0 && lseek(fd, (off_t)w->offset, SEEK_SET) >= 0)
			w->lock_fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	}
	w->is_on_its_way = fd >= 0;
	return fd;
}

void
outbox_store_give_back(struct waiting *w)
{
	w->is_on_its_way = false;
	if (w->lock_fd >= 0)
		close(w->lock_fd);
	w->lock_fd = -1;
}

bool
outbox_store_has_left(struct outbox_store *s, const struct waiting *w)
{
	return !w->bytes && !outbox_folder_has(&s->folder, w->name);
}

void
outbox_store_narrow(struct outbox_store *s, struct waiting *w)
{
	if (!w->bytes &&
	    outbox_folder_fill(&s->folder, w->name, w->entry.only,
		sizeof(w->entry.only), envelope_only_offset(w->offset)))
		log_say(s->log, LOG_LEVEL_WARNING, NULL,
		    "Cannot note in %s whom it has reached: %s", w->name,
		    strerror(errno));
}

void
outbox_store_remove(struct outbox_store *s, struct waiting *w)
{
	if (!w->bytes && outbox_folder_remove(&s->folder, w->name))
		log_say(s->log, LOG_LEVEL_WARNING, NULL,
		    "Cannot remove the delivered message %s: %s", w->name,
		    strerror(errno));
}

static int
move_to_refused(
    struct outbox_store *s, const char *name, const char *answer, size_t offset)
{
	size_t removed;

	if (outbox_refused_keep(&s->folder, name, answer, offset)) {
		log_say(s->log, LOG_LEVEL_WARNING, NULL,
		    "Cannot move %s to outbox/refused, it stays: %s", name,
		    strerror(errno));
		return -1;
	}
	removed = outbox_refused_trim(&s->folder, OUTBOX_REFUSED_MAX);
	if (removed)
		log_say(s->log, LOG_LEVEL_WARNING, NULL,
		    "Removed %zu of the oldest files of outbox/refused",
		    removed);
	return 0;
}

int
outbox_store_refuse(struct outbox_store *s, struct waiting *w)
{
	if (w->bytes) {
		if (outbox_folder_write(
			&s->folder, w->name, &w->entry, w->bytes, w->size))
			return -1;
		free(w->bytes);
		w->bytes = NULL;
		s->in_memory--;
	}
	return move_to_refused(s, w->name, w->entry.answer, w->offset);
}

void
outbox_store_refuse_damaged(struct outbox_store *s, const char *name)
{
	log_say(s->log, LOG_LEVEL_WARNING, NULL,
	    "Message %s is damaged, it goes to outbox/refused", name);
	move_to_refused(s, name, NULL, 0);
}

void
outbox_store_pass_over(struct outbox_store *s, const char *name)
{
	if (!s->has_passed)
		log_say(s->log, LOG_LEVEL_WARNING, NULL,
		    "Message %s is of a later version of runner, which is to "
		    "deliver it",
		    name);
	s->has_passed = true;
}

void
outbox_store_release(struct outbox_store *s, struct waiting *w)
{
	if (w->bytes) {
		free(w->bytes);
		w->bytes = NULL;
		s->in_memory--;
	}
	outbox_store_give_back(w);
}
