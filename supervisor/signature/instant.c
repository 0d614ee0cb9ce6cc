#include "instant.h"

#include "chars.h"

/* Between the parts of a date: `from` and `to` bound what is read. */
static int
digits(const char *p, size_t n, int from, int to)
{
	int v = 0;

	for (size_t i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return -1;
		v = v * 10 + (p[i] - '0');
	}
	return v >= from && v <= to ? v : -1;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* A number of one or two digits within a range: its length, or 0. */
static size_t
one_or_two(const char *p, int from, int to)
{
	size_t n = char_run(p, CHAR_DIGIT);

	return n >= 1 && n <= 2 && digits(p, n, from, to) >= 0 ? n : 0;
}

static size_t
fraction_length(const char *p)
{
	size_t n;

	if (*p != '.' && *p != ',' && *p != ':')
		return 0;
	n = char_run(p + 1, CHAR_DIGIT);
	return n >= 1 + (*p != '.') && n <= 9 ? n + 1 : 0;
}

static size_t
zone_length(const char *p)
{
	size_t n = *p == ' ', w;

	if (p[n] == 'Z' && !char_is(p[n + 1], CHAR_WORD))
		return n + 1;
	if ((p[n] == '+' || p[n] == '-') && digits(p + n + 1, 2, 0, 14) >= 0) {
		w = n + 3;
		w += p[w] == ':';
		if (digits(p + w, 2, 0, 59) >= 0 &&
		    !char_is(p[w + 2], CHAR_WORD))
			return w + 2;
		return n || char_is(p[n + 3], CHAR_WORD) ? 0 : n + 3;
	}
	w = char_run(p + n, CHAR_WORD);
	if (n && (w == 3 || w == 4) && strchr("TCK", p[n + w - 1]) &&
	    span_in((struct span){p + n, w},
		"UTC GMT CET CEST WET WEST EET EEST MSK BST IST EST EDT "
		"CST CDT MST MDT PST PDT JST KST AEST AEDT SAST HKT SGT"))
		return n + w;
	return 0;
}

static size_t
half_day_length(const char *p)
{
	size_t n = *p == ' ';

	if ((char_lower(p[n]) == 'a' || char_lower(p[n]) == 'p') &&
	    char_lower(p[n + 1]) == 'm' && !char_is(p[n + 2], CHAR_WORD))
		return n + 2;
	return 0;
}

/* hh:mm:ss, with fraction, AM/PM and zone; hh:mm too behind a date. */
static size_t
clock_length(const char *p, bool behind_date)
{
	size_t n = one_or_two(p, 0, 23), h = n;
	char separator = p[n];

	if (!n || (separator != ':' &&
		      !(behind_date && (separator == '-' || separator == '_' ||
					   separator == '.'))))
		return 0;
	if (digits(p + n + 1, 2, 0, 60) < 0 || is_digit(p[n + 3])) {
		return 0;
	}
	n += 3;
	if (p[n] == separator && digits(p + n + 1, 2, 0, 60) >= 0 &&
	    !is_digit(p[n + 3])) {
		n += 3;
		n += fraction_length(p + n);
		if (separator == '_' && char_run(p + n + 1, CHAR_DIGIT) == 3)
			n += p[n] == '_' ? 4 : 0;
		else if (separator == '-' && p[n] == '-' &&
			 char_run(p + n + 1, CHAR_DIGIT) == 3)
			n += 4;
	} else if (!behind_date || separator != ':' || h != 2) {
		return 0;
	}
	n += half_day_length(p + n);
	n += zone_length(p + n);
	if (char_is(p[n], CHAR_ALNUM) ||
	    (!behind_date && p[n] == ':' && is_digit(p[n + 1])))
		return 0;
	return n;
}

/* hhmmss or hhmm behind a compact date, with fraction and zone. */
static size_t
compact_clock_length(const char *p)
{
	size_t n = char_run(p, CHAR_DIGIT);

	if ((n != 6 && n != 4) || digits(p, 2, 0, 23) < 0 ||
	    digits(p + 2, 2, 0, 59) < 0)
		return 0;
	n += fraction_length(p + n);
	return n + zone_length(p + n);
}

/* What follows a date: its time of day, or nothing. */
static size_t
with_clock(const char *p, size_t date)
{
	size_t n = date, t;

	if (p[n] == ',' && p[n + 1] == ' ')
		n++;
	if (char_starts(p + n, " at "))
		n += 3;
	if (p[n] == 'T' || p[n] == ' ' || p[n] == '_' || p[n] == '-' ||
	    p[n] == ':')
		n++;
	if (p[n] == ':' || p[n] == ' ')
		n++;
	t = n > date ? clock_length(p + n, true) : 0;
	if (!t && p[n - 1] != ' ' && n > date)
		t = compact_clock_length(p + n);
	if (t)
		return n + t;
	return char_is(p[date], CHAR_ALNUM) ? 0 : date;
}

/* clang-format off */
static const struct word months[] = {
    WORD("jan"), WORD("feb"), WORD("mar"), WORD("apr"), WORD("may"),
    WORD("jun"), WORD("jul"), WORD("aug"), WORD("sep"), WORD("oct"),
    WORD("nov"), WORD("dec"), WORD("january"), WORD("february"),
    WORD("march"), WORD("april"), WORD("june"), WORD("july"),
    WORD("august"), WORD("september"), WORD("october"), WORD("november"),
    WORD("december"), WORD("sept"),
    {0},
};
static const struct word days[] = {
    WORD("mon"), WORD("tue"), WORD("wed"), WORD("thu"), WORD("fri"),
    WORD("sat"), WORD("sun"), WORD("monday"), WORD("tuesday"),
    WORD("wednesday"), WORD("thursday"), WORD("friday"),
    WORD("saturday"), WORD("sunday"),
    {0},
};
/* clang-format on */

static size_t
name_length(const char *p, const struct word *names)
{
	char lower[9];
	size_t n;

	switch (char_lower(*p)) {
	case 'j':
	case 'f':
	case 'm':
	case 'a':
	case 's':
	case 'o':
	case 'n':
	case 'd':
	case 't':
	case 'w':
		break;
	default:
		return 0;
	}
	n = char_run(p, CHAR_ALPHA);
	if (n < 3 || n > 9)
		return 0;
	for (size_t i = 0; i < n; i++)
		lower[i] = char_lower(p[i]);
	return span_among((struct span){lower, n}, names) ? n : 0;
}

static size_t
year_length(const char *p)
{
	return digits(p, 4, 1970, 2199) >= 0 && !is_digit(p[4]) ? 4 : 0;
}

/* 2026-03-02, 2026/03/02, 2026.03.02, 2026_03_02 */
static size_t
year_first_length(const char *p)
{
	char separator = p[4];
	size_t month, day;

	if (!year_length(p) || !separator || !strchr("-/._", separator))
		return 0;
	month = one_or_two(p + 5, 1, 12);
	if (!month || p[5 + month] != separator)
		return 0;
	day = one_or_two(p + 6 + month, 1, 31);
	return day ? with_clock(p, 6 + month + day) : 0;
}

/* 02.03.2026, 03/02/2026, 03/02/26 04:10:07, 02/Mar/2026, 2 March 2026 */
static size_t
day_first_length(const char *p)
{
	size_t n = one_or_two(p, 1, 31), month, year;
	char separator = p[n];

	if (!n || !separator || !strchr("-/. ", separator))
		return 0;
	month = name_length(p + n + 1, months);
	if (!month && separator != ' ')
		month = one_or_two(p + n + 1, 1, 31);
	if (!month || p[n + 1 + month] != separator)
		return 0;
	n += month + 2;
	year = year_length(p + n);
	if (year)
		return with_clock(p, n + year);
	if (separator == '/' && digits(p + n, 2, 0, 99) >= 0 &&
	    p[n + 2] == ' ' && clock_length(p + n + 3, true))
		return with_clock(p, n + 2);
	return 0;
}

/* 20260302T041007Z */
static size_t
compact_length(const char *p)
{
	size_t t;

	if (digits(p, 4, 1970, 2199) < 0 || digits(p + 4, 2, 1, 12) < 0 ||
	    digits(p + 6, 2, 1, 31) < 0 || p[8] != 'T')
		return 0;
	t = compact_clock_length(p + 9);
	if (!t)
		t = clock_length(p + 9, true);
	return t ? 9 + t : 0;
}

/* Mar  2 04:10:07 2026, Mar 02, 2026 4:10:07 PM, March 2, 2026 */
static size_t
month_first_length(const char *p)
{
	size_t n = name_length(p, months), day, t, year;

	if (!n || p[n] != ' ')
		return 0;
	n += char_blanks(p + n);
	day = one_or_two(p + n, 1, 31);
	if (!day)
		return 0;
	n += day;
	t = p[n] == ' ' ? clock_length(p + n + 1, false) : 0;
	if (t) {
		n += 1 + t;
		year = p[n] == ' ' ? year_length(p + n + 1) : 0;
		return year ? n + 1 + year : n;
	}
	n += p[n] == ',';
	year = p[n] == ' ' ? year_length(p + n + 1) : 0;
	return year ? with_clock(p, n + 1 + year) : 0;
}

size_t
instant_length(const char *p)
{
	size_t n, w;

	if (is_digit(*p)) {
		n = char_run(p, CHAR_DIGIT);
		if (n == 4)
			return year_first_length(p);
		if (n == 8)
			return compact_length(p);
		if (n > 2)
			return 0;
		n = clock_length(p, false);
		return n ? n : day_first_length(p);
	}
	w = name_length(p, days);
	if (w) {
		w += p[w] == ',';
		if (p[w] != ' ')
			return 0;
		w += char_blanks(p + w);
		n = is_digit(p[w]) ? instant_length(p + w)
				   : month_first_length(p + w);
		return n ? w + n : 0;
	}
	return month_first_length(p);
}

/* clang-format off */
static const struct word units[] = {
    WORD("ns"), WORD("us"), WORD("\xc2\xb5""s"), WORD("\xce\xbc""s"),
    WORD("ms"), WORD("s"), WORD("m"), WORD("h"), WORD("d"), WORD("sec"),
    WORD("secs"), WORD("second"), WORD("seconds"), WORD("msec"), WORD("min"),
    WORD("mins"), WORD("minute"), WORD("minutes"), WORD("hr"), WORD("hrs"),
    WORD("hour"), WORD("hours"), WORD("day"), WORD("days"), WORD("B"),
    WORD("b"), WORD("kB"), WORD("KB"), WORD("KiB"), WORD("k"), WORD("K"),
    WORD("M"), WORD("G"), WORD("T"), WORD("MB"), WORD("MiB"), WORD("GB"),
    WORD("GiB"), WORD("TB"), WORD("TiB"), WORD("Mb"), WORD("Mbit"),
    WORD("kbit"), WORD("kb"), WORD("Kb"), WORD("byte"), WORD("bytes"),
    WORD("Bytes"), WORD("it"), WORD("Kbps"), WORD("Mbps"), WORD("bps"),
    {0},
};
/* clang-format on */

static bool
opens_unit(char c)
{
	switch (c) {
	case 'n':
	case 'u':
	case 'm':
	case 's':
	case 'h':
	case 'd':
	case 'B':
	case 'b':
	case 'k':
	case 'K':
	case 'M':
	case 'G':
	case 'T':
	case 'i':
	case '\xc2':
	case '\xce':
		return true;
	default:
		return false;
	}
}

size_t
instant_unit_length(const char *p)
{
	size_t blank = *p == ' ', n;
	struct span unit;

	p += blank;
	if (*p == '%')
		return blank + 1;
	if (!opens_unit(*p))
		return 0;
	n = char_run(p, CHAR_ALPHA);
	if (char_starts(p, "\xc2\xb5s") || char_starts(p, "\xce\xbcs"))
		n = 3;
	if (!n || n > 7 || (p[n] & 0x80) || char_is(p[n], CHAR_WORD))
		return 0;
	unit = (struct span){p, n};
	if (!span_among(unit, units))
		return 0;
	if (blank && span_in(unit, "it"))
		return 0;
	if (blank && n == 1 && !strchr("sBKMGT", *p))
		return 0;
	if (p[n] == '/' &&
	    (char_starts(p + n, "/s") || char_starts(p + n, "/m") ||
		char_starts(p + n, "/h"))) {
		size_t w = char_run(p + n + 1, CHAR_WORD);

		if (w == 1 || span_in((struct span){p + n + 1, w}, "sec min"))
			n += 1 + w;
	}
	return blank + n;
}
