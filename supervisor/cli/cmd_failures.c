/*
 * runner failures: the distinct failures that were seen.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "commands.h"
#include "gather.h"
#include "printout.h"
#include "terminal.h"

enum { PREFIX_MIN = 4, DIGITS = 16 };

/* A signature's first digits as a range of numbers. */
struct prefix {
	uint64_t least, most;
};

static int
parse_prefix(const char *word, struct prefix *p)
{
	char low[DIGITS + 1], high[DIGITS + 1];
	size_t n = strlen(word);

	if (n < PREFIX_MIN || n > DIGITS)
		return -1;
	for (size_t i = 0; i < DIGITS; i++) {
		char c = i < n ? word[i] : '0';

		if (c >= 'A' && c <= 'F')
			c += 'a' - 'A';
		low[i] = c;
		high[i] = i < n ? c : 'f';
	}
	low[DIGITS] = high[DIGITS] = '\0';
	return text_parse_hex64(low, &p->least) ||
	       text_parse_hex64(high, &p->most);
}

static int
complain_of_many(
    const char *word, const struct failure *a, const struct failure *b)
{
	char first[17], second[17];

	text_format_hex64(a->signature, first);
	text_format_hex64(b->signature, second);
	if (a->signature == b->signature)
		return command_fails(STATUS_USAGE,
		    "'%s' is a failure of %s and of %s; name the task too",
		    word, a->task, b->task);
	return command_fails(STATUS_USAGE,
	    "'%s' is ambiguous: %s of %s, %s of %s; give more digits", word,
	    first, a->task, second, b->task);
}

/* The only one with these first digits, or NULL with `*status`. */
static const struct failure *
find_failure(const struct failure_list *l, const char *word, int *status)
{
	const struct failure *found = NULL;
	struct prefix p;

	if (parse_prefix(word, &p)) {
		*status = command_fails(STATUS_USAGE,
		    "'%s' is no signature: 16 hexadecimal digits, or the first "
		    "4 or more of them",
		    word);
		return NULL;
	}
	for (size_t i = 0; i < l->count; i++) {
		const struct failure *f = &l->list[i];

		if (f->signature < p.least || f->signature > p.most)
			continue;
		if (found) {
			*status = complain_of_many(word, found, f);
			return NULL;
		}
		found = f;
	}
	if (!found)
		*status = command_fails(STATUS_FAILED,
		    "no failure with the signature '%s' is kept", word);
	return found;
}

/* To a terminal made harmless; elsewhere the bytes themselves. */
static int
show_failure(
    const struct options *o, const char *run_root, const struct failure_list *l)
{
	int status = STATUS_DONE;
	const struct failure *found = find_failure(l, o->show, &status);
	struct failure f;
	struct printout p;
	struct screen s;
	char *sample;

	if (!found)
		return status;
	if (failures_show(run_root, found->task, found->signature, &f, &sample))
		return command_fails(
		    STATUS_FAILED, "cannot read the kept failure: %m");
	terminal_detect(&s);
	if (!printout_open(&p)) {
		free(sample);
		return command_fails(STATUS_FAILED, "out of memory");
	}
	if (!s.is_terminal)
		fwrite(sample, f.sample_size, 1, p.stream);
	else if (f.sample_size)
		screen_put_bytes(p.stream, &s, sample, f.sample_size);
	else
		fputs("(it wrote nothing to standard error)\n", p.stream);
	/* The prompt is on a line of its own. */
	if (s.is_terminal && f.sample_size && sample[f.sample_size - 1] != '\n')
		putc('\n', p.stream);
	free(sample);
	return printout_end(&p, STATUS_DONE);
}

static int
list_failures(
    const struct options *o, const char *run_root, const struct failure_list *l)
{
	struct printout p;
	struct screen s;

	if (!printout_open(&p))
		return command_fails(STATUS_FAILED, "out of memory");
	terminal_detect(&s);
	if (o->json)
		view_failures_json(p.stream, l->list, l->count);
	else if (!l->count)
		fprintf(p.stream, "No failure is kept in %s.\n", run_root);
	else
		view_failures_table(p.stream, &s, l->list, l->count);
	return printout_end(&p, STATUS_DONE);
}

/*
 * Is it a failure of what was asked for?  One that several chains have met is
 * kept once, under the last one's name: the others have runs that failed so.
 */
static bool
is_wanted(
    const struct selector *all, const struct view *v, const struct failure *f)
{
	if (selector_takes(all, f->chain, f->task))
		return true;
	for (size_t i = 0; i < v->count; i++) {
		const struct snapshot *s = v->chains[i].snapshot;

		if (!s || !selector_takes(all, v->chains[i].name, f->task))
			continue;
		for (size_t j = 0; j < s->run_count; j++)
			if (s->runs[j].signature == f->signature &&
			    !strcmp(s->tasks[s->runs[j].task].name, f->task))
				return true;
	}
	return false;
}

int
cmd_failures(const struct invocation *c)
{
	const char *run_root = c->config->run_root;
	struct failure_list l;
	struct selector *all;
	size_t kept = 0;
	int status;

	if (gather_failures_or_say(&l, run_root))
		return STATUS_FAILED;
	all = gather_selectors(c->config, c->view, &l, c->options->words);
	for (size_t i = 0; all && i < l.count; i++)
		if (is_wanted(all, c->view, &l.list[i]))
			l.list[kept++] = l.list[i];
	l.count = kept;
	if (!all)
		status = STATUS_USAGE;
	else if (c->options->show)
		status = show_failure(c->options, run_root, &l);
	else
		status = list_failures(c->options, run_root, &l);
	free(all);
	free(l.list);
	return status;
}
