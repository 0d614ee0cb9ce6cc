/* Which numbers are kept: by what stands around them. */
#include "scan.h"

#include "chars.h"

/* Names of files whose lines are code. */
static bool
is_code_name(const char *p, size_t size)
{
	static const char extensions[] =
	    "c h cc cpp cxx hpp hh hxx m mm cs java kt kts scala sc groovy clj "
	    "py pyx pyw pxd rb erb rake ru pl pm t cgi php phtml inc js mjs "
	    "cjs jsx ts mts cts tsx vue svelte go rs swift lua r R jl ex exs "
	    "erl hrl hs lhs ml mli fs fsx vb sh bash zsh ksh fish awk sed sql "
	    "tcl el lisp scm cr nim zig d pas pp ada adb ads f f90 v sv vhd "
	    "vhdl s S asm mk mak cmake gradle am ac m4 pyi tf nix bzl css scss "
	    "less j2 jinja jinja2 twig ejs proto thrift l y ld lds ps1 psm1 "
	    "bat cmd dart sol ninja service cob cbl bas hx pug haml coffee gd "
	    "raku p6 plx psgi xs yy ll html.erb rkt st wat xsl xslt";
	static const char names[] =
	    "Makefile makefile GNUmakefile Dockerfile Rakefile Gemfile "
	    "CMakeLists.txt Jenkinsfile Vagrantfile meson.build BUILD "
	    "SConstruct SConscript Kconfig wscript Justfile justfile "
	    "build.xml configure -e";
	size_t dot = size, base = size;

	while (base && p[base - 1] != '/' && p[base - 1] != '\\')
		base--;
	p += base;
	size -= base;
	if (!size)
		return false;
	dot = size;
	while (dot && p[dot - 1] != '.')
		dot--;
	if (dot > 1 &&
	    span_in((struct span){p + dot, size - dot}, extensions))
		return true;
	return span_in((struct span){p, size}, names);
}

/* Names of files whose lines are data; a host name has other endings. */
static bool
is_data_name(const char *p, size_t size)
{
	static const char extensions[] =
	    "csv tsv txt log json jsonl ndjson xml yml yaml toml ini conf cfg "
	    "dat data html htm md rst gz bz2 xz zip zst lock out err tmp bak "
	    "xlsx xls parquet avro properties env list lst cnf rules sam vcf "
	    "fasta fa fastq geojson ics eml mbox rdf ttl nt po pot tex bib srt "
	    "in diff patch crt pem key pdf png jpg db sqlite";
	size_t dot = size;

	if (memchr(p, '/', size) && !strstr(p, "://"))
		return true;
	while (dot && p[dot - 1] != '.')
		dot--;
	return dot && span_in((struct span){p + dot, size - dot}, extensions);
}

/* The start of the token (no blank, quote, bracket, colon) that ends at n. */
static size_t
token_start(const char *text, size_t n)
{
	size_t i = n;

	while (i && !strchr(" \"'`()[]<>,;=:|{}", text[i - 1]))
		i--;
	return i;
}

static bool
is_code_before(const char *text, size_t n)
{
	size_t i = token_start(text, n);

	return is_code_name(text + i, n - i);
}

/* Does text[0, n) end with this? */
static bool
ends_with(const char *text, size_t n, const char *end)
{
	size_t size = strlen(end);

	return n >= size && !memcmp(text + n - size, end, size);
}

/* A script's name, with a path or without, for "script: line N:". */
static bool
is_script(const char *text, size_t n)
{
	size_t dot = n;

	if (!n || memchr(text, ' ', n) || memchr(text, '<', n))
		return false;
	while (dot && text[dot - 1] != '.' && text[dot - 1] != '/')
		dot--;
	if (dot && text[dot - 1] == '.' && dot > 1 && text[dot - 2] != '/')
		return is_code_name(text, n);
	return true;
}

/* The number behind "line ". */
static bool
is_line_of_code(const char *text, size_t i, size_t n)
{
	size_t before = i - 5, start;

	/* File "x.py", line 3 */
	if (ends_with(text, before, "\", ") || ends_with(text, before, "', "))
		return strstr(text, "File \"") || strstr(text, "file \"") ||
		    is_code_before(text, before - 3);
	/* in x.php on line 3; on main.tf line 3; x.c, line 3 */
	if (ends_with(text, before, " on "))
		before -= 3;
	if (ends_with(text, before, ", "))
		before--;
	if (before < 2 || text[before - 1] != ' ')
		return ends_with(text, before, ":") &&
		    before > 1 && is_code_before(text, before - 1);
	before--;
	/* x.sh: line 3: */
	if (text[before - 1] == ':')
		return text[n] == ':' && is_script(text, before - 1);
	/* tcl: (file "x.tcl" line 3) */
	if (text[before - 1] == '"')
		return true;
	start = before;
	while (start && text[start - 1] != ' ')
		start--;
	if (is_code_before(text, before))
		return true;
	/* statements of a script for sqlite3, mysql */
	if (ends_with(text, before, " near"))
		return strstr(text, "rror: near line ") ||
		    strstr(text, "rror near line ");
	if (ends_with(text, before, ") at"))
		return char_starts(text, "ERROR ") != 0;
	/* at /usr/bin/script line 3 */
	return ends_with(text, start, "at ") && text[before - 1] != ')';
}

bool
scan_is_place(const struct scan *s, size_t i, size_t n)
{
	const char *p = s->text;
	char c = i ? p[i - 1] : 0;

	if (c == ':') {
		if (s->kept_end && s->kept_end == i - 1)
			return true;
		if (is_code_before(p, i - 1))
			return true;
		/* lua's [string "..."]:1: and (command line):1: */
		if (i > 2 && p[i - 2] == ']' && p[i - 3] == '"')
			return true;
		/* awk: cmd. line:1: */
		return ends_with(p, i, " line:") && p[n] == ':';
	}
	if (c == '(')
		return i > 1 && p[i - 2] != ' ' && is_code_before(p, i - 1);
	if (c == ',' && ends_with(p, i, "{line,")) /* erlang */
		return true;
	if (c == ',')
		return s->kept_end && s->kept_end == i - 1 && p[n] != ' ' &&
		    strchr(")]-", p[n]) && p[n];
	if (c == '[')
		return i > 2 && p[i - 2] == ':' && is_code_before(p, i - 2);
	if (c == ' ') {
		if (ends_with(p, i, "line ") && i > 5)
			return is_line_of_code(p, i, n);
		/* dash: script: 3: foo: not found */
		if (i > 2 && p[i - 2] == ':' && p[n] == ':' &&
		    p[n + 1] == ' ')
			return is_script(p, i - 2);
		return false;
	}
	return false;
}

/* What a number may be joined to an error word by. */
static bool
is_joined(const char *text, size_t from, size_t to)
{
	if (to - from > 6)
		return false;
	for (size_t i = from; i < to; i++) {
		if (strchr(" :=([\"#'-", text[i]))
			continue;
		return false;
	}
	return true;
}

static bool
has_suffix(struct span word, const char *list)
{
	while (*list) {
		size_t n = 0;

		while (list[n] && list[n] != ' ')
			n++;
		if (word.size >= n) {
			struct span end = {word.data + word.size - n, n};
			char item[16];

			memcpy(item, list, n);
			item[n] = '\0';
			if (span_in_any_case(end, item))
				return true;
		}
		list += n + (list[n] == ' ');
	}
	return false;
}

static bool
is_code_word(struct span word)
{
	return span_in_any_case(word,
		   "err exit exited returned rc signal http response ret rv "
		   "retval winerror ioerror gaierror oserror") ||
	    has_suffix(word, "errno error code status sqlstate hresult");
}

/* "error: 9 pages lost" is a count. */
static bool
is_count(const char *text, size_t from, size_t n)
{
	return text[from] == ':' && text[n] == ' ' &&
	    char_is(text[n + 1], CHAR_LOWER);
}

/* (23) alone behind a blank; (111: Connection refused) */
static bool
is_in_parentheses(const char *p, size_t i, size_t n)
{
	size_t open = i;

	if (open && p[open - 1] == '-')
		open--;
	if (n - i > 3 || !open || p[open - 1] != '(')
		return false;
	if (open > 1 && p[open - 2] != ' ')
		return false;
	if (char_starts(p, "thread '"))
		return false;
	return p[n] == ')' ||
	    (p[n] == ':' && p[n + 1] == ' ' && char_is(p[n + 2], CHAR_UPPER));
}

/* 404 Not Found */
static bool
is_reply(const char *p, size_t i, size_t n)
{
	if (n - i != 3 || p[i] < '1' || p[i] > '5' || p[n] != ' ')
		return false;
	if (i && !strchr(" \"'(:=[", p[i - 1]))
		return false;
	if (char_is(p[n + 1], CHAR_UPPER))
		return true;
	return char_is(p[n + 1], CHAR_DIGIT) && p[n + 2] == '.' &&
	    char_is(p[n + 3], CHAR_DIGIT);
}

/* HTTP/1.1 503, and "GET / HTTP/1.1" 503 */
static bool
is_behind_protocol(const char *p, size_t i, size_t n)
{
	size_t k = i;

	if (n - i != 3)
		return false;
	while (k && (p[k - 1] == ' ' || p[k - 1] == '"'))
		k--;
	while (k && (p[k - 1] == '.' || char_is(p[k - 1], CHAR_DIGIT)))
		k--;
	return k < i && ends_with(p, k, "HTTP/");
}

bool
scan_is_code(const struct scan *s, size_t i, size_t n)
{
	const char *p = s->text;
	size_t from = s->word_start + s->word_size;
	struct span word = {p + s->word_start, s->word_size};
	bool is_hex = n - i == 8 || n - i == 10;

	if (n - i > 5 && !is_hex)
		return false;
	if (n - i <= 5 && (is_in_parentheses(p, i, n) || is_reply(p, i, n) ||
			      is_behind_protocol(p, i, n)))
		return true;
	/* ORA-00942 */
	if (i > 1 && p[i - 1] == '-' && n - i >= 3 &&
	    from == i - 1 && char_run(word.data, CHAR_UPPER) == word.size &&
	    word.size >= 2)
		return true;
	if (!word.size || from > i)
		return false;
	if (span_in(word, "of is to with") && is_joined(p, from, i)) {
		word = (struct span){p + s->earlier_start, s->earlier_size};
		return is_code_word(word);
	}
	if (!is_joined(p, from, i))
		return ends_with(p, i, "] [") && strstr(p, "SQLSTATE[") &&
		    n - i <= 5;
	return is_code_word(word) && !is_count(p, from, n);
}

/* 10.0.0.1:80, [::1]:80, localhost:80, db.example.com:80, //db:80 */
static bool
is_host_before(const struct scan *s, size_t colon)
{
	const char *p = s->text;
	size_t i;

	if (!colon)
		return false;
	if (p[colon - 1] == '|') /* wget: host|10.0.0.1|:80 */
		return true;
	if (p[colon - 1] == ']')
		return colon > 1 && p[colon - 2] != '"';
	i = colon;
	while (i && char_is(p[i - 1], CHAR_HOST))
		i--;
	if (i == colon)
		return false;
	if (span_in((struct span){p + i, colon - i}, "localhost"))
		return true;
	if (i > 1 && ((p[i - 1] == '/' && p[i - 2] == '/') || p[i - 1] == '@'))
		return true;
	if (i && p[i - 1] == '/')
		return false;
	if (!memchr(p + i, '.', colon - i)) {
		struct span last = {p + s->earlier_start, s->earlier_size};

		return span_in(last, "tcp udp host broker server upstream peer "
				     "endpoint address addr") &&
		    char_is(p[i], CHAR_ALPHA);
	}
	return !is_data_name(p + i, colon - i);
}

bool
scan_is_port(const struct scan *s, size_t i, size_t n)
{
	const char *p = s->text;
	size_t from = s->word_start + s->word_size;
	struct span word = {p + s->word_start, s->word_size};

	if (n - i > 5)
		return false;
	if (i && p[i - 1] == ':') {
		size_t start = i - 1;

		if (!is_host_before(s, i - 1))
			return false;
		/* [logger.name:123] is a logger and its process */
		while (start && char_is(p[start - 1], CHAR_HOST))
			start--;
		return !(start && p[start - 1] == '[' && p[n] == ']');
	}
	return word.size >= 4 && from < i && is_joined(p, from, i) &&
	    has_suffix(word, "port");
}
