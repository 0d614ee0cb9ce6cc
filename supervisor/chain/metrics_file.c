#include "metrics_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "metrics/metrics.h"
#include "os/file.h"
#include "os/pages.h"
#include "outbox/outbox_look.h"

/* Room for every metric of a chain or task with names as long as can be. */
enum { CHAIN_BYTES = 16 << 10, TASK_BYTES = 12 << 10, FILE_MODE = 0644 };

int
metrics_file_open(struct metrics_file *m, size_t task_count)
{
	m->size = CHAIN_BYTES + task_count * TASK_BYTES;
	m->bytes = pages_new(m->size);
	if (m->bytes)
		m->out = fmemopen(m->bytes, m->size, "w");
	return m->out ? 0 : -1;
}

void
metrics_file_close(struct metrics_file *m)
{
	if (m->out)
		fclose(m->out);
	pages_free(m->bytes, m->size);
	*m = (struct metrics_file){0};
}

/* Writes them into memory; returns how many bytes, or 0 with errno. */
static size_t
compose(struct metrics_file *m, const struct records *records)
{
	struct refused_channel rows[STATE_CHANNELS];
	struct chain_record all = records->chain;
	size_t count = outbox_look_refused(
	    records->run_root, records->chain.name, rows, STATE_CHANNELS);
	struct metrics_chain chain = {
	    .name = records->chain.name,
	    .is_running = !records->chain.is_ended,
	    .is_declared = records->chain.is_declared,
	    .is_readable = true,
	    .chain = &all,
	    .tasks = records->tasks,
	    .task_count = records->task_count,
	};

	outbox_look(records->run_root, &all);
	while (count)
		chain.refused += rows[--count].count;
	rewind(m->out);
	metrics_write(m->out, &chain, 1);
	if (fflush(m->out) || ferror(m->out))
		return errno = ENOSPC, 0;
	return (size_t)ftell(m->out);
}

static int
replace(const char *dir, const char *chain, const char *bytes, size_t size)
{
	struct stat owner;
	int fd = file_open_led(dir, O_PATH | O_DIRECTORY, 0, &owner), error;
	struct file_draft draft = {.fd = -1};
	char name[STATE_NAME_SIZE + 16];

	if (fd < 0)
		return -1;
	snprintf(name, sizeof(name), "runner-%s.prom", chain);
	if (!file_draft_open(&draft, fd, FILE_MODE)) {
		if (file_write_all(draft.fd, bytes, size))
			file_draft_drop(&draft);
		else if (file_draft_rename(&draft, name))
			draft.fd = -1;
	}
	error = errno;
	close(fd);
	if (draft.fd < 0)
		return errno = error, -1;
	close(draft.fd);
	return 0;
}

void
metrics_file_write(
    struct metrics_file *m, const char *dir, struct records *records)
{
	const char *chain = records->chain.name;
	size_t size;

	if (!dir)
		return;
	size = compose(m, records);
	if (size && !replace(dir, chain, m->bytes, size)) {
		if (m->is_failing)
			log_say(records->log, LOG_LEVEL_INFO, NULL,
			    "The metrics of %s are written again", chain);
		m->is_failing = false;
		return;
	}
	if (!m->is_failing)
		log_say(records->log, LOG_LEVEL_WARNING, NULL,
		    "Could not write %s/runner-%s.prom: %s", dir, chain,
		    strerror(errno));
	m->is_failing = true;
	records_count_error(records);
}
