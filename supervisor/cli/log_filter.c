#include "log_filter.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "log/line.h"

/* What a line is to a task. */
enum line_kind { LINE_OTHER, LINE_OF_TASK, LINE_ENDS_RUN, LINE_INTERRUPTS_RUN };

/* What follows "[TASK] " in a line of the task; NULL: it is none. */
static const char *
text_of_task(const char *line, size_t size, const char *task)
{
	const char *at = line, *end = line + size;
	size_t length = strlen(task);

	/* "<N>", or the instant and the level, or the level. */
	for (int field = 0; field < 2 && at < end && *at != '['; field++) {
		const char *next =
		    memchr(at, *line == '<' ? '>' : ' ', (size_t)(end - at));

		if (!next)
			return NULL;
		at = next + 1;
	}
	if ((size_t)(end - at) < length + 3 || *at != '[' ||
	    memcmp(at + 1, task, length) || memcmp(at + 1 + length, "] ", 2))
		return NULL;
	return at + length + 3;
}

static bool
has_member(const char *line, size_t size, const char *key, const char *value)
{
	char member[LINE_NAME_MAX + 16];

	snprintf(member, sizeof(member), "\"%s\":\"%s\"", key, value);
	return memmem(line, size, member, strlen(member));
}

/* The same of a line in JSON; of output it is empty. */
static const char *
json_text_of_task(const char *line, size_t size, const struct log_filter *f)
{
	static const char own[] = "\"stream\":null,\"msg\":\"";
	const char *text;

	if (!has_member(line, size, "task", f->task) ||
	    (f->chain && !has_member(line, size, "chain", f->chain)))
		return NULL;
	text = memmem(line, size, own, strlen(own));
	return text ? text + strlen(own) : line + size;
}

static enum line_kind
kind_of(const char *line, size_t size, const struct log_filter *f)
{
	static const struct {
		const char *text;
		enum line_kind kind;
	} ends[] = {
	    {"Execution successful", LINE_ENDS_RUN},
	    {"Execution failed", LINE_ENDS_RUN},
	    {"Execution interrupted", LINE_INTERRUPTS_RUN},
	};
	const char *text = *line == '{' ? json_text_of_task(line, size, f)
					: text_of_task(line, size, f->task);

	if (!text)
		return LINE_OTHER;
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if ((size_t)(line + size - text) >= strlen(ends[i].text) &&
		    !memcmp(text, ends[i].text, strlen(ends[i].text)))
			return ends[i].kind;
	return LINE_OF_TASK;
}

void
log_filter_take(struct log_filter *f, const char *bytes, size_t size,
    log_filter_put *put, void *data)
{
	while (size) {
		const char *stop = memchr(bytes, '\n', size);
		size_t n = stop ? (size_t)(stop - bytes) + 1 : size;
		enum line_kind kind = kind_of(bytes, n, f);
		bool is_wanted =
		    kind != LINE_OTHER && (!f->run || f->runs + 1 == f->run);

		f->lines += is_wanted;
		if (is_wanted && put && f->lines >= f->first)
			put(bytes, n, data);
		if (is_wanted && !put && f->run && kind == LINE_INTERRUPTS_RUN)
			f->first = f->lines + 1;
		f->runs += kind == LINE_ENDS_RUN;
		bytes += n;
		size -= n;
	}
}
