#include "subject.h"

#include "chars.h"
#include "base/text.h"
#include "words.h"

void
candidate_clear(struct candidate *c)
{
	c->size = 0;
}

void
candidate_set(struct candidate *c, const char *text, size_t size)
{
	while (size && *text == ' ') {
		text++;
		size--;
	}
	if (size > SUBJECT_CANDIDATE_SIZE - 1)
		size = SUBJECT_CANDIDATE_SIZE - 1;
	while (size && text[size - 1] == ' ')
		size--;
	memmove(c->text, text, size);
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
	static const char *const wrappings[] = {"error: ", "Error: Uncaught",
	    "Uncaught (in promise) ", "Uncaught ", "(in promise) ",
	    "Unhandled exception. ",
	    "Unhandled Exception: ", "UnhandledPromiseRejectionWarning: ",
	    "Caused by: ", "Unhandled exception: ", "---> ", "[cause]: "};

	p += char_blanks(p);
	if (char_starts(p, "Exception in thread ")) {
		const char *quote = strstr(p, "\" ");

		if (quote)
			p = quote + 2;
	}
	for (bool again = true; again;) {
		again = false;
		for (size_t i = 0; i < sizeof(wrappings) / sizeof(*wrappings);
		     i++) {
			size_t n = strlen(wrappings[i]);

			if (!strncmp(p, wrappings[i], n)) {
				p += n;
				again = true;
			}
		}
		p += char_blanks(p);
	}
	if (*p == '[' && char_is(p[1], CHAR_UPPER))
		p++;
	return p;
}

/* The length of "some.Type", "Some::Type" or "Type [CODE]" before a colon. */
static size_t
type_length(const char *p)
{
	size_t n = 0;

	if (!char_is(*p, CHAR_ALPHA | CHAR_UNDER))
		return 0;
	for (;; n++) {
		if (char_is(p[n], CHAR_WORD) || p[n] == '.' || p[n] == '$' ||
		    p[n] == '\\' || p[n] == '`')
			continue;
		if (p[n] == ':' && p[n + 1] == ':') {
			n++;
			continue;
		}
		break;
	}
	if (p[n] == ' ' && (p[n + 1] == '[' || p[n + 1] == '(')) {
		size_t k = n + 2;

		while (char_is(p[k], CHAR_WORD) || p[k] == '-')
			k++;
		if ((p[k] == ']' || p[k] == ')') && p[k + 1] == ':')
			n = k + 1;
	}
	return p[n] == ':' || p[n] == '\0' ? n : 0;
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
	/* node shows an error's properties behind it */
	if (size > 2 && !memcmp(message + size - 2, " {", 2))
		size -= 2;
	if (size && p > line && p[-1] == '[' && message[size - 1] == ']')
		size--;
	if (size)
		candidate_set(c, message, size);
	else
		candidate_set(c, p, type);
}

/* One quoted word or one number. */
static bool
is_one_value(const char *p, size_t size)
{
	if (size >= 2 && (*p == '\'' || *p == '"') && p[size - 1] == *p)
		return !memchr(p, ' ', size);
	if (size && (*p == '-' || char_is(*p, CHAR_DIGIT))) {
		size_t n = 1;

		while (char_is(p[n], CHAR_DIGIT) || p[n] == '.')
			n++;
		return n == size;
	}
	return false;
}

void
candidate_set_python(struct candidate *c, const char *line)
{
	size_t type = type_length(line);
	const char *message;

	if (!type) {
		set_all(c, line);
		return;
	}
	message = line + type + (line[type] == ':');
	message += char_blanks(message);
	if (!*message)
		candidate_set(c, line, type);
	else if (is_one_value(message, strlen(message)))
		set_all(c, line);
	else
		set_all(c, message);
}

size_t
subject_perl_length(const char *line)
{
	const char *p = line;

	while ((p = strstr(p, " at "))) {
		const char *file = p + 4, *end = strstr(file, " line ");
		const char *rest;
		size_t digits;

		if (!end)
			return 0;
		if (memchr(file, ' ', (size_t)(end - file)) &&
		    !char_starts(file, "(eval ")) {
			p++;
			continue;
		}
		digits = char_run(end + 6, CHAR_DIGIT);
		rest = end + 6 + digits;
		if (digits && end > file &&
		    (*rest == '\0' || !strcmp(rest, ".") ||
			char_starts(rest, ", <") ||
			char_starts(rest, ", near ") ||
			char_starts(rest, ", at EOF") ||
			char_starts(rest, " during global")))
			return (size_t)(p - line);
		p++;
	}
	return 0;
}

/* Behind "script: line N: " of bash, "script: N: " of dash; or `p`. */
static const char *
skip_script(const char *p)
{
	size_t n = 0, digits;
	const char *q;

	while (p[n] && p[n] != ':' && p[n] != ' ')
		n++;
	if (!n || p[n] != ':')
		return p;
	q = p + n + 1;
	if (char_starts(q, " line "))
		q += 6;
	else if (*q == ' ')
		q++;
	else if (!(n > 4 && !memcmp(p + n - 4, ".zsh", 4)))
		return p;
	digits = char_run(q, CHAR_DIGIT);
	if (!digits || *q == '0' || q[digits] != ':' || q[digits + 1] != ' ')
		return p;
	return q + digits + 1 + char_blanks(q + digits + 1);
}

/* "12345 Killed    cmd" of a shell, without the pid: or `p`. */
static const char *
skip_pid(const char *p)
{
	static const struct word ends[] = {
	    WORD("Killed"),
	    WORD("Segmentation fault"),
	    WORD("Aborted"),
	    WORD("Terminated"),
	    WORD("Bus error"),
	    WORD("Floating point exception"),
	    WORD("Illegal instruction"),
	    WORD("Hangup"),
	    WORD("Trace/breakpoint trap"),
	    {0},
	};
	size_t n = char_run(p, CHAR_DIGIT);

	if (!n || p[n] != ' ')
		return p;
	n += char_blanks(p + n);
	return char_opening(p + n, ends) ? p + n : p;
}

/* R: behind "Error in f(x) : "; 0 when the message stands on the next line. */
static const char *
skip_r(const char *p)
{
	const char *q;

	if (!char_starts(p, "Error in "))
		return p;
	q = strstr(p, " : ");
	return q ? q + 3 : p;
}

/* The runs of blanks that align a shell's columns become one. */
static void
squeeze(struct candidate *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->size; i++)
		if (c->text[i] != ' ' || !n || c->text[n - 1] != ' ')
			c->text[n++] = c->text[i];
	c->text[n] = '\0';
	c->size = n;
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
		const char *end = strrchr(q, '"');

		candidate_set(c, q, end ? (size_t)(end - q) : strlen(q));
		return;
	}
	q = skip_script(p);
	if (q != p) {
		q = skip_pid(q);
		set_all(c, q);
		squeeze(c);
		return;
	}
	q = is_usage ? strstr(p, ": error: ") : NULL;
	if (q) {
		set_all(c, q + 9);
		return;
	}
	n = line_exception_length(p);
	if ((n && p[n] == ':') || char_starts(p, "Error: ")) {
		candidate_set_exception(c, p);
		return;
	}
	p = skip_r(p);
	/* logrus pads a message and writes its fields behind it */
	q = strstr(p, "   ");
	if (q) {
		const char *key = q + char_blanks(q);

		n = char_run(key, CHAR_WORD);
		if (n && key[n] == '=' && q > p) {
			candidate_set(c, p, (size_t)(q - p));
			return;
		}
	}
	q = text_find_last(p, " on line ");
	if (q && q[9 + char_run(q + 9, CHAR_DIGIT)] == '\0') {
		/* PHP: ... in /x.php on line 3 */
		const char *in = text_find_last(p, " in ");

		if (in && in > p && in < q) {
			candidate_set(c, p, (size_t)(in - p));
			return;
		}
	}
	set_all(c, p);
}

void
subject_write(const struct candidate *c, char *out, size_t size)
{
	struct text t;
	size_t i = 0, characters = 0;

	text_init(&t, out, size);
	while (i < c->size) {
		size_t n = text_utf8_length(c->text + i, c->size - i);

		if (!n) /* a candidate may have been cut inside a character */
			break;
		/* JSON has escapes for what no clean line holds */
		if (c->text[i] == '\n')
			break;
		if (characters == SUBJECT_CHARACTERS_MAX - 1 && i + n < c->size)
			break;
		if ((unsigned char)c->text[i] < ' ' || c->text[i] == 0x7f)
			text_add(&t, " ", 1);
		else
			text_add(&t, c->text + i, n);
		i += n;
		characters++;
	}
	if (i < c->size && c->text[i] != '\n') {
		while (t.length && out[t.length - 1] == ' ')
			out[--t.length] = '\0';
		text_add_string(&t, "\xe2\x80\xa6");
	}
}
