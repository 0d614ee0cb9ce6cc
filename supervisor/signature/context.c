/* Which numbers are kept: by what stands around them. */
#include "scan.h"

#include "chars.h"

/* Names of files whose lines are code. */
static bool
is_code_name(const char *p, size_t size)
{
	static const struct word extensions[] = {
	    WORD("c"), WORD("h"), WORD("cc"), WORD("cpp"), WORD("cxx"),
	    WORD("hpp"), WORD("hh"), WORD("hxx"), WORD("m"), WORD("mm"),
	    WORD("cs"), WORD("java"), WORD("kt"), WORD("kts"), WORD("scala"),
	    WORD("sc"), WORD("groovy"), WORD("clj"), WORD("py"), WORD("pyx"),
	    WORD("pyw"), WORD("pxd"), WORD("rb"), WORD("erb"), WORD("rake"),
	    WORD("ru"), WORD("pl"), WORD("pm"), WORD("t"), WORD("cgi"),
	    WORD("php"), WORD("phtml"), WORD("inc"), WORD("js"), WORD("mjs"),
	    WORD("cjs"), WORD("jsx"), WORD("ts"), WORD("mts"), WORD("cts"),
	    WORD("tsx"), WORD("vue"), WORD("svelte"), WORD("go"), WORD("rs"),
	    WORD("swift"), WORD("lua"), WORD("r"), WORD("R"), WORD("jl"),
	    WORD("ex"), WORD("exs"), WORD("erl"), WORD("hrl"), WORD("hs"),
	    WORD("lhs"), WORD("ml"), WORD("mli"), WORD("fs"), WORD("fsx"),
	    WORD("vb"), WORD("sh"), WORD("bash"), WORD("zsh"), WORD("ksh"),
	    WORD("fish"), WORD("awk"), WORD("sed"), WORD("sql"), WORD("tcl"),
	    WORD("el"), WORD("lisp"), WORD("scm"), WORD("cr"), WORD("nim"),
	    WORD("zig"), WORD("d"), WORD("pas"), WORD("pp"), WORD("ada"),
	    WORD("adb"), WORD("ads"), WORD("f"), WORD("f90"), WORD("v"),
	    WORD("sv"), WORD("vhd"), WORD("vhdl"), WORD("s"), WORD("S"),
	    WORD("asm"), WORD("mk"), WORD("mak"), WORD("cmake"),
	    WORD("gradle"), WORD("am"), WORD("ac"), WORD("m4"), WORD("pyi"),
	    WORD("tf"), WORD("nix"), WORD("bzl"), WORD("css"), WORD("scss"),
	    WORD("less"), WORD("j2"), WORD("jinja"), WORD("jinja2"),
	    WORD("twig"), WORD("ejs"), WORD("proto"), WORD("thrift"),
	    WORD("l"), WORD("y"), WORD("ld"), WORD("lds"), WORD("ps1"),
	    WORD("psm1"), WORD("bat"), WORD("cmd"), WORD("dart"),
	    WORD("sol"), WORD("ninja"), WORD("service"), WORD("cob"),
	    WORD("cbl"), WORD("bas"), WORD("hx"), WORD("pug"), WORD("haml"),
	    WORD("coffee"), WORD("gd"), WORD("raku"), WORD("p6"),
	    WORD("plx"), WORD("psgi"), WORD("xs"), WORD("yy"), WORD("ll"),
	    WORD("html.erb"), WORD("rkt"), WORD("st"), WORD("wat"),
	    WORD("xsl"), WORD("xslt"),
	    {0},
	};
	static const struct word names[] = {
	    WORD("Makefile"), WORD("makefile"), WORD("GNUmakefile"),
	    WORD("Dockerfile"), WORD("Rakefile"), WORD("Gemfile"),
	    WORD("CMakeLists.txt"), WORD("Jenkinsfile"), WORD("Vagrantfile"),
	    WORD("meson.build"), WORD("BUILD"), WORD("SConstruct"),
	    WORD("SConscript"), WORD("Kconfig"), WORD("wscript"),
	    WORD("Justfile"), WORD("justfile"), WORD("build.xml"),
	    WORD("configure"), WORD("-e"),
	    {0},
	};
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
	    span_among((struct span){p + dot, size - dot}, extensions))
		return true;
	return span_among((struct span){p, size}, names);
}

/* Names of files whose lines are data; a host name has other endings. */
static bool
is_data_name(const char *p, size_t size)
{
	static const struct word extensions[] = {
	    WORD("csv"), WORD("tsv"), WORD("txt"), WORD("log"), WORD("json"),
	    WORD("jsonl"), WORD("ndjson"), WORD("xml"), WORD("yml"),
	    WORD("yaml"), WORD("toml"), WORD("ini"), WORD("conf"),
	    WORD("cfg"), WORD("dat"), WORD("data"), WORD("html"),
	    WORD("htm"), WORD("md"), WORD("rst"), WORD("gz"), WORD("bz2"),
	    WORD("xz"), WORD("zip"), WORD("zst"), WORD("lock"), WORD("out"),
	    WORD("err"), WORD("tmp"), WORD("bak"), WORD("xlsx"), WORD("xls"),
	    WORD("parquet"), WORD("avro"), WORD("properties"), WORD("env"),
	    WORD("list"), WORD("lst"), WORD("cnf"), WORD("rules"),
	    WORD("sam"), WORD("vcf"), WORD("fasta"), WORD("fa"),
	    WORD("fastq"), WORD("geojson"), WORD("ics"), WORD("eml"),
	    WORD("mbox"), WORD("rdf"), WORD("ttl"), WORD("nt"), WORD("po"),
	    WORD("pot"), WORD("tex"), WORD("bib"), WORD("srt"), WORD("in"),
	    WORD("diff"), WORD("patch"), WORD("crt"), WORD("pem"),
	    WORD("key"), WORD("pdf"), WORD("png"), WORD("jpg"), WORD("db"),
	    WORD("sqlite"),
	    {0},
	};
	size_t dot = size;

	if (memchr(p, '/', size) && !strstr(p, "://"))
		return true;
	while (dot && p[dot - 1] != '.')
		dot--;
	return dot && span_among((struct span){p + dot, size - dot}, extensions);
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

enum { CODE_WORD_MAX = 32, CODE_KINDS_MAX = 5 };

struct code_word {
	struct word word;
	bool is_suffix; /* exit_status, errorCode */
};

#define WHOLE(text) {WORD(text), false}
#define SUFFIX(text) {WORD(text), true}

/* What a number behind is a code of; by last letter. */
static const struct code_word code_words[26][CODE_KINDS_MAX] = {
    ['c' - 'a'] = {WHOLE("rc")},
    ['d' - 'a'] = {WHOLE("exited"), WHOLE("returned")},
    ['e' - 'a'] = {SUFFIX("code"), SUFFIX("sqlstate"), WHOLE("response")},
    ['l' - 'a'] = {WHOLE("signal"), WHOLE("retval")},
    ['o' - 'a'] = {SUFFIX("errno")},
    ['p' - 'a'] = {WHOLE("http")},
    ['r' - 'a'] = {SUFFIX("error"), WHOLE("err")},
    ['s' - 'a'] = {SUFFIX("status")},
    ['t' - 'a'] = {WHOLE("exit"), WHOLE("ret"), SUFFIX("hresult")},
    ['v' - 'a'] = {WHOLE("rv")},
};

static bool
is_code_word(struct span word)
{
	const struct code_word *w;
	char last = word.size ? char_lower(word.data[word.size - 1]) : 0;

	if (word.size > CODE_WORD_MAX || last < 'a' || last > 'z')
		return false;
	for (w = code_words[last - 'a']; w->word.text; w++) {
		size_t n = w->word.size, k = 0;
		const char *end = word.data + word.size - n;

		if (word.size < n || (!w->is_suffix && word.size > n))
			continue;
		while (k < n && char_lower(end[k]) == w->word.text[k])
			k++;
		if (k == n)
			return true;
	}
	return false;
}

/* port, Port, srcport */
static bool
is_port_word(struct span word)
{
	const char *p = word.data + word.size - 4;

	return word.size >= 4 && (*p == 'p' || *p == 'P') &&
	    !strncmp(p + 1, "ort", 3);
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
	if (word.size <= 4 && span_in(word, "of is to with") && is_joined(p, from, i)) {
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
	return from < i && is_port_word(word) && is_joined(p, from, i);
}

/* Words behind which a number may be kept; those of JSON levels as well. */
static bool
is_keeping_word(struct span word)
{
	if (is_code_word(word) || is_port_word(word))
		return true;
	return word.size <= 8 &&
	    span_in_any_case(word,
		"line of is to with level severity levelno lvl s l loglevel");
}

/* Behind a word and what may join a number to it. */
static bool
is_behind_keeping_word(const char *text, size_t i)
{
	size_t end = i, start;

	while (end && strchr(" :=([\"#'-", text[end - 1]))
		end--;
	start = end;
	while (start && char_is(text[start - 1], CHAR_WORD))
		start--;
	return is_keeping_word((struct span){text + start, end - start});
}

bool
scan_may_keep(const char *text, size_t i, size_t n)
{
	char c = i ? text[i - 1] : 0, b = i > 1 ? text[i - 2] : 0;

	if (n - i == 3 && text[n] == ' ' &&
	    char_is(text[n + 1], CHAR_UPPER | CHAR_DIGIT))
		return true;
	switch (c) {
	case ':':
		return b != '"' || is_behind_keeping_word(text, i);
	case '(':
		return true;
	case ',':
		return text[n] && strchr(")]-}", text[n]);
	case '[':
		return b == ':' || b == ' ' || is_behind_keeping_word(text, i);
	case '-':
		return char_is(b, CHAR_UPPER) || b == '(' ||
		    is_behind_keeping_word(text, i);
	case ' ':
	case '"':
		if (b == ':' || char_is(b, CHAR_DIGIT))
			return true;
		return is_behind_keeping_word(text, i);
	case '=':
	case '#':
	case '\'':
		return is_behind_keeping_word(text, i);
	default:
		return false;
	}
}
