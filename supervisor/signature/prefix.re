/*
 * prefix.re: what is before a message.  Edit this file, not prefix.c, and run
 * `make rules`; README.md has the page on how.
 *
 * A function looks at `p`, where a prefix may begin, and returns the length of
 * the prefix that it knows, having noted what it says; or 0.  What is
 * after "/" must follow and is not part of the prefix.
 */
#include "prefix.h"

#include <stdlib.h>

#include "rules.h"
#include "token.h"

/*!include:re2c "common.re" */

enum { PREFIXES_MAX = 10, BRACKET_MAX = 100 };

/* What is known while prefixes are split off a line. */
struct splitting {
	char *line;
	size_t at;        /* after what was split off */
	struct span name; /* of the program or logger, if there was one */
	bool name_is_program;
	struct split *out;
};

/* The first level that is found is that of the line. */
static void
take_level(struct splitting *w, enum level level)
{
	if (!w->out->level)
		w->out->level = level;
}

/*!re2c
	end = [^];             // any byte, and the NUL that ends a line
	level_end = [\x00 :\]|/,>-];
	name = (HOST | [/$])+;
*/

/* Words in capitals that name a level, and end here: "ERROR"; or 0. */
static enum level
capital_level(const char *p)
{
	TEXT(p);
	/*!re2c
	[A-Z]{3,} / level_end { goto word; }
	* { return LEVEL_UNKNOWN; }
	*/
word:
	return level_of_word((struct span){p, LENGTH});
}

/* Brackets: with a time, a level, a pid. */

/* "[main]", with its brackets; or 0. */
static size_t
bracket_length(const char *p)
{
	size_t n = *p == '[' ? strcspn(p, "]") : 0;

	return n && n <= BRACKET_MAX && p[n] ? n + 1 : 0;
}

/* Is a clock, hh:mm:ss, within the bracket, which quotes nothing? */
static bool
has_clock(const char *p)
{
	TEXT(p);
	for (;;) {
		/*!re2c
		D ":" D{2} ":" D{2} { return true; }
		[\]"'{\x00] { return false; }
		* { continue; }
		*/
	}
}

/* A level anywhere in a bracket that holds a time: [04:10:07 ERR]. */
static void
take_level_within(struct splitting *w, const char *p)
{
	TEXT(p);
	for (;;) {
		const unsigned char *const begin = s;

		/*!re2c
		A W{2,} { goto word; }
		W+ { continue; }
		[\]\x00] { return; }
		* { continue; }
		*/
	word:
		take_level(w, level_of_word((struct span){
				  (const char *)begin, (size_t)(s - begin)}));
	}
}

/* The level of "[error]", "[php7:error]", "[ERROR/MainProcess]". */
static enum level
bracket_level(const char *p)
{
	const char *word = p + 1 + char_blanks(p + 1), *colon = NULL;
	size_t size = char_run(word, CHAR_WORD);
	enum level level = level_of_word((struct span){word, size});
	TEXT(word);

	/*!re2c
	W+ " "* "]" { return level; }
	* { goto part; }
	*/
part:
	if (level && size > 1 && (word[size] == '/' || word[size] == ':'))
		return level;
	colon = memchr(p, ':', strcspn(p, "]"));
	if (!colon)
		return LEVEL_UNKNOWN;
	s = m = (const unsigned char *)++colon;
	/*!re2c
	W{3,} " "* "]"
		{ return level_of_word((struct span){
			colon, char_run(colon, CHAR_WORD)}); }
	* { return LEVEL_UNKNOWN; }
	*/
}

/* [pid], [pid 12:tid 34], [1234.567], [0012] */
static bool
is_number_bracket(const char *p)
{
	TEXT(p);
	/*!re2c
	part = [ .:#] | "pid " | "tid ";
	"[" part* D (D | part)* "]" { return true; }
	* { return false; }
	*/
}

static size_t
split_bracket(struct splitting *w, const char *p)
{
	size_t n = bracket_length(p);
	enum level level;

	if (n < 3)
		return 0;
	/* torch's number of the process that prints */
	if (char_starts(p, "[rank") && p[n] == ':')
		return n + 1;
	if (has_clock(p) || token_time(p + 1)) {
		w->out->has_time = true;
		take_level_within(w, p);
		return n;
	}
	level = bracket_level(p);
	if (level) {
		take_level(w, level);
		return n + (p[n] == ':');
	}
	/* ERROR [main] 2026-03-02 */
	if (!w->out->has_time && p[n] == ' ' &&
	    token_time(p + n + 1))
		return n;
	/* a bare [5] in a text without other prefixes may be content */
	return is_number_bracket(p) && !(w->out->level && p[n] == ':') &&
		(w->at || memchr(p, '.', n) || strstr(p, "pid")) ? n : 0;
}

/* Time stamps, and the headers that begin with one. */

static enum level
level_of_letter(char c)
{
	return c == 'E' ? LEVEL_ERROR : c == 'F' ? LEVEL_FATAL
		: c == 'W' ? LEVEL_WARNING : LEVEL_INFO;
}

/* Seconds since 1970, with or without a fraction. */
static size_t
epoch_length(const char *p)
{
	TEXT(p);
	/*!re2c
	"1" (D{9} | D{12}) ("." D*)? / (":"? " ") { return LENGTH; }
	* { return 0; }
	*/
}

/* I0302 04:10:07.123456 12345 file.go:12] */
static size_t
split_glog(struct splitting *w, const char *p)
{
	size_t n, time;
	TEXT(p);

	/*!re2c
	[IWEFD] (D{4} | D{8}) " " { goto header; }
	// before absl knows the time zone
	[IWEFD] "0000 00:00:" / (D+ "." D+ " ") { goto header; }
	* { return 0; }
	*/
header:
	n = LENGTH;
	time = token_time(p + n);
	time = time ? time : epoch_length(p + n);
	if (!time)
		return 0;
	n += time + char_blanks(p + n + time);
	n += char_run(p + n, CHAR_DIGIT);
	w->out->has_time = true;
	take_level(w, level_of_letter(*p));
	return n + (p[n] == ' ');
}

/* "E, " of Ruby's "E, [2026-03-02T04:10:07.123456 #1234] ERROR -- prog: " */
static size_t
ruby_length(const char *p)
{
	TEXT(p);
	/*!re2c
	[DIWEFA] ", " / ("[" D{4} "-") { return LENGTH; }
	* { return 0; }
	*/
}

/*
 * "host prog[pid]: " after a time stamp; without a pid only in the classic
 * form of syslog.
 */
static size_t
split_syslog(struct splitting *w, const char *p, bool is_classic)
{
	const char *name = p + char_run(p, CHAR_HOST) + 1;
	TEXT(p);

	/*!re2c
	program = HOST+ " " (HOST | [/@()])+;
	program "[" D+ "]:" " "? { goto found; }
	program ":" " "? { if (is_classic) goto found; return 0; }
	* { return 0; }
	*/
found:
	w->name = (struct span){name, strcspn(name, "[:")};
	w->name_is_program = true;
	return LENGTH;
}

/* Marks between a time stamp and what follows it. */
static size_t
separator_length(const char *p)
{
	TEXT(p);
	/*!re2c
	[:,\]]? " " ("-" | "|" | "-->") / " " { return LENGTH; }
	[:,\]]? { return LENGTH; }
	*/
}

static size_t
split_time(struct splitting *w, const char *p)
{
	size_t n = char_is(*p, CHAR_DIGIT | CHAR_UPPER) ? token_time(p) : 0;
	size_t program;

	n = n ? n : epoch_length(p);
	if (!n)
		return 0;
	w->out->has_time = true;
	n += separator_length(p + n);
	if (p[n] != ' ')
		return n;
	program = split_syslog(w, p + n + 1, !char_is(*p, CHAR_DIGIT));
	return program ? n + 1 + program : n;
}

/* Levels, and what is before them. */

/*
 * What follows a level that is not a logger's: "ERROR at line 3", "ERROR 404:"
 * and "Error 1045" are content.
 */
enum following { OTHER, WORDS, NUMBER, REPLY };

static enum following
following(const char *p)
{
	TEXT(p);

	if (token_time(p + char_blanks(p)))
		return OTHER;
	/*!re2c
	" "* D+ (":" | " (") { return REPLY; }
	" "* D { return NUMBER; }
	" "* ("at " | "in " | "(") { return WORDS; }
	* { return OTHER; }
	*/
}

/* A number that no lower-case word follows. */
static bool
is_number_alone(const char *p)
{
	TEXT(p);
	/*!re2c
	D+ / (end \ D \ " " | " " (end \ [a-z])) { return true; }
	* { return false; }
	*/
}

/* The logger's name of "ERROR:name:message", with its colon; or 0. */
static size_t
split_logger(struct splitting *w, const char *p)
{
	size_t n = char_run(p, CHAR_HOST);

	if (!n || p[n] != ':')
		return 0;
	w->name = (struct span){p, n};
	w->name_is_program = false;
	return n + 1;
}

/* A level of n letters with a colon or bar after it, at p[mark]. */
static size_t
split_marked(struct splitting *w, const char *p, size_t n, size_t mark,
    enum level level, bool is_upper)
{
	bool is_glued = p[mark + 1] && p[mark + 1] != ' ';

	/* ERROR:root:message of Python's logging */
	if (is_glued && !(is_upper && n > 2))
		return 0;
	if (following(p + n))
		return 0;
	/* "error: 13 Permission denied" is a code, not a count */
	if ((!w->name_is_program || is_upper) && p[mark + 1] == ' ' &&
	    !w->out->has_time && is_number_alone(p + mark + 2) &&
	    !token_time(p + mark + 2))
		return 0;
	take_level(w, level);
	/* after "prog[pid]: " it is what the program said */
	if (w->name_is_program && !is_upper)
		return 0;
	mark++;
	return is_glued ? mark + split_logger(w, p + mark) : mark;
}

/* A level of n letters alone, as a logger writes it. */
static size_t
split_bare_level(struct splitting *w, const char *p, size_t n,
    enum level level, bool is_upper)
{
	enum following next = following(p + n);
	TEXT(p + n);

	/*
	 * In small letters only between other prefixes; and "ERR unknown
	 * command" is Redis speaking, not a logger.
	 */
	if (char_starts(p + n, " ") && char_is(p[n + 1], CHAR_LOWER) &&
	    char_is(p[1], CHAR_LOWER) && char_is(*p, CHAR_UPPER))
		return 0; /* "Error renewing x" is a sentence */
	if (n == 1 || w->out->level || (!is_upper && !(w->out->has_time && w->at)) ||
	    (n < 4 && !w->at) ||
	    (next && (!w->out->has_time || next == REPLY)))
		return 0;
	/*!re2c
	" " ([|~-] | "--" " :"?) / " " { take_level(w, level); return n + LENGTH; }
	// Spring: ERROR 1234 --- [thread]
	(" "+ D*)? " --- " { take_level(w, level); return n + LENGTH - 1; }
	[\x00 :\]|,>] { take_level(w, level); return n; }
	* { return 0; }
	*/
}

static size_t
split_level(struct splitting *w, const char *p)
{
	size_t n = char_run(p, CHAR_ALPHA), mark = n;
	bool is_upper = char_run(p, CHAR_UPPER) == n;
	enum level level;
	TEXT(p + n);

	if (!n || n > 13 || !(level = level_of_word((struct span){p, n})))
		return 0;
	/* what a program says; HINT goes on with what the line before it said */
	if ((!w->at && char_starts(p, "panic") && n == 5) ||
	    (char_starts(p, "HINT") && n == 4) || (n == 1 && !is_upper))
		return 0;
	/* "Error: x" may be the header of a trace: its type is content */
	if (!w->at && char_starts(p, "Error:")) {
		take_level(w, level);
		return 0;
	}
	/*!re2c
	// logrus: ERRO[0012]; stunnel: LOG3[main]:, the level as syslog has it
	"[" D+ "]" { if (is_upper) goto counted; return 0; }
	D "[" [^\] \x00]+ "]:" { if (char_starts(p, "LOG")) goto numbered; return 0; }
	"[" { goto stamped; }
	" "+ ":" { if (w->at || is_upper) mark = n + LENGTH - 1; goto mark; }
	[:|] { goto mark; }
	* { goto bare; }
	*/
stamped:
	/* logrus: ERRO[2026-03-02T04:10:07Z] */
	mark = token_time(p + n + 1);
	if (!is_upper)
		goto bare;
	if (!mark || p[n + 1 + mark] != ']')
		return 0;
	w->out->has_time = true;
	take_level(w, level);
	return n + mark + 2;
numbered:
	level = level_of_number(p[n] - '0');
counted:
	take_level(w, level);
	return n + LENGTH;
mark:
	if (p[mark] == ':' || p[mark] == '|')
		return split_marked(w, p, n, mark, level, is_upper);
bare:
	return split_bare_level(w, p, n, level, is_upper);
}

/* "ERROR", "[ERROR/Main]" */
static bool
is_level_here(const char *p)
{
	return *p == '[' ? bracket_length(p) && bracket_level(p)
			 : capital_level(p) != LEVEL_UNKNOWN;
}

/* A name or number with a blank, or nothing, after it; or 0. */
static size_t
word_length(const char *p)
{
	TEXT(p);
	/*!re2c
	name / [ \x00] { return LENGTH; }
	* { return 0; }
	*/
}

/*
 * After a time stamp a level may be after a thread, a logger, a pid:
 * "... [main] ERROR x", "... - name - ERROR - x".  What is before it is
 * split off, a logger's name is kept.
 */
static size_t
split_to_level(struct splitting *w, const char *p)
{
	const char *q = p;
	struct span name = {NULL, 0};
	size_t size;

	if (!w->out->has_time || w->out->level)
		return 0;
	for (unsigned words = 0; words < 5; words++, q += size) {
		q += char_blanks(q);
		if (words && is_level_here(q)) {
			w->name = name.size ? name : w->name;
			return (size_t)(q - p);
		}
		size = bracket_length(q);
		size = size ? size : word_length(q);
		if (!size)
			return 0;
		if (!name.size && char_is(*q, CHAR_ALPHA))
			name = (struct span){q, size};
	}
	return 0;
}

/* Other prefixes. */

/* web-1  | , web_1  | , 0|app  | */
static size_t
multiplexer_length(const char *p)
{
	TEXT(p);
	/*!re2c
	(D+ "|" A HOST* | A HOST* [._-] HOST* D) " "+ "|" " "?
		{ return LENGTH; }
	* { return 0; }
	*/
}

/* What a number may be after a time stamp: 12#34:, *56, a bare pid. */
static size_t
number_length(const char *p)
{
	const char *next = p + char_run(p, CHAR_DIGIT);
	TEXT(p);

	/*!re2c
	D+ "#" D* ":" { return LENGTH; }
	"*" D+ / " " { return LENGTH; }
	D+ / (" "+ "[") { return LENGTH; }
	D+ / " " { goto pid; }
	* { return 0; }
	*/
pid:
	return capital_level(next + char_blanks(next)) ? LENGTH : 0;
}

static size_t
split_mark(struct splitting *w, const char *p)
{
	size_t n;
	TEXT(p);

	/*!re2c
	"[" { n = split_bracket(w, p); return n ? n : split_to_level(w, p); }
	"(node:" D+ ")" { return LENGTH; }
	"*" { return w->out->has_time ? number_length(p) : 0; }
	// syslog's priority, of which the last three bits are the level
	"<" D{1,3} ">" { take_level(w, level_of_number(strtol(p + 1, NULL, 10) % 8));
		return LENGTH; }
	[(<] / [A-Z0-9] { goto time; }
	"@4" X{23} " " { w->out->has_time = true; return LENGTH; } // TAI64N
	"<" A{3,} "> " { goto angle; }
	// (app:4711): Gtk-WARNING **: of GLib
	"(" HOST+ ":" D+ "): " ((HOST | "-")+ "-")? A+ " **: " { goto glib; }
	// the id of a query, of a process; what comes, after a time stamp
	"{" (HOST | "-")* "} " | "(" D+ ") : " { return w->at ? LENGTH : 0; }
	"#" D+ "(" HOST+ ") <" N+ ">; " { return w->out->has_time ? LENGTH : 0; }
	("✘" | "✖" | "✗" | "▲") " " / ("[" [A-Z]) { return LENGTH; }
	"-> " [!^]? { goto arrow; }
	// ==123== and --123-- of checkers; wget's --2026-03-02 04:10:07--
	"==" D+ (":" D*)? "==" | "--" D+ (":" D*)? "--"
		{ w->out->is_checker = true; return LENGTH; }
	"--" { goto request; }
	// between the parts of a prefix
	"- " { return w->out->has_time && split_to_level(w, p + 2); }
	// %3|1709352607.123|FAIL|rdkafka#producer-1| of Kafka
	"%" D "|" HOST+ "|" [^| \x00]* "|" [^| \x00]* "|" { goto kafka; }
	"|" { goto bar; }
	// |77|ERROR   |message, after a time stamp
	"|" HOST+ " "* "|" { goto level; }
	* { return 0; }
	*/
time:
	/* (2026-03-02 04:10:07), and <Error> <Server> after it */
	n = token_time(p + 1);
	if (!n || p[1 + n] != (*p == '(' ? ')' : '>'))
		return 0;
	w->out->has_time = true;
	return n + 2;
glib:
	for (n = LENGTH - 5; char_is(p[n - 1], CHAR_ALPHA);)
		n--;
	take_level(w, level_of_word((struct span){p + n, LENGTH - 5 - n}));
	return LENGTH;
arrow:
	if (w->out->has_time && s[-1] != ' ')
		take_level(w, s[-1] == '!' ? LEVEL_ERROR : LEVEL_WARNING);
	return w->out->has_time ? LENGTH : 0;
angle:
	take_level(w, level_of_word((struct span){p + 1, LENGTH - 3}));
	return w->out->level && w->at ? LENGTH : 0;
request:
	n = token_time(p + 2);
	if (!n || !char_starts(p + 2 + n, "--"))
		return 0;
	w->out->is_request = !strstr(p, "(try");
	return n + 4;
kafka:
	w->out->has_time = true;
	take_level(w, level_of_number(p[1] - '0'));
	return LENGTH;
level:
	if (w->out->has_time && !w->out->level) {
		take_level(w, level_of_word((struct span){
				  p + 1, char_run(p + 1, CHAR_HOST)}));
		return LENGTH - 1;
	}
bar:
	return w->at && (p[1] == ' ' || w->out->level);
}

static size_t
split_one(struct splitting *w, const char *p)
{
	size_t n;

	if (char_is(*p, CHAR_ALPHA)) {
		if ((n = split_glog(w, p)) || (n = ruby_length(p)) ||
		    (n = split_level(w, p)) || (n = split_time(w, p)) ||
		    (n = multiplexer_length(p)))
			return n;
		return split_to_level(w, p);
	}
	if (!char_is(*p, CHAR_DIGIT))
		return split_mark(w, p);
	if ((n = split_time(w, p)) ||
	    (w->out->has_time && (n = number_length(p))))
		return n;
	return multiplexer_length(p);
}

/* What is left. */

/* Writes "NAME: " right before the message, over what was split off. */
static void
join_name(struct splitting *w, size_t size)
{
	char *start = w->line + w->at;
	char name[128];
	size_t n = w->name.size;
	struct split *out = w->out;

	if (n >= sizeof(name) || !n || w->at < n + 2)
		return;
	memcpy(name, w->name.data, n);
	memcpy(start - n - 2, name, n);
	memcpy(start - 2, ": ", 2);
	out->is_joined = true;
	out->text = start - n - 2;
	out->size = size - w->at + n + 2;
	if (w->name_is_program)
		out->subject = out->text;
}

/* A logger's name, "com.foo.Bar - " or "o.s.b.App    : ", after a level. */
static size_t
logger_length(const char *p)
{
	TEXT(p);
	/*!re2c
	name " "+ [:-] " " | (HOST | "$")* "." (HOST | "$")* ": "
		{ return LENGTH; }
	// loguru: module:function:12 -; klog: file.go:12]; zap: file.go:12
	name ":" [^: \x00]* ":" D+ " - " | name ":" D+ "]"? " " "- "?
		{ return LENGTH; }
	* { return 0; }
	*/
}

/* "[main] ", "[main]: " */
static size_t
thread_length(const char *p)
{
	size_t n = bracket_length(p);

	if (!n || (p[n] != ' ' && !char_starts(p + n, ": ")))
		return 0;
	n += p[n] == ':';
	return n + char_blanks(p + n);
}

/* "[some.logger] " */
static bool
is_named(const char *p)
{
	TEXT(p);
	/*!re2c
	"[" A+ "." HOST+ "] " { return true; }
	* { return false; }
	*/
}

void
split_find_subject(struct split *out)
{
	const char *p = out->body + char_blanks(out->body);
	size_t n;

	out->indent = (size_t)(p - out->body);
	if (!out->subject) {
		while (out->level && (out->has_time || is_named(p)) &&
		       (n = thread_length(p)))
			p += n;
		if (out->level && out->has_time)
			p += logger_length(p);
		out->subject = p;
	}
	if (!*out->subject)
		out->subject = out->body;
	out->subject += char_blanks(out->subject);
	/* what an excerpt of the source has at its margin */
	if (char_starts(out->subject, "| "))
		out->subject += 1 + char_blanks(out->subject + 1);
}

/* 4711:M 02 Mar 2026 04:10:07.123 # message, of Redis */
static size_t
redis_length(const char *p)
{
	size_t n = char_run(p, CHAR_DIGIT), time;

	if (!n || p[n] != ':' || !char_is(p[n + 1], CHAR_UPPER) ||
	    p[n + 2] != ' ' || !(time = token_time(p + n + 3)))
		return 0;
	n += 3 + time;
	return p[n] == ' ' && p[n + 1] && p[n + 2] == ' ' ? n + 3 : 0;
}

/*
 * curl's meter of progress, whose last line its error goes on with:
 * "  0     0 --:--:-- --:--:--     0curl: (6) ...".
 */
static size_t
meter_length(const char *p)
{
	TEXT(p);
	/*!re2c
	(D | [0-9#] [0-9 .:#%kMG-]* [0-9 %kMG]) / "curl: (" { return LENGTH; }
	* { return 0; }
	*/
}

/* What is left when all has been split off. */
static void
set_text(struct splitting *w, size_t size)
{
	struct split *out = w->out;

	/* one blank parts a prefix from the message; more are indentation */
	if (w->at && w->line[w->at] == ' ')
		w->at++;
	/* when nothing is left, the prefix was the message */
	if (!w->line[w->at] && !out->has_time && !out->is_checker)
		w->at = 0;
	if (out->level && w->at && !out->has_time && !w->name.size)
		w->at += char_blanks(w->line + w->at);
	out->text = out->body = w->line + w->at;
	out->size = size - w->at;
	join_name(w, size);
}

/* The margin of a box, U+2502 or U+2503 and a blank; or 0. */
static size_t
margin_length(const char *p)
{
	TEXT(p);
	/*!re2c
	("│" | "┃") " "? { return LENGTH; }
	* { return 0; }
	*/
}

/* Cuts the margin at the other side off a boxed line.  Returns its size. */
static size_t
cut_margin(char *line, size_t size)
{
	if (size >= 3 && margin_length(line + size - 3))
		size -= 3;
	while (size && line[size - 1] == ' ')
		size--;
	line[size] = '\0';
	return size;
}

/* "tid=1x9k class=Sync WARN: message": the level is after the pairs. */
static void
level_after_pairs(struct split *out)
{
	const char *word;
	TEXT(out->body);

	/*!re2c
	(W+ "=" [^ \x00]* " "+)+ [A-Z]{3,} ": " { goto found; }
	* { return; }
	*/
found:
	word = (const char *)s - 2;
	while (word[-1] != ' ')
		word--;
	out->level = level_of_word(
	    (struct span){word, (size_t)((const char *)s - 2 - word)});
	if (out->level)
		out->subject = (const char *)s;
}

void
split_prefix(char *line, size_t size, struct split *out)
{
	size_t margin = margin_length(line), blanks, meter, n;
	struct splitting w = {.line = line + margin, .out = out};

	line += margin;
	size = margin ? cut_margin(line, size - margin) : size;
	blanks = char_blanks(line);
	meter = meter_length(line + blanks);
	w.at = meter ? blanks + meter : 0;
	*out = (struct split){.is_boxed = margin > 0};
	for (unsigned i = 0; blanks < 9 && i < PREFIXES_MAX; i++) {
		const char *p = line + w.at + char_blanks(line + w.at);

		if (!(n = split_one(&w, p)))
			break;
		w.at = (size_t)(p - line) + n;
	}
	set_text(&w, size);
	if (!out->level)
		level_after_pairs(out);
	/* "error: x" as a tool writes it is read whole, "Error: x" is not */
	if (w.at && !out->has_time && !w.name.size && !out->is_checker &&
	    out->level >= LEVEL_ERROR && char_is(line[blanks], CHAR_LOWER))
		out->subject = line + blanks;
	if (!out->level)
		out->level = line_level(out->body);
	if (!out->subject && (n = redis_length(out->body)))
		out->subject = out->body + n;
	split_find_subject(out);
}
