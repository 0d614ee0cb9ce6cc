/* Go: panics and fatal errors, of which the first goroutine matters. */
#include "recognise.h"

enum { HEAD, FIRST, OTHERS };

static void
set_panic(struct recogniser *r, const char *p)
{
	const char *end = strstr(p, " [recovered");

	candidate_set(&r->subject, p, end ? (size_t)(end - p) : strlen(p));
}

/* "SIGSEGV: segmentation violation", "SIGABRT: abort" */
static bool
is_signal(const char *p)
{
	size_t n = char_run(p, CHAR_UPPER);

	return n >= 6 && n <= 8 && char_starts(p, "SIG") && p[n] == ':' &&
	       p[n + 1] == ' ';
}

bool
go_starts(struct recogniser *r, const char *p, const struct split *line)
{
	size_t n = char_starts(p, "panic: ");

	if (line->indent)
		return false;
	if (!n && !char_starts(p, "fatal error: ") && !is_signal(p))
		return false;
	recognise_open(r, FAMILY_GO);
	set_panic(r, p + n);
	return true;
}

/* rax    0x0, of the registers at the end */
static bool
is_register(const char *p)
{
	size_t n = char_run(p, CHAR_LOWER | CHAR_DIGIT), blanks;

	blanks = char_blanks(p + n);
	return n >= 2 && n <= 6 && blanks &&
	       char_starts(p + n + blanks, "0x") &&
	       !strchr(p + n + blanks, ' ');
}

/* Arguments are addresses and lengths of data: main.f(0xc000, 0x5) */
static void
cut_arguments(struct split *line)
{
	char *text = (char *)line->text;
	size_t n = line->size, depth = 0;
	char *offset = strstr(text, " +0x");

	if (offset) {
		*offset = '\0';
		line->size = (size_t)(offset - text);
		return;
	}
	if (!n || text[n - 1] != ')' || line->indent)
		return;
	while (n) {
		n--;
		depth += text[n] == ')';
		depth -= text[n] == '(';
		if (!depth)
			break;
	}
	text[n] = '\0';
	line->size = n;
}

static enum verdict
dump_goes_on(struct recogniser *r, const char *p, struct split *line)
{
	if (char_starts(p, "goroutine ") && strchr(p, '[')) {
		r->phase = r->phase == HEAD ? FIRST : OTHERS;
		return r->phase == FIRST ? VERDICT_LINE : VERDICT_DROP;
	}
	if (is_register(p) || char_starts(p, "...additional frames"))
		return VERDICT_DROP;
	if (line->indent || char_starts(p, "created by ") ||
	    (line->size && line->text[line->size - 1] == ')' &&
		strchr(p, '.') && !strchr(p, ' '))) {
		if (r->phase == OTHERS)
			return VERDICT_DROP;
		if (r->phase == FIRST)
			cut_arguments(line);
		return VERDICT_LINE;
	}
	if (r->phase == OTHERS && strchr(p, '(') && strchr(p, '.') &&
	    line->text[line->size - 1] == ')')
		return VERDICT_DROP;
	return VERDICT_NONE;
}

/* "goroutine 1 [chan receive, 5 minutes]:" has not always waited so long. */
static void
cut_waiting(struct split *line)
{
	char *text = (char *)line->text;
	char *comma = strchr(text, ',');
	char *end = strchr(text, ']');

	if (!comma || !end || comma > end || !strstr(comma, " minutes"))
		return;
	memmove(comma, end, strlen(end) + 1);
	line->size -= (size_t)(end - comma);
}

enum verdict
go_goes_on(struct recogniser *r, const char *p, struct split *line)
{
	enum verdict v;

	if (line->has_time && line->level)
		return VERDICT_NONE;
	v = dump_goes_on(r, p, line);
	if (v == VERDICT_LINE && char_starts(p, "goroutine "))
		cut_waiting(line);
	if (v != VERDICT_NONE || r->phase != HEAD)
		return v;
	/* before the first goroutine: [signal SIGSEGV...], a longer message */
	if (char_starts(p, "[signal ") || char_starts(p, "runtime") ||
	    char_starts(p, "PC=") || char_starts(p, "stack: "))
		return VERDICT_LINE;
	return VERDICT_NONE;
}
