/* What holds of every failure: laws beside the examples. */
#include "known.h"

#include "base/text.h"
#include "signature/chars.h"

static const char plain[] =
    "2026-03-02 04:10:07,123 INFO [77] start of run 18\n"
    "copied 12 of 40 files to /tmp/tmpab3d_x9q/out\n"
    "\033[31merror\033[0m: cannot open 'caf\xc3\xa9.csv': Permission denied\n"
    "  while reading part 3\n"
    "\r 10%\r 20%\r 30%\r\n"
    "fatal: 2 parts were not written\n";

static const char trace[] = "Traceback (most recent call last):\n"
			    "  File \"/srv/app/job.py\", line 12, in <module>\n"
			    "    main()\n"
			    "ValueError: row 17 is bad\n";

static void
check_cuts(struct signature *s, const char *name, const char *text)
{
	const struct outcome o = {.exit = 1};
	struct signature_result whole = sign(s, NULL, &o, text, SIZE_MAX);
	bool is_same = true;

	for (size_t piece = 1; piece <= strlen(text); piece++) {
		struct signature_result r = sign(s, NULL, &o, text, piece);

		is_same &=
		    r.value == whole.value && !strcmp(r.subject, whole.subject);
	}
	tap_ok(is_same, "%s: pieces of any size give one answer", name);
}

/* Does `text` have the signature of `like`? */
static bool
is_alike(struct signature *s, const char *text, const char *like)
{
	const struct outcome o = {.exit = 1};

	return sign(s, NULL, &o, text, 7).value ==
	       sign(s, NULL, &o, like, 11).value;
}

static void
check_endings(struct signature *s)
{
	struct outcome o = {.exit = 1};
	uint64_t seen[256 + 65];
	size_t count = 0, doubles = 0;
	struct signature_result r;

	for (int i = 0; i < 256; i++) {
		o.exit = i;
		seen[count++] = sign(s, NULL, &o, plain, 64).value;
	}
	o.exit = -1;
	for (int i = 1; i <= 64; i++) {
		o.signal = i;
		seen[count++] = sign(s, NULL, &o, plain, 64).value;
	}
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < i; k++)
			doubles += seen[i] == seen[k];
	tap_is_int((long long)doubles, 0,
	    "each exit status and each signal is another failure");
	o = (struct outcome){.exit = -1, .signal = 9};
	r = sign(s, NULL, &o, "", 1);
	tap_is(r.subject, "killed by signal 9 (SIGKILL)",
	    "silence is told by how it ended");
	tap_ok(!r.has_evidence, "silence has no evidence");
}

static void
check_noise(struct signature *s)
{
	static char many[1 << 20], like[1 << 16];
	struct text t;

	text_init(&t, many, sizeof(many));
	for (int i = 0; i < 9000; i++)
		text_addf(&t, "2026-03-02 04:10:%02d INFO stored %d rows\n",
		    i % 60, i);
	text_add_string(&t, trace);
	tap_ok(is_alike(s, many, trace),
	    "what came before a traceback does not count");
	text_clear(&t);
	for (int i = 0; i < 5000; i++)
		text_add_string(&t, "error: cannot reach db1\n");
	tap_ok(is_alike(s, many, "error: cannot reach db1\n"),
	    "how often a line repeats does not count");
	text_init(&t, like, sizeof(like));
	for (const char *p = trace; *p; p++)
		text_addf(&t, *p == '\n' ? "\r\n" : "%c", *p);
	tap_ok(is_alike(s, like, trace), "CRLF is LF");
	tap_ok(
	    is_alike(s, "\033]0;title\a\033[1;31merror\033[0m: cannot open x\n",
		"error: cannot open x\n"),
	    "colours and titles do not count");
	tap_ok(is_alike(s, "\r 5%\r 50%\r99%\rerror: cannot open x\n",
		   "error: cannot open x\n"),
	    "of a progress only the last picture counts");
	tap_ok(is_alike(s, "working\b\b\b\b\b\b\berror: cannot open x\n",
		   "error: cannot open x\n"),
	    "what was struck out does not count");
	tap_ok(is_alike(s, "error: cannot open x", "error: cannot open x\n"),
	    "a last line needs no newline");
}

static uint64_t
with_patterns(
    struct signature *s, const struct user_patterns *patterns, const char *text)
{
	const struct outcome o = {.exit = 1};

	return sign(s, patterns, &o, text, 5).value;
}

static void
check_patterns(struct signature *s)
{
	static struct patterns keep, mask, ignore;
	const struct user_patterns patterns = {&keep, &mask, &ignore};
	char why[80];

	if (patterns_add(&keep, "shard [0-9]+", why, sizeof(why)) ||
	    patterns_add(&mask, "customer '[^']*'", why, sizeof(why)) ||
	    patterns_add(&ignore, "^error: known", why, sizeof(why))) {
		tap_ok(false, "patterns compile: %s", why);
		return;
	}
	tap_ok(
	    is_alike(s, "error: shard 3 is lost\n", "error: shard 4 is lost\n"),
	    "a number is masked");
	tap_ok(with_patterns(s, &patterns, "error: shard 3 is lost\n") !=
		   with_patterns(s, &patterns, "error: shard 4 is lost\n"),
	    "unless signature_keep matches it");
	tap_ok(with_patterns(s, &patterns, "error: no customer 'Dupont'\n") ==
		   with_patterns(s, &patterns, "error: no customer 'Durand'\n"),
	    "what signature_mask matches does not count");
	tap_ok(with_patterns(
		   s, &patterns, "error: known chatter\nerror: x is lost\n") ==
		   with_patterns(s, &patterns, "error: x is lost\n"),
	    "a line that signature_ignore matches does not count");
	patterns_release(&keep);
	patterns_release(&mask);
	patterns_release(&ignore);
}

/* A text of many lines that are told apart; in the middle of it some others. */
static char *
long_text(const char *start, const char *end, unsigned others, const char *last)
{
	enum { SIZE = 2 << 20, LINES = 20000 };
	static char buffers[2][SIZE];
	static unsigned turn;
	struct text t;

	text_init(&t, buffers[++turn % 2], SIZE);
	text_add_string(&t, start);
	for (unsigned i = 0; i < LINES; i++) {
		unsigned n = i + (i / 1000 == 9 ? others : 0);
		char word[] = "aaaa";

		for (size_t k = 0; k < 4; k++, n /= 26)
			word[k] = (char)('a' + n % 26);
		text_addf(&t, "file %s.txt%s", word, end);
	}
	text_add_string(&t, last);
	return buffers[turn % 2];
}

static void
check_long(struct signature *s)
{
	static const struct {
		const char *name, *start, *end, *last, *other;
	} rows[] = {
	    {"errors", "job: it failed\n", ": cannot be read\n", "error: last",
		"error: least"},
	    {"progress", "", " is copied\n", "last", "least"},
	    {"lines behind a trace", trace, " is left\n", "last", "least"},
	};
	const struct outcome o = {.exit = 1};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *start = rows[i].start, *end = rows[i].end;
		const char *last = rows[i].last;
		struct signature_result a, b;

		a = sign(s, NULL, &o, long_text(start, end, 0, last), 65536);
		b = sign(s, NULL, &o, long_text(start, end, 99999, last), 97);
		tap_ok(a.value == b.value, "%s: the middle of many is left out",
		    rows[i].name);
		tap_is(a.subject, b.subject, "and gives no subject");
		b = sign(s, NULL, &o, long_text(start, end, 0, rows[i].other),
		    65536);
		tap_ok(a.value != b.value, "the last one counts");
		tap_ok(is_alike(s, long_text(start, end, 0, trace), trace),
		    "a trace behind them makes them nothing");
	}
}

static void
check_subjects(struct signature *s)
{
	static const struct {
		int parts;
		const char *reason, *end;
	} reasons[] = {
	    {40, "': No space left on device", ": No space left on device"},
	    {40, "' (Permission denied)", " (Permission denied)"},
	    {300, "': No such file or directory",
		": No such file or directory"},
	    /* of what is no reason the start is shown */
	    {40, "' and went on", "\xe2\x80\xa6"},
	};
	const struct outcome o = {.exit = 1};
	char text[4000];
	struct text t;
	struct signature_result r;
	size_t characters = 0;

	text_init(&t, text, sizeof(text));
	text_add_string(&t, "error: ");
	for (int i = 0; i < 400; i++)
		text_add_string(&t, "\xc3\xa9");
	r = sign(s, NULL, &o, text, 3);
	for (const char *p = r.subject; *p; p++)
		characters += (*p & 0xc0) != 0x80;
	tap_is_int(
	    (long long)characters, 160, "a subject has 160 characters at most");
	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++) {
		size_t length;

		text_init(&t, text, sizeof(text));
		text_add_string(&t, "job: cannot open '/srv");
		for (int k = 0; k < reasons[i].parts; k++)
			text_add_string(&t, "/d\xc3\xa9p\xc3\xb4t");
		text_add_string(&t, reasons[i].reason);
		r = sign(s, NULL, &o, text, 7);
		length = strlen(r.subject);
		tap_ok(!strncmp(r.subject, "job: cannot open '/srv/d", 24) &&
			   strstr(r.subject, "\xe2\x80\xa6") &&
			   text_ends_with(r.subject, length, reasons[i].end),
		    "a long subject keeps its reason: %s", r.subject);
	}
	r = sign(s, NULL, &o,
	    "error: a\x01\x02\x7f\xff"
	    "b\n",
	    1);
	tap_is(r.subject,
	    "error: a\xef\xbf\xbd"
	    "b",
	    "a subject has no control characters and is UTF-8");
}

int
main(void)
{
	struct signature *s = signature_new();

	if (!s)
		return 1;
	check_cuts(s, "lines", plain);
	check_cuts(s, "traceback", trace);
	check_cuts(
	    s, "bytes", "\xff\xe2\x82\r\xac\033[3\n\xf0\x9f\x98\x80 x\n");
	check_endings(s);
	check_noise(s);
	check_patterns(s);
	check_long(s);
	check_subjects(s);
	signature_free(s);
	return tap_done();
}
