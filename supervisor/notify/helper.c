#include "helper.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "os/process.h"
#include "runner_notify.h"

void
helper_init(struct helper *h)
{
	child_init(&h->child);
	h->answer_size = 0;
}

char *
helper_find(void)
{
	static const char name[] = "runner-notify";
	char path[4096 + sizeof(name)];
	ssize_t n = readlink("/proc/self/exe", path, 4096 - 1);

	path[n > 0 ? n : 0] = '\0';
	strcpy(n > 0 ? strrchr(path, '/') + 1 : path, name);
	return strdup(n > 0 && !access(path, X_OK) ? path
						   : RUNNER_LIBEXECDIR
			  "/runner-notify");
}

int
helper_start(struct helper *h, const char *path, const struct text *job,
    int message_fd, int64_t timeout_ms, int64_t now_ms)
{
	if (job->is_short) {
		errno = E2BIG;
		return -1;
	}
	if (spawn_helper(path, job->data, job->length, message_fd, &h->child))
		return -1;
	h->answer_size = 0;
	h->started_ms = now_ms;
	child_limit(&h->child, timeout_ms + PROCESS_KILL_MARGIN_MS, now_ms);
	return 0;
}

void
helper_read(struct helper *h)
{
	char bytes[1024];
	ssize_t n;

	while (h->child.out_fd >= 0) {
		n = read(h->child.out_fd, bytes, sizeof(bytes));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0) {
			close(h->child.out_fd);
			h->child.out_fd = -1;
			return;
		}
		/* The last line decides: when there is too much, keep that. */
		if (h->answer_size + (size_t)n > HELPER_ANSWER_SIZE - 1) {
			size_t keep = HELPER_ANSWER_SIZE / 2;

			if (keep > h->answer_size)
				keep = h->answer_size;
			memmove(
			    h->answer, h->answer + h->answer_size - keep, keep);
			h->answer_size = keep;
		}
		memcpy(h->answer + h->answer_size, bytes, (size_t)n);
		h->answer_size += (size_t)n;
	}
}

static enum helper_result
result_of(int wait_status)
{
	if (!WIFEXITED(wait_status))
		return HELPER_LATER;
	switch (WEXITSTATUS(wait_status)) {
	case EX_OK:
		return HELPER_DONE;
	case EX_UNAVAILABLE:
		return HELPER_REFUSED;
	default:
		/* Also a fault of ours: the message stays. */
		return HELPER_LATER;
	}
}

enum helper_result
helper_finish(
    struct helper *h, int wait_status, const char **last, const char **before)
{
	char *line;

	helper_read(h);
	child_close(&h->child);
	while (h->answer_size && h->answer[h->answer_size - 1] == '\n')
		h->answer_size--;
	h->answer[h->answer_size] = '\0';
	line = memrchr(h->answer, '\n', h->answer_size);
	*before = h->answer + h->answer_size; /* empty */
	*last = h->answer;
	if (line) {
		*line = '\0';
		*before = h->answer;
		*last = line + 1;
	}
	if (!**last)
		*last = WIFSIGNALED(wait_status) ? "the helper was killed"
						 : "the helper said nothing";
	return result_of(wait_status);
}
