#include "scan.h"

#include "chars.h"
#include "instant.h"
#include "token.h"

void
scan_begin(struct scan *s, const char *text, size_t size, char *out)
{
	*s = (struct scan){.text = text, .out = out, .end = size};
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

static void
add_blank(struct scan *s)
{
	if (s->size && s->out[s->size - 1] != ' ')
		scan_copy(s, " ", 1);
}

/* One of the placeholders; their addresses are compared, so each stands once. */
static const char mark_time[] = "<ts>";
static const char mark_number[] = "<n>";
static const char mark_hex[] = "<hex>";
static const char mark_id[] = "<id>";
static const char mark_uuid[] = "<uuid>";
static const char mark_ip[] = "<ip>";
static const char mark_mac[] = "<mac>";
static const char mark_temporary[] = "<tmp>";
static const char mark_email[] = "<email>";
static const char mark_bytes[] = "<bytes>";

/*
 * A short hexadecimal id is now and then all digits, and then a number: these
 * two must look the same.
 */
static const char *
hex_mark(size_t size)
{
	return size < 16 ? mark_number : mark_hex;
}

static void
remember_word(struct scan *s, size_t start, size_t size)
{
	s->earlier_start = s->word_start;
	s->earlier_size = s->word_size;
	s->word_start = start;
	s->word_size = size;
}

static size_t
keep(struct scan *s, size_t i, size_t size)
{
	scan_copy(s, s->text + i, size);
	s->has_letters = true;
	remember_word(s, i, size);
	return i + size;
}

static size_t
mask(struct scan *s, size_t i, size_t size, const char *placeholder)
{
	scan_mark(s, placeholder);
	return i + size;
}

/* A user and host of ssh: "user@host.tld: Permission denied". */
static bool
is_login(const struct scan *s, size_t i, size_t size)
{
	return (i == 0 && s->text[size] == ':') ||
	    (i >= 2 && s->text[i - 1] == '/' && s->text[i - 2] == '/');
}

/*
 * The tokens that a group of hexadecimal digits may begin: `size` of them
 * stand at text[i].  Returns the index behind the token, or 0.
 */
static size_t
scan_groups(struct scan *s, size_t i, size_t size)
{
	const char *p = s->text + i;
	size_t n;

	if (size == 8 && p[8] == '-' && (n = token_uuid_length(p)))
		return mask(s, i, n, mark_uuid);
	if (size == 2 && (n = token_mac_length(p)))
		return mask(s, i, n, mark_mac);
	if (size <= 4 && p[size] == ':' && (n = token_ipv6_length(p)))
		return mask(s, i, n, mark_ip);
	if (size == 2 && (n = token_dump_length(p)))
		return mask(s, i, n, mark_bytes);
	return 0;
}

/* "<n> files" and "<n> file" are the same count. */
static bool
is_plural(const struct scan *s, size_t i, size_t size)
{
	const char *p = s->text + i;

	return s->mark == mark_number && s->size == s->mark_end + 1 &&
	    s->out[s->size - 1] == ' ' && size >= 4 && p[size - 1] == 's' &&
	    p[size - 2] != 's';
}

/* A word without digits. */
static size_t
scan_letters(struct scan *s, size_t i, size_t size, unsigned all)
{
	const char *p = s->text + i;
	size_t n;

	if (s->has_at && (n = token_email_length(p)) && !is_login(s, i, n))
		return mask(s, i, n, mark_email);
	if (all & CHAR_UPPER && size >= 3 && (p[size] == ' ' || p[size] == ',')
	    && size <= 9 && (n = instant_length(p)))
		return mask(s, i, n, mark_time);
	if (size <= 8 && char_run(p, CHAR_HEX) == size &&
	    (n = scan_groups(s, i, size)))
		return n;
	if (size >= 11) {
		if (token_is_python_temporary(p, size) && i &&
		    p[-1] == '/')
			return mask(s, i, size, mark_temporary);
		if (size >= 16 && token_is_hexadecimal(p, size))
			return mask(s, i, size, mark_hex);
	}
	if ((all & CHAR_ALPHA) == CHAR_ALPHA && (n = token_base64_length(p)))
		return mask(s, i, n, mark_id);
	if (is_plural(s, i, size)) {
		keep(s, i, size - 1);
		return i + size;
	}
	return keep(s, i, size);
}

/* Java numbers what it generates: $$_javassist_12, $Proxy12, Accessor12. */
static size_t
generated_length(const char *p, size_t size)
{
	static const char *const names[] = {"javassist_", "Proxy", "jvstd",
	    "GeneratedMethodAccessor", "GeneratedConstructorAccessor",
	    "GeneratedSerializationConstructorAccessor", "lambda_"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		size_t n = strlen(names[i]);

		for (size_t at = 0; at <= 1; at++)
			if (size > n + at && !memcmp(p + at, names[i], n) &&
			    char_run(p + at + n, CHAR_DIGIT) == size - n - at)
				return n + at;
	}
	return 0;
}

/* One part of a word between underscores. */
static void
scan_segment(struct scan *s, size_t i, size_t size, bool is_first)
{
	const char *p = s->text + i;
	size_t digits = char_run(p, CHAR_DIGIT);

	if (!is_first && digits == size && size >= 5)
		scan_mark(s, mark_number);
	else if (size >= 7 && token_is_hexadecimal(p, size))
		scan_mark(s, hex_mark(size));
	else if (token_is_random(p, size))
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
		    (date = instant_length(s->text + from))) {
			from = mask(s, from, date, mark_time);
			if (from >= end)
				end = from;
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
	remember_word(s, i, end - i);
	return end;
}

/* The number behind "v" of a version, or of a thread. */
static bool
is_numbered(const struct scan *s, size_t i, size_t size)
{
	const char *p = s->text + i;
	size_t digits = char_run(p + 1, CHAR_DIGIT);

	if (digits + 1 != size)
		return false;
	if (*p == 'v' && p[size] == '.' && char_is(p[size + 1], CHAR_DIGIT))
		return true;
	return *p == 'T' && s->word_size == 6 &&
	    (char_starts(s->text + s->word_start, "thread") ||
		char_starts(s->text + s->word_start, "Thread"));
}

/* A word with digits in it that begins with a letter. */
static size_t
scan_mixed(struct scan *s, size_t i, size_t size, unsigned all)
{
	const char *p = s->text + i;
	size_t n;

	if (s->has_at && (n = token_email_length(p)) && !is_login(s, i, n))
		return mask(s, i, n, mark_email);
	if (char_run(p, CHAR_HEX) == size && (n = scan_groups(s, i, size)))
		return n;
	if (token_is_python_temporary(p, size))
		return mask(s, i, size, mark_temporary);
	n = generated_length(p, size);
	if (n) {
		scan_copy(s, p, n);
		return mask(s, i, size, mark_number);
	}
	if ((n = token_base64_length(p)))
		return mask(s, i, n, mark_id);
	if (all & CHAR_UNDER)
		return scan_segments(s, i, size);
	if (token_is_hexadecimal(p, size))
		return mask(s, i, size, hex_mark(size));
	if (token_is_random(p, size))
		return mask(s, i, size, mark_id);
	if (is_numbered(s, i, size)) {
		scan_copy(s, p, 1);
		scan_mark(s, mark_number);
		return i + size;
	}
	return keep(s, i, size);
}

static size_t
scan_word(struct scan *s, size_t i)
{
	const char *p = s->text + i;
	unsigned all = 0, k;
	size_t n = 0;

	while ((k = char_of(p[n])) & CHAR_WORD) {
		all |= k;
		n++;
	}
	if (all & CHAR_DIGIT)
		return scan_mixed(s, i, n, all);
	return scan_letters(s, i, n, all);
}

/* The component of a path under a folder of temporary files at text[i]. */
static size_t
scan_temporary(struct scan *s, size_t i)
{
	const char *p = s->text + i;
	size_t size = 0, head, tail;

	while (char_is(p[size], CHAR_WORD) || p[size] == '.' ||
	    p[size] == '-' || p[size] == '+' || p[size] == '%' ||
	    p[size] == '~')
		size++;
	/* a full stop behind the name is not its */
	while (size && (p[size - 1] == '.' || p[size - 1] == '-'))
		size--;
	if (!size)
		return i;
	token_temporary_name(p, size, &head, &tail);
	scan_copy(s, p, head);
	if (head + tail < size)
		scan_mark(s, mark_temporary);
	scan_copy(s, p + size - tail, tail);
	s->has_letters |= head > 0;
	s->is_particular = true;
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

/* The length of "[=====>    ]" at p, or 0. */
static size_t
bar_length(const char *p)
{
	size_t n = 1;

	while (p[n] && strchr("=#>-. *|", p[n]))
		n++;
	return n >= 10 && p[n] == ']' ? n + 1 : 0;
}

/* Behind a sign, if it is that of a number. */
static bool
is_sign(const struct scan *s, size_t i)
{
	const char *p = s->text + i;

	return (*p == '-' || *p == '+') && char_is(p[1], CHAR_DIGIT) &&
	    (i == 0 || (!char_is(p[-1], CHAR_WORD) && p[-1] != ')' &&
			   p[-1] != ']'));
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
			add_blank(s);
		else
			scan_copy(s, p, n);
		return i + n;
	}
	/* a ruler of the same mark is one ruler, however long */
	while (p[n] == *p && n < 4000)
		n++;
	scan_copy(s, p, n > 3 ? 3 : n);
	return i + n;
}

static size_t
scan_slash(struct scan *s, size_t i)
{
	size_t n = token_temporary_root_length(s->text + i);

	if (n && (i == 0 || !char_is(s->text[i - 1], CHAR_WORD) )) {
		if (char_starts(s->text + i, "/run/user/")) {
			scan_copy(s, "/run/user/", 10);
			scan_mark(s, mark_number);
			scan_copy(s, "/", 1);
		} else if (char_starts(s->text + i, "/var/folders/")) {
			scan_copy(s, "/var/folders/", 13);
			scan_mark(s, mark_temporary);
			scan_copy(s, "/", 1);
		} else {
			scan_copy(s, s->text + i, n);
		}
		s->has_letters = true;
		return scan_temporary(s, i + n);
	}
	return copy_marks(s, i);
}

/* A dot: ".name.AbC123" of rsync and mkstemp ends with six of chance. */
static size_t
scan_dot(struct scan *s, size_t i)
{
	const char *p = s->text + i;
	size_t n = token_suffix_length(p), from = i;
	unsigned all = 0;

	if (!n)
		return copy_marks(s, i);
	while (from && (char_is(s->text[from - 1], CHAR_HOST)))
		from--;
	for (size_t k = 1; k < n; k++)
		all |= char_of(p[k]);
	if (from < i && (s->text[from] == '.' ||
			    (all & CHAR_ALNUM) == CHAR_ALNUM)) {
		scan_copy(s, ".", 1);
		return mask(s, i, n, mark_temporary);
	}
	return copy_marks(s, i);
}

static size_t
scan_other(struct scan *s, size_t i)
{
	const char *p = s->text + i;
	size_t n;

	switch (*p) {
	case '/':
		return scan_slash(s, i);
	case '.':
		return scan_dot(s, i);
	case '-':
		/* a time that is not known yet */
		if ((n = char_starts(p, "--:--:--")) ||
		    (n = char_starts(p, "--:--")))
			return mask(s, i, n, mark_time);
		if (i && char_is(p[-1], CHAR_ALNUM) &&
		    (n = token_pod_length(p))) {
			scan_copy(s, "-", 1);
			return mask(s, i, n, mark_id);
		}
		/* fall through */
	case '+':
		if (is_sign(s, i)) {
			size_t end = scan_number(s, i + 1);

			return end;
		}
		break;
	case ':':
		if (p[1] == ':' && (i == 0 || !char_is(p[-1], CHAR_WORD)) &&
		    (n = token_ipv6_length(p)))
			return mask(s, i, n, mark_ip);
		break;
	case '[':
		if ((n = bar_length(p))) {
			scan_copy(s, "[]", 2);
			return i + n;
		}
		break;
	case '$':
		if (p[1] == '$' && char_run(p + 2, CHAR_HEX) >= 6 &&
		    !char_is(p[2 + char_run(p + 2, CHAR_HEX)], CHAR_WORD)) {
			scan_copy(s, "$$", 2);
			return mask(s, i, 2 + char_run(p + 2, CHAR_HEX),
			    mark_hex);
		}
		break;
	}
	return copy_marks(s, i);
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
	remember_word(s, i, n);
	return i + n;
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
			add_blank(s);
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

/* The number that is not kept: with its unit, it is masked. */
static size_t
mask_number(struct scan *s, size_t i, size_t n)
{
	const char *p = s->text;
	size_t unit = instant_unit_length(p + n);

	/* 1h02m03.5s */
	while (unit && char_is(p[n + unit], CHAR_DIGIT) &&
	    !char_is(p[n], CHAR_BLANK)) {
		n += unit;
		n += char_run(p + n, CHAR_DIGIT);
		if (p[n] == '.')
			n += 1 + char_run(p + n + 1, CHAR_DIGIT);
		unit = instant_unit_length(p + n);
	}
	scan_mark(s, mark_number);
	(void)i;
	return n + unit;
}

/* digits with commas, points and underscores between them */
static size_t
number_end(const char *p, size_t i)
{
	for (;;) {
		i += char_run(p + i, CHAR_DIGIT);
		if ((p[i] == '.' || p[i] == ',' || p[i] == '_') &&
		    char_is(p[i + 1], CHAR_DIGIT))
			i++;
		else
			return i;
	}
}

/* A duration of several units glued: 1m02.5s, 25h21m. */
static size_t
compound_length(const char *p)
{
	size_t n = 0, parts = 0;

	for (;;) {
		size_t d = char_run(p + n, CHAR_DIGIT), u;

		if (!d)
			break;
		if (p[n + d] == '.' && char_is(p[n + d + 1], CHAR_DIGIT))
			d += 1 + char_run(p + n + d + 1, CHAR_DIGIT);
		u = char_run(p + n + d, CHAR_ALPHA);
		if (!u || u > 2 || !strchr("hmsdwuμn", p[n + d]))
			return 0;
		n += d + u;
		parts++;
	}
	return parts >= 2 && !char_is(p[n], CHAR_WORD) ? n : 0;
}

/* Something that begins with a digit and goes on with letters. */
static size_t
scan_digits_and_letters(struct scan *s, size_t i, size_t digits, size_t run)
{
	const char *p = s->text + i;
	size_t n;

	if (p[0] == '0' && (p[1] == 'x' || p[1] == 'X')) {
		n = char_run(p + 2, CHAR_HEX);
		if (n + 2 == run && n >= 5) {
			if (n == 8 && scan_is_code(s, i, i + run)) {
				s->is_particular = true;
				return keep(s, i, run);
			}
			return mask(s, i, run, mark_hex);
		}
		return keep(s, i, run);
	}
	if ((n = compound_length(p)))
		return mask(s, i, n, mark_number);
	if (digits && instant_unit_length(p + digits) &&
	    p[digits] != ' ')
		return mask_number(s, i, i + digits);
	if (run == digits + 2 && digits && span_in((struct span){p + digits, 2},
						"st nd rd th"))
		return mask(s, i, run, mark_number);
	if (p[digits] == 'e' && (n = char_run(p + digits + 1, CHAR_DIGIT)) &&
	    digits + 1 + n == run && digits < 3)
		return mask(s, i, run, mark_number);
	if ((n = token_base64_length(p)))
		return mask(s, i, n, mark_id);
	if (memchr(p, '_', run))
		return scan_segments(s, i, run);
	if (run == 8 && scan_is_code(s, i, i + run)) {
		s->is_particular = true;
		return keep(s, i, run);
	}
	if (token_is_hexadecimal(p, run))
		return mask(s, i, run, hex_mark(run));
	if (token_is_random(p, run))
		return mask(s, i, run, mark_id);
	return keep(s, i, run);
}

/* A quick look at what follows the digits, for most numbers are no date. */
static bool
may_be_instant(const char *p, size_t run)
{
	switch (p[run]) {
	case ':':
	case '-':
	case '/':
	case '.':
		return true;
	case ' ':
		return char_is(p[run + 1], CHAR_ALPHA);
	default:
		return run > 2;
	}
}

/* The tokens with marks in them that a digit may begin; or 0. */
static size_t
scan_shaped(struct scan *s, size_t i, size_t run)
{
	const char *p = s->text + i;
	size_t n, hex = char_run(p, CHAR_HEX);

	if (hex == run && (n = scan_groups(s, i, run)))
		return n;
	if (may_be_instant(p, run) && (n = instant_length(p)))
		return mask(s, i, n, mark_time);
	if (run <= 3 && p[run] == '.' && (n = token_ipv4_length(p)))
		return mask(s, i, n, mark_ip);
	if (s->has_at && (n = token_email_length(p)) && !is_login(s, i, n))
		return mask(s, i, n, mark_email);
	return 0;
}

static size_t
keep_number(struct scan *s, size_t i, size_t n)
{
	if (i && s->text[i - 1] == '-' && s->size &&
	    s->out[s->size - 1] != '-')
		scan_copy(s, "-", 1);
	scan_copy(s, s->text + i, n - i);
	s->kept_end = n;
	return n;
}

size_t
scan_number(struct scan *s, size_t i)
{
	const char *p = s->text;
	size_t run = char_run(p + i, CHAR_WORD);
	size_t digits = char_run(p + i, CHAR_DIGIT), n;

	if ((n = scan_shaped(s, i, run)))
		return n;
	if (run > digits)
		return scan_digits_and_letters(s, i, digits, run);
	n = i + digits;
	if (scan_is_place(s, i, n))
		return keep_number(s, i, n);
	if (scan_is_port(s, i, n)) {
		if (digits < 5 || (digits == 5 && memcmp(p + i, "32768", 5) < 0))
			return keep_number(s, i, n);
		return mask(s, i, digits, "<port>");
	}
	if (scan_is_code(s, i, n))
		return keep_number(s, i, n);
	n = number_end(p, i);
	/* the letters that end a version, 1.2.3rc1, go with it */
	if (n > i + digits && char_is(p[n], CHAR_WORD) &&
	    !instant_unit_length(p + n)) {
		scan_mark(s, mark_number);
		return n + char_run(p + n, CHAR_WORD);
	}
	return mask_number(s, i, n);
}
