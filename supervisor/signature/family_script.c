/* Ruby, Perl, PHP, Lua, Elixir and Erlang. */
#include "recognise.h"

enum { HEAD, TRACE };

/* "x.rb:3:in 'meth': message (Type)"; the place's end, or NULL. */
static const char *
ruby_message(const char *p)
{
	const char *in = strstr(p, ":in "), *end;

	if (!in || in == p || !char_is(in[-1], CHAR_DIGIT) ||
	    (in[4] != '\'' && in[4] != '`') || memchr(p, ' ', (size_t)(in - p)))
		return NULL;
	end = strstr(in + 5, "': ");
	return end ? end + 3 : NULL;
}

/* Cuts " (Type)" off the end of Ruby's message. */
static void
set_ruby(struct recogniser *r, const char *message)
{
	size_t n = strlen(message), open = n;

	if (n && message[n - 1] == ')') {
		while (open && message[open - 1] != '(')
			open--;
		if (open > 1 && char_is(message[open], CHAR_UPPER) &&
		    !memchr(message + open, ' ', n - open))
			n = open - 2;
		else if (open == 1)
			n = 0;
	}
	if (n)
		candidate_set(&r->subject, message, n);
	else
		candidate_set(&r->subject, message, strlen(message));
	if (!n && r->subject.size > 2)
		candidate_set(
		    &r->subject, r->subject.text + 1, r->subject.size - 2);
}

static bool
ruby_starts(struct recogniser *r, const char *p)
{
	const char *message = ruby_message(p);

	if (!message)
		return false;
	recognise_open(r, FAMILY_RUBY);
	set_ruby(r, message);
	return true;
}

/* What Perl says behind the fault that made it say so. */
static bool
is_perl_closing(const char *p)
{
	return char_starts(p, "BEGIN failed--") ||
	       char_starts(p, "Compilation failed in require") ||
	       char_starts(p, "Execution of ") ||
	       char_starts(p, "INIT failed--") ||
	       strstr(p, " had compilation errors") ||
	       strstr(p, " had too many errors");
}

/* Faults that the compiler lists one after another. */
static bool
is_perl_compile(const char *p)
{
	return char_starts(p, "Global symbol ") ||
	       char_starts(p, "syntax error at ") ||
	       char_starts(p, "Bareword ") ||
	       char_starts(p, "Can't find string terminator") ||
	       char_starts(p, "Missing right") || strstr(p, "\", near \"") ||
	       strstr(p, ", near \"") || char_starts(p, "Type of arg") ||
	       char_starts(p, "Not enough arguments") ||
	       char_starts(p, "Too many arguments");
}

static bool
perl_starts(struct recogniser *r, const char *p, const struct split *line)
{
	size_t message;
	char last = line->size ? line->text[line->size - 1] : 0;

	if (last != '.' && last != '"' && last != 'F' &&
	    !char_is(last, CHAR_DIGIT))
		return false;
	message = subject_perl_length(p);
	if (!message)
		return false;
	recognise_open(r, FAMILY_PERL);
	r->phase = is_perl_compile(p);
	candidate_set(&r->subject, p, message);
	return true;
}

/* Behind "PHP Fatal error:  " and its like, or NULL. */
static const char *
php_message(const char *p)
{
	static const struct word openings[] = {
	    WORD("Fatal error: "),
	    WORD("Parse error: "),
	    WORD("Recoverable fatal error: "),
	    WORD("Core error: "),
	    WORD("Compile error: "),
	    {0},
	};
	bool is_php = char_starts(p, "PHP ");
	size_t n;

	p += is_php ? 4 : 0;
	n = char_opening(p, openings);
	if (!n ||
	    (!is_php && !strstr(p, " on line ") && !strstr(p, "Uncaught ")))
		return NULL;
	return p + n + char_blanks(p + n);
}

/* The message of an exception, up to its place in a file. */
static void
set_php(struct recogniser *r, const char *p)
{
	size_t uncaught = char_starts(p, "Uncaught "), n;
	const char *end = NULL, *q;

	for (q = p; (q = strstr(q, " in ")); q++)
		if (strstr(q, " on line ") || strrchr(q, ':') || strchr(q, '/'))
			end = q;
	p += uncaught;
	n = end && end > p ? (size_t)(end - p) : strlen(p);
	if (uncaught || r->phase) {
		size_t type = 0;

		while (char_is(p[type], CHAR_WORD) || p[type] == '\\')
			type++;
		if (type && p[type] == ':' && p[type + 1] == ' ' &&
		    type + 2 < n) {
			p += type + 2;
			n -= type + 2;
		}
	}
	candidate_set(&r->subject, p, n);
}

static bool
php_starts(struct recogniser *r, const char *p)
{
	const char *message = php_message(p);

	if (!message)
		return false;
	/* the same once more, as display_errors shows it */
	if (r->family == FAMILY_PHP && !char_starts(p, "PHP "))
		return false;
	recognise_open(r, FAMILY_PHP);
	set_php(r, message);
	return true;
}

/* "** (RuntimeError) boom" */
static bool
elixir_starts(struct recogniser *r, const char *p)
{
	const char *end;

	if (!char_starts(p, "** (") || !(end = strchr(p, ')')))
		return false;
	recognise_open(r, FAMILY_ELIXIR);
	if (char_starts(p, "** (EXIT") || end[1] == '\0')
		candidate_set(&r->subject, p + 3, strlen(p + 3));
	else
		candidate_set(&r->subject, end + 1, strlen(end + 1));
	return true;
}

/*
 * Lua's "stack traceback:", Tcl's "while executing", Haskell's "CallStack":
 * the line before it is the message, here without the place before it, "lua:
 * x.lua:3: message".  Julia's "Stacktrace:" stands below what may be several.
 */
bool
script_is_trace(struct recogniser *r, const char *p)
{
	const char *message, *q;
	bool is_lua = char_starts(p, "stack traceback:");
	bool is_julia = !strcmp(p, "Stacktrace:");

	if (!is_lua && !is_julia && strcmp(p, "while executing") != 0 &&
	    strcmp(p, "CallStack (from HasCallStack):") != 0)
		return false;
	message = r->pending[is_julia ? 0 : r->pending_count - 1].text;
	recognise_open(r, FAMILY_LUA);
	for (q = message; is_lua && (q = strchr(q, ':')); q++) {
		size_t n = char_run(q + 1, CHAR_DIGIT);

		if (n && q[1 + n] == ':' && q[2 + n] == ' ') {
			message = q + 3 + n;
			break;
		}
	}
	candidate_set(&r->subject, message, strlen(message));
	return true;
}

static bool
erlang_starts(struct recogniser *r, const char *p)
{
	if (!(char_starts(p, "=ERROR REPORT") ||
		char_starts(p, "=CRASH REPORT")))
		return false;
	recognise_open(r, FAMILY_ERLANG);
	return true;
}

bool
script_starts(struct recogniser *r, const char *p, const struct split *line)
{
	if (line->level && line->level < LEVEL_ERROR)
		return false;
	if (*p == '*')
		return elixir_starts(r, p);
	if (line->indent)
		return false;
	if (*p == '=')
		return erlang_starts(r, p);
	return ruby_starts(r, p) || perl_starts(r, p, line) || php_starts(r, p);
}

static enum verdict
ruby_goes_on(struct recogniser *r, const char *p, const struct split *line)
{
	if (char_starts(p, "from ") && line->indent) {
		r->phase = TRACE;
		return VERDICT_LINE;
	}
	if (char_starts(p, "... ") && strstr(p, " levels..."))
		return VERDICT_DROP;
	/* right behind a trace comes the cause */
	if (r->phase == TRACE && ruby_message(p))
		return VERDICT_LINE;
	return VERDICT_NONE;
}

static enum verdict
perl_goes_on(struct recogniser *r, const char *p, const struct split *line)
{
	if (line->indent || is_perl_closing(p))
		return VERDICT_LINE;
	if (r->phase && is_perl_compile(p) && subject_perl_length(p))
		return VERDICT_LINE;
	return VERDICT_NONE;
}

static enum verdict
php_goes_on(struct recogniser *r, const char *p)
{
	if (char_starts(p, "Next ")) {
		r->phase = TRACE;
		set_php(r, p + 5);
		return VERDICT_LINE;
	}
	if (char_starts(p, "Stack trace:") || *p == '#' ||
	    char_starts(p, "thrown in "))
		return VERDICT_LINE;
	return VERDICT_NONE;
}

enum verdict
script_goes_on(struct recogniser *r, const char *p, const struct split *line)
{
	if (line->has_time && line->level)
		return VERDICT_NONE;
	switch (r->family) {
	case FAMILY_RUBY:
		return ruby_goes_on(r, p, line);
	case FAMILY_PERL:
		return perl_goes_on(r, p, line);
	case FAMILY_PHP:
		return php_goes_on(r, p);
	case FAMILY_ERLANG:
		if (!r->subject.size)
			candidate_set(&r->subject, p, strlen(p));
		return line->indent ? VERDICT_LINE : VERDICT_NONE;
	default:
		if (char_starts(p, "in expression starting at "))
			return VERDICT_LINE;
		return line->indent ? VERDICT_LINE : VERDICT_NONE;
	}
}
