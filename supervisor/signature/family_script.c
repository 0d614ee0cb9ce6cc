/* Ruby, Perl, PHP, Lua, Elixir and Erlang. */
#include "recognise.h"

enum { HEAD, TRACE };

/* "x.rb:3:in 'meth': message (Type)"; the message, or NULL. */
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

/* Cuts " (Type)" off the end of Ruby's message, unless it is all there is. */
static void
set_ruby(struct recogniser *r, const char *message)
{
	size_t n = strlen(message);
	const char *open = text_find_last(message, "(");

	if (open && message[n - 1] == ')' && char_is(open[1], CHAR_UPPER) &&
	    !strchr(open, ' ')) {
		n = open == message ? n - 2 : (size_t)(open - message);
		message += open == message;
	}
	candidate_set(&r->subject, message, n);
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

/* Faults that the compiler lists one after another. */
static bool
is_perl_compile(const struct recogniser *r, const char *p)
{
	return r->opening == PERL_COMPILE || strstr(p, ", near \"");
}

static bool
perl_starts(struct recogniser *r, const char *p, const struct split *line)
{
	size_t message;

	/* "#   at t/x.t line 3." of a test is below what failed */
	if (*p == '#' || !strchr(".\"F0123456789", line->text[line->size - 1]))
		return false;
	message = subject_perl_length(p);
	if (!message)
		return false;
	recognise_open(r, FAMILY_PERL);
	r->phase = is_perl_compile(r, p);
	candidate_set(&r->subject, p, message);
	return true;
}

/* The message of an exception, up to where in a file it is. */
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
	bool is_php = char_starts(p, "PHP ");
	const char *message = strstr(p, " error: ");

	if (r->opening != PHP_FATAL ||
	    (!is_php && !strstr(p, " on line ") && !strstr(p, "Uncaught ")))
		return false;
	/* the same once more, as display_errors shows it */
	if (r->family == FAMILY_PHP && !is_php)
		return false;
	recognise_open(r, FAMILY_PHP);
	message += strlen(" error: ");
	set_php(r, message + char_blanks(message));
	return true;
}

/* "** (RuntimeError) boom" of Elixir, if what is below it is indented. */
static const char *
elixir_message(const char *p, const struct split *line)
{
	size_t indent = char_blanks(p);
	const char *end = strchr(p, ')');

	p += indent;
	if (line->indent <= indent || !char_starts(p, "** (") || !end)
		return NULL;
	return char_starts(p, "** (EXIT") || !end[1] ? p + 3 : end + 1;
}

/* Lua's message without where it was, "lua: x.lua:3: message". */
static const char *
lua_message(const char *message)
{
	for (const char *q = message; (q = strchr(q, ':')); q++) {
		size_t n = char_run(q + 1, CHAR_DIGIT);

		if (n && q[1 + n] == ':' && q[2 + n] == ' ')
			return q + 3 + n;
	}
	return message;
}

/*
 * Lua's "stack traceback:", Tcl's "while executing", Haskell's "CallStack",
 * Elixir's frames: the line before is the message.  Julia's "Stacktrace:" is
 * below what may be several.
 */
bool
script_is_trace(struct recogniser *r, const struct split *line)
{
	const char *last = r->pending[r->pending_count - 1].text;
	const char *message = NULL;

	if (r->opening == TRACE_LUA)
		message = lua_message(last);
	else if (r->opening == TRACE_JULIA)
		message = r->pending[0].text;
	else if (r->opening == TRACE_BELOW)
		message = last;
	else
		message = elixir_message(last, line);
	if (!message)
		return false;
	recognise_open(r, FAMILY_LUA);
	candidate_set(&r->subject, message, strlen(message));
	return true;
}

bool
script_starts(struct recogniser *r, const char *p, struct split *line)
{
	if (line->level && line->level < LEVEL_ERROR)
		return false;
	if (line->indent)
		return false;
	if (r->opening == ERLANG) {
		recognise_open(r, FAMILY_ERLANG);
		return true;
	}
	return ruby_starts(r, p) || perl_starts(r, p, line) || php_starts(r, p);
}

enum verdict
ruby_goes_on(struct recogniser *r, const char *p, struct split *line)
{
	if (r->opening == RUBY_FROM && line->indent) {
		r->phase = TRACE;
		return VERDICT_LINE;
	}
	/* right after a trace comes the cause */
	return r->phase == TRACE && ruby_message(p) ? VERDICT_LINE
						    : VERDICT_NONE;
}

enum verdict
perl_goes_on(struct recogniser *r, const char *p, struct split *line)
{
	/* what Perl says after the fault that made it say so */
	return line->indent || r->opening == PERL_CLOSING ||
		       strstr(p, " had compilation errors") ||
		       strstr(p, " had too many errors") ||
		       (r->phase && is_perl_compile(r, p) &&
			   subject_perl_length(p))
		   ? VERDICT_LINE
		   : VERDICT_NONE;
}

enum verdict
php_goes_on(struct recogniser *r, const char *p, struct split *line)
{
	(void)line;
	if (r->opening == PHP_NEXT) {
		r->phase = TRACE;
		set_php(r, p + 5);
		return VERDICT_LINE;
	}
	return r->opening == PHP_TRACE || *p == '#' ? VERDICT_LINE
						    : VERDICT_NONE;
}

enum verdict
erlang_goes_on(struct recogniser *r, const char *p, struct split *line)
{
	bool is_exception = char_starts(p, "exception ");

	if (!r->subject.size || (is_exception && !r->is_settled))
		candidate_set(&r->subject, p, strlen(p));
	r->is_settled |= is_exception;
	return line->indent ? VERDICT_LINE : VERDICT_NONE;
}

/* Lua, Tcl, Haskell, Julia and Elixir. */
enum verdict
script_goes_on(struct recogniser *r, const char *p, struct split *line)
{
	(void)p;
	return line->indent || r->opening == TRACE_EXPRESSION ? VERDICT_LINE
							      : VERDICT_NONE;
}
