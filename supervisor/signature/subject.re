/*
 * subject.re: how a line is cut down to its message.  Edit this file, not
 * subject.c, and run `make rules`; README.md has the page on how.
 */
#include "subject.h"

#include "base/text.h"
#include "chars.h"
#include "rules.h"
#include "words.h"

/*!include:re2c "common.re" */

void
candidate_clear(struct candidate *c)
{
	c->size = 0;
}

void
candidate_set(struct candidate *c, const char *text, size_t size)
{
	const size_t room = SUBJECT_CANDIDATE_SIZE - 1;

	while (size && *text == ' ') {
		text++;
		size--;
	}
	while (size && text[size - 1] == ' ')
		size--;
	memmove(c->text, text, size < room ? size : room);
	/* of what is longer the start and the end, which has the reason */
	if (size > room) {
		size_t tail = room - SUBJECT_HEAD_SIZE;

		text += size - tail;
		while ((*text & 0xc0) == 0x80)
			text++, tail--;
		memmove(c->text + SUBJECT_HEAD_SIZE, text, tail);
		size = SUBJECT_HEAD_SIZE + tail;
	}
	c->text[size] = '\0';
	c->size = size;
}

static void
set_all(struct candidate *c, const char *text)
{
	candidate_set(c, text, strlen(text));
}

/* What runtimes write before the type of an exception. */
static const char *
skip_wrapping(const char *p)
{
	TEXT(p);
	/*!re2c
	wrapping = "error: " | "Error: Uncaught" | "Uncaught " |
		"(in promise) " | "Unhandled " [Ee] "xception" [.:] " " |
		"UnhandledPromiseRejectionWarning: " | "Caused by: " | "---> " |
		"[cause]: ";
	wrappings = " "* ("Exception in thread " ([^\x00"] |
		"\"" [^ \x00])* "\" ")?
		(wrapping " "*)*;
	wrappings "[" / [A-Z] { return (const char *)s; }
	wrappings { return (const char *)s; }
	*/
}

/* The length of "some.Type", "Some::Type" or "Type [CODE]" before a colon. */
static size_t
type_length(const char *p)
{
	TEXT(p);
	/*!re2c
	type = (W \ D) (W | [.$\\`] | "::")*;
	code = " " ("[" | "(") (W | "-")* ("]" | ")");
	type / [:\x00] { return LENGTH; }
	type code / ":" { return LENGTH; }
	* { return 0; }
	*/
}

void
candidate_set_exception(struct candidate *c, const char *line)
{
	const char *p = skip_wrapping(line), *message;
	size_t type = type_length(p), size;

	if (!type) {
		set_all(c, p);
		return;
	}
	message = p + type + (p[type] == ':');
	message += char_blanks(message);
	size = strlen(message);
	/* node shows an error's properties after it */
	if (size > 2 && !memcmp(message + size - 2, " {", 2))
		size -= 2;
	if (size && p > line && p[-1] == '[' && message[size - 1] == ']')
		size--;
	if (size)
		candidate_set(c, message, size);
	else
		candidate_set(c, p, type);
}

/* One quoted word or one number: without its type it says nothing. */
static bool
is_one_value(const char *p)
{
	TEXT(p);
	/*!re2c
	"'" [^ \x00]* "'" "\x00" | "\"" [^ \x00]* "\"" "\x00" |
	"-" [0-9.]* "\x00" | D [0-9.]* "\x00" { return true; }
	* { return false; }
	*/
}

void
candidate_set_python(struct candidate *c, const char *line)
{
	size_t type = type_length(line);
	const char *message = line + type + (line[type] == ':');

	message += char_blanks(message);
	if (type && !*message)
		candidate_set(c, line, type);
	else
		set_all(c, !type || is_one_value(message) ? line : message);
}

/* Perl's " at FILE line N" and what may end the line after it; or false. */
static bool
is_perl_place(const char *p)
{
	TEXT(p);
	/*!re2c
	" at " ([^ \x00]+ | "(eval " [^)\x00]* ")" [^ \x00]*) " line " D+ ("\x00" |
		".\x00" | ", <" | ", near " | ", at EOF" | " during global")
		{ return true; }
	* { return false; }
	*/
}

size_t
subject_perl_length(const char *line)
{
	for (const char *p = line; (p = strstr(p, " at ")); p++)
		if (is_perl_place(p))
			return (size_t)(p - line);
	return 0;
}

/* After what says where it was: "script: line N: ", R's "Error in f(x) : ". */
static const char *
skip_place(const char *p)
{
	TEXT(p);
	/*!re2c
	script = ([^: \x00]+ ": " (LINE_WORD " ")? | [^: \x00]+ ".zsh:")
		[1-9] D* " "? ": " " "*;
	death = "Killed" | "Segmentation fault" | "Aborted" | "Terminated" |
		"Bus error" | "Floating point exception" | "Hangup" |
		"Illegal instruction" | "Trace/breakpoint trap";
	script (D+ " "+) / death { return (const char *)s; }
	// of numbered causes the first
	script | "Error in " ([^ \x00] | " " [^:\x00])* " : " | "0: "
		{ return (const char *)s; }
	* { return p; }
	*/
}

/* Without the padding and fields of logrus, and where PHP says it was. */
static size_t
message_length(const char *p)
{
	TEXT(p);
	for (;;) {
		const size_t n = LENGTH;

		/*!re2c
		"   " " "* W+ "=" { return n; }
		" in " [^ \x00]+ " on line " D+ "\x00" { return n; }
		"\x00" { return n; }
		* { continue; }
		*/
	}
}

void
candidate_set_line(struct candidate *c, const char *line, bool is_usage)
{
	const char *p = line + char_blanks(line), *q;
	bool is_message;
	size_t n;

	/* pytest, and a line of indented JSON */
	if (char_starts(p, "E   ")) {
		candidate_set_python(c, p + 1 + char_blanks(p + 1));
		return;
	}
	q = line_json_value(p, &is_message);
	if (q && is_message) {
		const char *end = strrchr(q, q[-1]);

		candidate_set(c, q, end ? (size_t)(end - q) : strlen(q));
		return;
	}
	p = skip_place(p);
	if (is_usage && (q = strstr(p, ": error: ")))
		p = q + 9;
	n = line_exception_length(p);
	if ((n && p[n] == ':') || char_starts(p, "Error: "))
		candidate_set_exception(c, p);
	else
		candidate_set(c, p, message_length(p));
}

/* How many characters there are in whole ones up to the end of the line. */
static size_t
line_size(const struct candidate *c, size_t *characters)
{
	size_t i = 0, n;

	*characters = 0;
	/* JSON has escapes for what no clean line holds */
	for (; i < c->size && c->text[i] != '\n'; i += n, ++*characters)
		if (!(n = text_utf8_length(c->text + i, c->size - i)))
			break; /* it was cut inside a character */
	return i;
}

/* Where the reason at the end of a message begins, with its mark; or `end`. */
static const char *
find_reason(const char *text, const char *end)
{
	bool is_bracket = end > text && end[-1] == ')';

	for (const char *p = end - 1; p > text; p--)
		if (is_bracket ? *p == '(' && p[-1] == ' '
			       : *p == ' ' && p[-1] == ':')
			return p - 1;
	return end;
}

/* Control characters become blanks, and the blanks that align columns one. */
static void
add_clean(struct text *t, const char *p, const char *end)
{
	for (size_t n; p < end; p += n) {
		for (n = 0; p + n < end && (unsigned char)p[n] <= ' ';)
			n++;
		if (n)
			text_add(t, "  ", n == 2 ? 2 : 1);
		else
			text_add(t, *p == 0x7f ? " " : p, n = 1);
	}
}

void
subject_write(const struct candidate *c, char *out, size_t size)
{
	size_t count, room = SUBJECT_CHARACTERS_MAX - 1, tail = 0;
	const char *end = c->text + line_size(c, &count), *head = c->text;
	const char *reason = end;
	struct text t;

	text_init(&t, out, size);
	if (count <= SUBJECT_CHARACTERS_MAX && end == c->text + c->size) {
		add_clean(&t, c->text, end);
		return;
	}
	if (count > SUBJECT_CHARACTERS_MAX)
		reason = find_reason(c->text, end);
	for (const char *p = reason; p < end; p++)
		tail += (*p & 0xc0) != 0x80;
	if (tail > SUBJECT_REASON_MAX)
		reason = end, tail = 0;
	for (room -= tail; head < end && room; room--)
		head += text_utf8_length(head, (size_t)(end - head));
	add_clean(&t, c->text, head);
	while (t.length && out[t.length - 1] == ' ')
		out[--t.length] = '\0';
	if (*head != '\n')
		text_add_string(&t, "\xe2\x80\xa6");
	add_clean(&t, reason, end);
}
