#include "scan.h"

#include <strings.h>

#include "keep.h"
#include "token.h"
#include "words.h"

/*
 * A scanning function takes the index of a token, writes the token's normal
 * form and returns the index behind it.  The placeholders' addresses are
 * compared, so each stands once.
 */
static const char mark_time[] = "<ts>", mark_number[] = "<n>",
		  mark_hex[] = "<hex>", mark_id[] = "<id>",
		  mark_uuid[] = "<uuid>", mark_ip[] = "<ip>",
		  mark_mac[] = "<mac>", mark_temporary[] = "<tmp>",
		  mark_email[] = "<email>", mark_bytes[] = "<bytes>";

void
scan_begin(struct scan *s, const char *text, size_t size, char *out)
{
	*s = (struct scan){.text = text, .out = out, .end = size};
	s->word = s->earlier = (struct span){text, 0};
	s->has_at = memchr(text, '@', size) != NULL;
}

void
scan_copy(struct scan *s, const char *bytes, size_t size)
{
	size_t room = SCAN_OUT_MAX - s->size;

	if (size > room) {
		size = room;
		while (size && ((unsigned char)bytes[size] & 0xc0) == 0x80)
			size--;
	}
	memcpy(s->out + s->size, bytes, size);
	s->size += size;
}

/* Is what stands behind the last placeholder one or two marks or blanks? */
static bool
is_repeated(const struct scan *s, const char *placeholder)
{
	size_t gap = s->size - s->mark_end;

	if (s->mark != placeholder || gap > 2)
		return false;
	for (size_t i = s->mark_end; i < s->size; i++)
		if (char_is(s->out[i], CHAR_WORD) || s->out[i] & 0x80)
			return false;
	return true;
}

void
scan_mark(struct scan *s, const char *placeholder)
{
	if (is_repeated(s, placeholder)) {
		s->size = s->mark_end;
		return;
	}
	scan_copy(s, placeholder, strlen(placeholder));
	s->mark = placeholder;
	s->mark_end = s->size;
}

/* Writes a blank, unless one has just been written. */
static void
scan_blank(struct scan *s)
{
	if (s->size && s->out[s->size - 1] != ' ')
		scan_copy(s, " ", 1);
}

static void
remember(struct scan *s, size_t i, size_t size)
{
	s->earlier = s->word;
	s->word = (struct span){s->text + i, size};
}

static size_t
keep(struct scan *s, size_t i, size_t size)
{
	scan_copy(s, s->text + i, size);
	s->has_letters = true;
	remember(s, i, size);
	return i + size;
}

static size_t
mask(struct scan *s, size_t i, size_t size, const char *placeholder)
{
	scan_mark(s, placeholder);
	return i + size;
}

/* What a placeholder needs before it, of the token, and then the rest. */
static size_t
mask_behind(
    struct scan *s, size_t i, size_t kept, size_t size, const char *placeholder)
{
	scan_copy(s, s->text + i, kept);
	return mask(s, i, size, placeholder);
}

/* A time, with the day of the week that stands before it. */
static size_t
mask_time(struct scan *s, size_t i, size_t size)
{
	const char *word = s->word.data;

	if (s->word.size &&
	    token_weekday(word) == (size_t)(s->text + i - word)) {
		while (s->size && strchr(" ,", s->out[s->size - 1]))
			s->size--;
		s->size -= s->size < s->word.size ? s->size : s->word.size;
	}
	return mask(s, i, size, mark_time);
}

/* Does a number stand right before what comes now, with a blank between? */
static bool
is_counted(const struct scan *s)
{
	return s->mark == mark_number && s->size == s->mark_end + 1 &&
	       s->out[s->size - 1] == ' ';
}

/* Identifiers of letters and digits. */

/*
 * A short hexadecimal id is now and then all digits, and then a number: these
 * two must look the same.
 */
static const char *
hex_mark(size_t size)
{
	return size < 16 ? mark_number : mark_hex;
}

bool
scan_is_hexadecimal(const char *p, size_t size)
{
	unsigned all = 0;

	if (size < 7)
		return false;
	for (size_t i = 0; i < size; i++) {
		if (!char_is(p[i], CHAR_HEX))
			return false;
		all |= char_of(p[i]) & CHAR_ALNUM;
	}
	if ((all & CHAR_ALPHA) == CHAR_ALPHA)
		return size >= 16;
	return size >= 16 || (all & CHAR_DIGIT && all & CHAR_ALPHA);
}

/* How a run of letters and digits changes from one kind to another. */
struct texture {
	unsigned all; /* classes that occur */
	size_t digits;
	size_t changes; /* between letters and digits */
	size_t kinds;   /* between small letters, capitals and digits */
};

static struct texture
texture_of(const char *p, size_t size)
{
	struct texture t = {0};
	unsigned previous = 0;

	for (size_t i = 0; i < size; i++) {
		unsigned kind = char_of(p[i]) & CHAR_ALNUM;

		t.digits += kind == CHAR_DIGIT;
		t.changes += i && (kind ^ previous) & CHAR_DIGIT;
		t.kinds += i && kind != previous;
		t.all |= kind;
		previous = kind;
	}
	return t;
}

/* An identifier that was drawn by chance? */
static bool
is_random(const char *p, size_t size)
{
	struct texture t;
	bool has_cases;

	if (size < 12)
		return false;
	t = texture_of(p, size);
	has_cases = (t.all & CHAR_ALPHA) == CHAR_ALPHA;
	if (t.digits >= 2 && t.changes >= 4)
		return has_cases || size >= 16;
	/* a name in camel case changes its case less often than chance does */
	return size >= 16 && has_cases &&
	       t.kinds * (t.digits ? 5 : 2) >= size * (t.digits ? 2 : 1);
}

/* 40 characters and more of base64 that look like chance, not like a path. */
static size_t
base64_length(const char *p)
{
	size_t n = 0, slashes = 0;
	struct texture t;

	for (; char_is(p[n], CHAR_ALNUM | CHAR_UNDER) || p[n] == '+' ||
	       p[n] == '/' || p[n] == '-';
	     n++)
		slashes += p[n] == '/';
	if (n < 38)
		return 0;
	t = texture_of(p, n);
	while (p[n] == '=')
		n++;
	if (n < 40 || t.all != CHAR_ALNUM || slashes * 10 > n)
		return 0;
	return t.kinds * 5 >= n * 2 ? n : 0;
}

/* "tmp" and 8 of [a-z0-9_], as Python names temporary files. */
static bool
is_python_temporary(const char *p, size_t size)
{
	return size == 11 && char_starts(p, "tmp") &&
	       char_run(p, CHAR_LOWER | CHAR_DIGIT | CHAR_UNDER) >= size &&
	       /* tmp_storage is somebody's name */
	       (p[3] != '_' || char_run(p, CHAR_LOWER | CHAR_UNDER) < size);
}

/* Six of chance: more than a word with a capital, or a number. */
static bool
is_drawn_group(const char *p)
{
	unsigned all = texture_of(p, 6).all, rest = texture_of(p + 1, 5).all;

	if (all & CHAR_DIGIT)
		return all & CHAR_ALPHA;
	return all == CHAR_ALPHA && rest & CHAR_UPPER;
}

/* The id that exim gives a message: "1rBcDe-0004xY-2a". */
static size_t
exim_length(const char *p)
{
	size_t n = token_exim(p);

	return n && char_run(p, CHAR_DIGIT) < 6 &&
		       char_run(p + 7, CHAR_DIGIT) < 6 &&
		       (is_drawn_group(p) || is_drawn_group(p + 7))
		   ? n
		   : 0;
}

/* An id of postfix's queue, drawn without vowels, before what became of it. */
static bool
is_queue_id(const char *p, size_t size)
{
	if (p[size] != ':' || size < 10 || size > 17)
		return false;
	for (size_t i = 0; i < size; i++)
		if (!char_is(p[i], CHAR_ALNUM) ||
		    memchr("aeiou", char_lower(p[i]), 5))
			return false;
	return (texture_of(p, size).all & CHAR_ALPHA) == CHAR_ALPHA;
}

/* What a word may be as a whole, or begin.  Returns the index behind it. */

static size_t
scan_email(struct scan *s, size_t i)
{
	size_t n = s->has_at ? token_email(s->text + i) : 0;

	/* a user and host of ssh: "user@host.tld: Permission denied" */
	if (!n || (i == 0 && s->text[n] == ':') ||
	    (i >= 2 && s->text[i - 1] == '/' && s->text[i - 2] == '/'))
		return 0;
	return mask(s, i, n, mark_email);
}

static size_t
scan_group(struct scan *s, size_t i)
{
	static const char *const marks[] = {
	    NULL, mark_uuid, mark_mac, mark_ip, mark_bytes};
	enum group kind;
	size_t n = token_group(s->text + i, &kind);

	return n ? mask(s, i, n, marks[kind]) : 0;
}

static size_t
scan_long_id(struct scan *s, size_t i)
{
	size_t n = token_drawn(s->text + i);

	n = n ? n : base64_length(s->text + i);
	return n ? mask(s, i, n, mark_id) : 0;
}

/* A word without digits. */
static size_t
scan_letters(struct scan *s, size_t i, size_t size, unsigned all)
{
	const char *p = s->text + i;
	bool has_cases = (all & CHAR_ALPHA) == CHAR_ALPHA, is_previous;
	size_t n;

	if ((n = scan_email(s, i)))
		return n;
	if (all & CHAR_UPPER && size >= 3 && size <= 11 &&
	    (p[size] == ' ' || p[size] == ',') && (n = token_time(p)))
		return mask_time(s, i, n);
	if (size <= 8 && char_run(p, CHAR_HEX) == size &&
	    (n = scan_group(s, i)))
		return n;
	if (is_python_temporary(p, size) && i && p[-1] == '/')
		return mask(s, i, size, mark_temporary);
	if (size >= 16 && scan_is_hexadecimal(p, size))
		return mask(s, i, size, mark_hex);
	if (has_cases && (n = scan_long_id(s, i)))
		return n;
	if (has_cases && is_queue_id(p, size))
		return mask(s, i, size, mark_id);
	/* "<n> files", "<n> file" are one count; "previous" is no plural */
	if (is_counted(s) && size >= 4 && p[size - 1] == 's' &&
	    !memchr("sui", p[size - 2], 3)) {
		keep(s, i, size - 1);
		return i + size;
	}
	/* what "<n> previous errors" counts stands behind this word */
	is_previous = is_counted(s) && size == 8 && char_starts(p, "previous");
	keep(s, i, size);
	if (is_previous)
		s->mark_end = s->size;
	return i + size;
}

/* One part of a word between underscores. */
static void
scan_segment(struct scan *s, size_t i, size_t size, bool is_first)
{
	const char *p = s->text + i;

	if (!is_first && char_run(p, CHAR_DIGIT) == size && size >= 5)
		scan_mark(s, mark_number);
	else if (scan_is_hexadecimal(p, size))
		scan_mark(s, hex_mark(size));
	else if (is_random(p, size))
		scan_mark(s, mark_id);
	else
		scan_copy(s, p, size);
}

/* A word with digits in it and underscores between its parts. */
static size_t
scan_segments(struct scan *s, size_t i, size_t size)
{
	size_t end = i + size, from = i;

	while (from < end) {
		size_t n = 0, date;

		if (from > i && char_is(s->text[from], CHAR_DIGIT) &&
		    (date = token_time(s->text + from))) {
			from = mask(s, from, date, mark_time);
			end = from > end ? from : end;
			continue;
		}
		while (from + n < end && s->text[from + n] != '_')
			n++;
		if (n)
			scan_segment(s, from, n, from == i);
		from += n;
		if (from < end) {
			scan_copy(s, "_", 1);
			from++;
		}
	}
	s->has_letters = true;
	remember(s, i, end - i);
	return end;
}

/* The number behind "v" of a version, or "T" of a thread. */
static bool
is_numbered(const struct scan *s, size_t i, size_t size)
{
	const char *p = s->text + i;

	if (char_run(p + 1, CHAR_DIGIT) + 1 != size)
		return false;
	if (*p == 'v' && p[size] == '.' && char_is(p[size + 1], CHAR_DIGIT))
		return true;
	return *p == 'T' && s->word.size == 6 &&
	       (char_starts(s->word.data, "thread") ||
		   char_starts(s->word.data, "Thread"));
}

/* A word with digits in it that begins with a letter. */
static size_t
scan_mixed(struct scan *s, size_t i, size_t size, unsigned all)
{
	const char *p = s->text + i;
	size_t n;

	if ((n = scan_email(s, i)))
		return n;
	if (char_run(p, CHAR_HEX) == size && (n = scan_group(s, i)))
		return n;
	if (is_python_temporary(p, size))
		return mask(s, i, size, mark_temporary);
	if (*p == 'P' && (n = token_duration(p)))
		return mask(s, i, n, mark_number);
	if ((n = word_generated(p)) && n < size)
		return mask_behind(s, i, n, size, mark_number);
	if ((n = scan_long_id(s, i)))
		return n;
	if (all & CHAR_UNDER)
		return scan_segments(s, i, size);
	if (scan_is_hexadecimal(p, size))
		return mask(s, i, size, hex_mark(size));
	if (is_random(p, size) || is_queue_id(p, size))
		return mask(s, i, size, mark_id);
	if (is_numbered(s, i, size))
		return mask_behind(s, i, 1, size, mark_number);
	return keep(s, i, size);
}

/*
 * The common case: a short word of lower-case letters that nothing makes
 * special.  Returns the index behind it, or `i`.
 */
static inline size_t
scan_plain_word(struct scan *s, size_t i)
{
	const char *p = s->text + i;
	unsigned common = CHAR_HEX;
	size_t n = 0;

	while (char_is(p[n], CHAR_LOWER))
		common &= char_of(p[n++]);
	if (n == 0 || n > 10 || common || char_is(p[n], CHAR_WORD) ||
	    s->has_at || s->size > SCAN_OUT_MAX - SCAN_PIECE ||
	    (s->mark && s->size == s->mark_end + 1))
		return i;
	memcpy(s->out + s->size, p, SCAN_PIECE);
	s->size += n;
	s->has_letters = true;
	remember(s, i, n);
	return i + n;
}

static size_t
scan_word(struct scan *s, size_t i)
{
	const char *p = s->text + i;
	unsigned all = 0, k;
	size_t n = 0, named, kept;

	if ((i == 0 || !char_is(p[-1], CHAR_HOST)) &&
	    (named = token_program_name(p, &kept)))
		return mask_behind(s, i, kept, named, mark_temporary);
	while ((k = char_of(p[n])) & CHAR_WORD) {
		all |= k;
		n++;
	}
	if (n == 6 && p[6] == '-' && (named = exim_length(p)))
		return mask(s, i, named, mark_id);
	if (all & CHAR_DIGIT)
		return scan_mixed(s, i, n, all);
	return scan_letters(s, i, n, all);
}

/* Numbers, and names that begin with a digit. */

/* 0x7ffd1234: an address, unless it is short or behind an error word. */
static size_t
scan_prefixed(struct scan *s, size_t i, size_t run)
{
	size_t n = char_run(s->text + i + 2, CHAR_HEX);

	if (n + 2 != run || n < 5)
		return keep(s, i, run);
	/* 0x80070005 and 0xc0000005 are what Windows says, and no addresses */
	if (n == 8 &&
	    (keep_is_code(s, i, i + run) || char_starts(s->text + i, "0x80") ||
		!strncasecmp(s->text + i, "0xc0000", 7))) {
		s->is_uncacheable = true;
		return keep(s, i, run);
	}
	return mask(s, i, run, mark_hex);
}

/* 3rd, 1e6 */
static bool
is_spelled_number(const char *p, size_t digits, size_t run)
{
	if (run == digits + 2 &&
	    (char_starts(p + digits, "st") || char_starts(p + digits, "nd") ||
		char_starts(p + digits, "rd") || char_starts(p + digits, "th")))
		return true;
	return digits < 3 && p[digits] == 'e' && run > digits + 1 &&
	       char_run(p + digits + 1, CHAR_DIGIT) == run - digits - 1;
}

/* Something that begins with a digit and goes on with letters. */
static size_t
scan_digits_and_letters(struct scan *s, size_t i, size_t digits, size_t run)
{
	const char *p = s->text + i;
	size_t n;

	if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X'))
		return scan_prefixed(s, i, run);
	if ((n = token_duration(p)) ||
	    (p[digits] != ' ' && (n = token_unit(p + digits)) && (n += digits)))
		return mask(s, i, n, mark_number);
	if (is_spelled_number(p, digits, run))
		return mask(s, i, run, mark_number);
	if ((n = base64_length(p)))
		return mask(s, i, n, mark_id);
	if (memchr(p, '_', run))
		return scan_segments(s, i, run);
	if (run == 8 && keep_is_code(s, i, i + run)) {
		s->is_uncacheable = true;
		return keep(s, i, run);
	}
	if (scan_is_hexadecimal(p, run))
		return mask(s, i, run, hex_mark(run));
	if (is_random(p, run) || is_queue_id(p, run))
		return mask(s, i, run, mark_id);
	return keep(s, i, run);
}

/* A quick look at what follows the digits, for most numbers are no date. */
static bool
may_be_time(const char *p, size_t run)
{
	switch (p[run]) {
	case ':':
	case '-':
	case '/':
	case '.':
		return true;
	case ' ':
		return run > 8 || char_is(p[run + 1], CHAR_ALPHA | CHAR_HIGH);
	default:
		return run > 2;
	}
}

/* The tokens with marks in them that a digit may begin; or 0. */
static size_t
scan_marked_number(struct scan *s, size_t i, size_t run)
{
	const char *p = s->text + i;
	size_t n;

	if (run <= 8 && char_run(p, CHAR_HEX) == run && (n = scan_group(s, i)))
		return n;
	if (may_be_time(p, run) && (n = token_time(p)))
		return mask_time(s, i, n);
	if (run <= 3 && p[run] == '.' && (n = token_ipv4(p)))
		return mask(s, i, n, mark_ip);
	if (run == 6 && p[6] == '-' && (n = exim_length(p)))
		return mask(s, i, n, mark_id);
	return scan_email(s, i);
}

/* digits with commas, points and underscores between them */
static size_t
number_end(const char *p, size_t i)
{
	for (;; i++) {
		i += char_run(p + i, CHAR_DIGIT);
		if (!p[i] || !strchr(".,_", p[i]) ||
		    !char_is(p[i + 1], CHAR_DIGIT))
			return i;
	}
}

static size_t
keep_number(struct scan *s, size_t i, size_t n)
{
	if (i && s->text[i - 1] == '-' && s->size && s->out[s->size - 1] != '-')
		scan_copy(s, "-", 1);
	scan_copy(s, s->text + i, n - i);
	s->kept_end = n;
	return n;
}

static size_t
scan_number(struct scan *s, size_t i)
{
	const char *p = s->text;
	size_t run = char_run(p + i, CHAR_WORD), n, unit;
	size_t digits = char_run(p + i, CHAR_DIGIT);

	if ((n = scan_marked_number(s, i, run)))
		return n;
	if (run > digits)
		return scan_digits_and_letters(s, i, digits, run);
	n = i + digits;
	if (keep_is_place(s, i, n))
		return keep_number(s, i, n);
	if (keep_is_port(s, i, n)) {
		if (digits < 5 || memcmp(p + i, "32768", 5) < 0)
			return keep_number(s, i, n);
		return mask(s, i, digits, "<port>");
	}
	if (keep_is_code(s, i, n))
		return keep_number(s, i, n);
	n = number_end(p, i);
	unit = token_unit(p + n);
	/* the letters that end a version, 1.2.3rc1, go with it */
	if (!unit && n > i + digits)
		unit = char_run(p + n, CHAR_WORD);
	scan_mark(s, mark_number);
	return n + unit;
}

/* Marks, and what they begin: paths, signs, bars. */

/* Is the opening word of a temporary name somebody's word, not chance? */
static bool
is_plain_word(const char *p, size_t n)
{
	size_t letters = char_is(*p, CHAR_UPPER);

	if (n == 11 && char_starts(p, "tmp") &&
	    char_run(p, CHAR_LOWER | CHAR_DIGIT | CHAR_UNDER) >= n)
		return false;
	letters += char_run(p + letters, CHAR_LOWER | CHAR_UNDER);
	if (n == 8 && p[0] == 'c' && p[1] == 'c' && letters != n)
		return false;
	return letters == n ||
	       (n - letters <= 2 && letters >= 2 &&
		   letters + char_run(p + letters, CHAR_DIGIT) == n);
}

/*
 * One component of a path of temporary names: how much of it is kept at the
 * start and at the end of its `size`; the middle is drawn, unless both together
 * are the whole.
 */
static void
split_temporary(const char *p, size_t size, size_t *head, size_t *tail)
{
	size_t n = p[0] == '.', dot = size, ext;

	while (n < size && p[n] != '.' && p[n] != '-')
		n++;
	*head = is_plain_word(p + (p[0] == '.'), n - (p[0] == '.')) ? n : 0;
	/* cc and six of chance, as compilers name what they hand on */
	if (*head == 8 && p[0] == 'c' && p[1] == 'c' && size == 10)
		*head = 0;
	while (dot > *head && p[dot - 1] != '.')
		dot--;
	ext = size - dot;
	*tail = 0;
	if (dot > *head && ext >= 1 && ext <= 5 &&
	    char_run(p + dot, CHAR_LOWER) == ext)
		*tail = ext + 1;
	/* x.tar.gz is a name without chance in it */
	while (*head && *head + *tail < size) {
		size_t middle = size - *head - *tail;
		const char *q = p + *head;

		if (*q != '.' || char_run(q + 1, CHAR_LOWER) != middle - 1 ||
		    middle > 5)
			break;
		*tail += middle;
	}
}

/* The component of a path under a folder of temporary files at text[i]. */
static size_t
scan_temporary(struct scan *s, size_t i)
{
	const char *p = s->text + i;
	size_t size = 0, head, tail;

	while (char_is(p[size], CHAR_WORD) ||
	       (p[size] && strchr(".-+%~", p[size])))
		size++;
	/* a full stop behind the name is not its */
	while (size && (p[size - 1] == '.' || p[size - 1] == '-'))
		size--;
	if (!size)
		return i;
	split_temporary(p, size, &head, &tail);
	scan_copy(s, p, head);
	if (head + tail < size)
		scan_mark(s, mark_temporary);
	scan_copy(s, p + size - tail, tail);
	s->has_letters |= head > 0;
	s->is_uncacheable = true;
	return i + size;
}

/* U+2500..U+259F and U+2800..U+28FF draw bars and spinners. */
static bool
is_drawing(const char *p)
{
	unsigned char a = (unsigned char)p[1];

	return p[0] == '\xe2' &&
	       ((a >= 0x94 && a <= 0x97) || (a >= 0xa0 && a <= 0xa3));
}

static size_t
copy_marks(struct scan *s, size_t i)
{
	const char *p = s->text + i;
	size_t n = 1;

	if ((unsigned char)*p >= 0x80) {
		while (((unsigned char)p[n] & 0xc0) == 0x80)
			n++;
		if (is_drawing(p))
			scan_blank(s);
		else
			scan_copy(s, p, n);
		return i + n;
	}
	/* a ruler of the same mark is one ruler, however long */
	while (p[n] == *p)
		n++;
	scan_copy(s, p, n > 3 ? 3 : n);
	return i + n;
}

static size_t
scan_slash(struct scan *s, size_t i)
{
	size_t kept, n = token_temporary_root(s->text + i, &kept);

	if (!n || (i && char_is(s->text[i - 1], CHAR_WORD)))
		return copy_marks(s, i);
	scan_copy(s, s->text + i, kept);
	if (kept < n) {
		scan_mark(s, kept == 10 ? mark_number : mark_temporary);
		scan_copy(s, "/", 1);
	}
	s->has_letters = true;
	return scan_temporary(s, i + n);
}

/* A dot: ".name.AbC123" of rsync and mkstemp ends with six of chance. */
static size_t
scan_dot(struct scan *s, size_t i)
{
	bool is_mktemp, has_all;
	size_t n = token_suffix(s->text + i, &is_mktemp), from = i;

	while (from && char_is(s->text[from - 1], CHAR_HOST))
		from--;
	if (!n || from == i)
		return copy_marks(s, i);
	has_all = texture_of(s->text + i + 1, n - 1).all == CHAR_ALNUM;
	if (is_mktemp ? text_ends_with(s->text, i, "tmp") &&
			    (i == 3 || !char_is(s->text[i - 4], CHAR_WORD))
		      : s->text[from] == '.' || has_all)
		return mask_behind(s, i, 1, n, mark_temporary);
	return copy_marks(s, i);
}

/* Behind a sign, if it is that of a number. */
static size_t
scan_sign(struct scan *s, size_t i)
{
	const char *p = s->text + i;

	if (char_is(p[1], CHAR_DIGIT) &&
	    (i == 0 ||
		(!char_is(p[-1], CHAR_WORD) && p[-1] != ')' && p[-1] != ']')))
		return scan_number(s, i + 1);
	return copy_marks(s, i);
}

/* A time that is not known yet, the end of a pod's name, a sign. */
static size_t
scan_dash(struct scan *s, size_t i)
{
	const char *p = s->text + i;
	size_t n;

	if ((n = char_starts(p, "--:--:--")) || (n = char_starts(p, "--:--")))
		return mask(s, i, n, mark_time);
	if (i && char_is(p[-1], CHAR_ALNUM) && (n = token_pod(p)))
		return mask_behind(s, i, 1, n, mark_id);
	return scan_sign(s, i);
}

/* "$$" and the digits that Java adds to the names of its proxies. */
static size_t
scan_dollar(struct scan *s, size_t i)
{
	const char *p = s->text + i;
	size_t n = p[1] == '$' ? char_run(p + 2, CHAR_HEX) : 0;

	if (n < 6 || char_is(p[2 + n], CHAR_WORD))
		return copy_marks(s, i);
	return mask_behind(s, i, 2, 2 + n, mark_hex);
}

/* The length of a value of letters and digits, of which some are letters. */
static size_t
value_length(const char *p)
{
	enum group kind;
	size_t n = token_group(p, &kind);
	unsigned all = 0;

	/* to a template one date is as another, and one UUID as another */
	if ((n && kind == GROUP_UUID) || token_time(p))
		return n;
	for (n = 0; char_is(p[n], CHAR_ALNUM | CHAR_UNDER) ||
		    (p[n] == '-' && char_is(p[n + 1], CHAR_ALNUM));)
		all |= char_of(p[n++]);
	return all & CHAR_ALPHA ? n : 0;
}

/*
 * The value behind "request id: ", "RequestId=", "tid=", from the colon or the
 * sign on.  One of digits alone is masked as any number is.
 */
static size_t
scan_value(struct scan *s, size_t i)
{
	const char *p = s->text + i;
	size_t skip = 1, n, end = (size_t)(s->word.data - s->text);
	enum id_word id;

	if (!s->word.size || (end += s->word.size) > i || end + 1 < i)
		return i;
	id = word_of_id(s->word);
	if (id == ID_PART && word_of_id(s->earlier) == ID_REQUEST &&
	    s->earlier.data + s->earlier.size + 1 == s->word.data)
		id = ID_WHOLE;
	if (id != ID_WHOLE && !(id == ID_THREAD && *p == '='))
		return i;
	skip += char_blanks(p + 1);
	skip += p[skip] == '"';
	n = value_length(p + skip);
	if (!n || (id == ID_WHOLE && n < 7))
		return i;
	return mask_behind(
	    s, i, skip, skip + n, id == ID_THREAD ? mark_number : mark_id);
}

/* The length of "[=====>    ]" at p, or 0. */
static size_t
bar_length(const char *p)
{
	size_t n = 1 + strspn(p + 1, "=#>-. *|");

	return n >= 10 && p[n] == ']' ? n + 1 : 0;
}

/* How many warnings there were, behind how many errors. */
static bool
is_warning_count(const char *p)
{
	size_t digits = char_starts(p, "; ") ? char_run(p + 2, CHAR_DIGIT) : 0;

	return digits && char_starts(p + 2 + digits, " warning");
}

static size_t
scan_other(struct scan *s, size_t i)
{
	const char *p = s->text + i;
	enum group kind;
	size_t n, kept;

	switch (*p) {
	case '/':
		return scan_slash(s, i);
	case '.':
		return scan_dot(s, i);
	case '-':
		return scan_dash(s, i);
	case '$':
		return scan_dollar(s, i);
	case '+':
		return scan_sign(s, i);
	case ';':
		return is_warning_count(p) ? s->end : copy_marks(s, i);
	case '=':
	case '"':
	case ':':
		if ((n = scan_value(s, i)) > i)
			return n;
		if (p[0] == ':' && p[1] == ':' &&
		    (i == 0 || !char_is(p[-1], CHAR_WORD)) &&
		    (n = token_group(p, &kind)))
			return mask(s, i, n, mark_ip);
		break;
	case '#':
		if ((n = token_program_name(p, &kept)))
			return mask_behind(s, i, kept, n, mark_temporary);
		break;
	case '(':
		if ((n = token_elapsed(p)))
			return i + n;
		break;
	case '[':
		if ((n = bar_length(p))) {
			scan_copy(s, "[]", 2);
			return i + n;
		}
		break;
	}
	return copy_marks(s, i);
}

void
scan_part(struct scan *s, size_t from, size_t to)
{
	size_t i = from, n;

	s->end = to;
	while (i < to && s->size < SCAN_OUT_MAX) {
		unsigned k = char_of(s->text[i]);

		if (k & (CHAR_ALPHA | CHAR_UNDER | CHAR_HIGH)) {
			n = k & CHAR_LOWER ? scan_plain_word(s, i) : i;
			i = n > i ? n : scan_word(s, i);
		} else if (k & CHAR_DIGIT) {
			i = scan_number(s, i);
		} else if (k & CHAR_BLANK) {
			scan_blank(s);
			i++;
		} else {
			i = scan_other(s, i);
		}
	}
}

size_t
scan_end(struct scan *s)
{
	while (s->size && s->out[s->size - 1] == ' ')
		s->size--;
	s->out[s->size] = '\0';
	return s->size;
}

size_t
scan_line(const char *text, size_t size, char *out, struct scan *s)
{
	scan_begin(s, text, size, out);
	scan_part(s, 0, size);
	return scan_end(s);
}
