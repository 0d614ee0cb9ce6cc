/* Durations, sizes, numbers and instants as people write them. */
#include "base/units.h"

#include <errno.h>
#include <stdlib.h>

#include "tap.h"

enum { UNTOUCHED = -77 };

static const struct parse_row {
	const char *text;
	int64_t value; /* or -1: an error */
	int error;
	const char *what;
} durations[] = {
    {"0", 0, 0, "nothing"},
    {"0s", 0, 0, "no second"},
    {"1", 1000, 0, "a bare number is seconds"},
    {"007", 7000, 0, "zeros in front"},
    {"1.5", 1500, 0, "a bare number with a fraction"},
    {"0.001", 1, 0, "a thousandth"},
    {"0.25s", 250, 0, "a fraction of a second"},
    {"500ms", 500, 0, "milliseconds"},
    {"90s", 90000, 0, "seconds"},
    {"15m", 900000, 0, "minutes"},
    {"1h30m", 5400000, 0, "two units"},
    {"12h", 43200000, 0, "hours"},
    {"2d", 172800000, 0, "days"},
    {"1w", 604800000, 0, "a week"},
    {"1w2d3h4m5s6ms", 788645006, 0, "every unit"},
    {"1.5h", 5400000, 0, "a fraction of an hour"},
    {"0.5ms", -1, EINVAL, "finer than a millisecond"},
    {"0.0001", -1, EINVAL, "finer than a millisecond, bare"},
    {"36500d", INT64_C(3153600000000), 0, "a hundred years"},
    {"36501d", -1, ERANGE, "a day more than a hundred years"},
    {"99999999999999999999999", -1, ERANGE, "more than any number"},
    {"36500d1ms", -1, ERANGE, "a sum of more than a hundred years"},
    {"9223372036854775807w", -1, ERANGE, "a product that overflows"},
    {"", -1, EINVAL, "nothing at all"},
    {" 1", -1, EINVAL, "a blank in front"},
    {"1 ", -1, EINVAL, "a blank behind"},
    {"1 s", -1, EINVAL, "a blank within"},
    {"-1", -1, EINVAL, "a negative number"},
    {"+1", -1, EINVAL, "a sign"},
    {"1x", -1, EINVAL, "no unit"},
    {"1S", -1, EINVAL, "a unit in capitals"},
    {"s", -1, EINVAL, "a unit alone"},
    {"1.", -1, EINVAL, "a point and nothing"},
    {".5", -1, EINVAL, "nothing and a point"},
    {"1.2.3", -1, EINVAL, "two points"},
    {"1m1m", -1, EINVAL, "a unit twice"},
    {"1m1h", -1, EINVAL, "units in the wrong order"},
    {"1h30", -1, EINVAL, "a unit, then none"},
    {"1sec", -1, EINVAL, "a unit written out"},
    {"1m ", -1, EINVAL, "a blank at the end"},
    {"0x10", -1, EINVAL, "another base"},
    {"1e3", -1, EINVAL, "an exponent"},
    {"nan", -1, EINVAL, "no number"},
    {"1\xc2\xb5s", -1, EINVAL, "bytes that are no ASCII"},
};

static const struct parse_row sizes[] = {
    {"0", 0, 0, "nothing"},
    {"1", 1, 0, "a bare number is bytes"},
    {"1B", 1, 0, "bytes"},
    {"64k", 65536, 0, "kibibytes"},
    {"64K", 65536, 0, "kibibytes in capitals"},
    {"64kB", 65536, 0, "with a B"},
    {"64KiB", 65536, 0, "with an iB"},
    {"10M", 10485760, 0, "mebibytes"},
    {"1G", 1073741824, 0, "a gibibyte"},
    {"2T", INT64_C(2199023255552), 0, "tebibytes"},
    {"1024T", INT64_C(1) << 50, 0, "a pebibyte"},
    {"1125899906842624", INT64_C(1) << 50, 0, "a pebibyte in bytes"},
    {"1125899906842623", (INT64_C(1) << 50) - 1, 0, "one byte less"},
    {"1025T", -1, ERANGE, "more than a pebibyte"},
    {"1125899906842625", -1, ERANGE, "one byte more than a pebibyte"},
    {"99999999999999999", -1, ERANGE, "seventeen digits"},
    {"99999999999999999999999", -1, ERANGE, "more than any number"},
    {"", -1, EINVAL, "nothing at all"},
    {"k", -1, EINVAL, "a unit alone"},
    {"-1", -1, EINVAL, "a negative number"},
    {"1.5M", -1, EINVAL, "a fraction"},
    {"1P", -1, EINVAL, "no unit"},
    {"1 M", -1, EINVAL, "a blank within"},
    {"1MM", -1, EINVAL, "a unit twice"},
    {"1iB", -1, EINVAL, "an iB without a unit"},
    {"1kb", -1, EINVAL, "bits"},
};

static void
test_parse(const char *kind, int (*parse)(const char *, int64_t *),
    const struct parse_row *rows, size_t count)
{
	for (const struct parse_row *r = rows; r < rows + count; r++) {
		int64_t value = UNTOUCHED;
		int result;

		errno = 0;
		result = parse(r->text, &value);
		if (!tap_ok(r->error ? result == -1 && errno == r->error &&
					   value == UNTOUCHED
				     : !result && value == r->value,
			"%s: %s: '%s'", kind, r->what, r->text))
			printf("#   got: %d, %lld, errno %d\n", result,
			    (long long)value, errno);
	}
}

static const struct {
	const char *text;
	int64_t min, max, value;
	int error;
} numbers[] = {
    {"0", 0, 255, 0, 0},
    {"255", 0, 255, 255, 0},
    {"256", 0, 255, 0, ERANGE},
    {"-1", 0, 255, 0, ERANGE},
    {"-20", -20, 19, -20, 0},
    {"-21", -20, 19, 0, ERANGE},
    {"-0", 0, 1, 0, 0},
    {"9223372036854775807", 0, INT64_MAX, INT64_MAX, 0},
    {"9223372036854775808", 0, INT64_MAX, 0, ERANGE},
    {"18446744073709551617", 0, INT64_MAX, 0, ERANGE},
    {"", 0, 255, 0, EINVAL},
    {"-", -9, 9, 0, EINVAL},
    {"+1", 0, 9, 0, EINVAL},
    {" 1", 0, 9, 0, EINVAL},
    {"1 ", 0, 9, 0, EINVAL},
    {"1.0", 0, 9, 0, EINVAL},
    {"0x1", 0, 9, 0, EINVAL},
    {"one", 0, 9, 0, EINVAL},
};

static void
test_numbers(void)
{
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		int64_t value = UNTOUCHED;
		int result;

		errno = 0;
		result = units_parse_int(
		    numbers[i].text, numbers[i].min, numbers[i].max, &value);
		tap_ok(numbers[i].error
			   ? result == -1 && errno == numbers[i].error &&
				 value == UNTOUCHED
			   : !result && value == numbers[i].value,
		    "number: '%s' within %lld..%lld", numbers[i].text,
		    (long long)numbers[i].min, (long long)numbers[i].max);
	}
}

/* What a function writes for a number. */
static const struct format_row {
	void (*format)(int64_t, char *);
	const char *kind;
	int64_t value;
	const char *text;
} formats[] = {
    {units_format_seconds, "seconds", 0, "0"},
    {units_format_seconds, "seconds", 1, "0.001"},
    {units_format_seconds, "seconds", 250, "0.25"},
    {units_format_seconds, "seconds", 1000, "1"},
    {units_format_seconds, "seconds", 1200000, "1200"},
    {units_format_seconds, "seconds", 1010, "1.01"},
    {units_format_seconds, "seconds", 86400000, "86400"},
    {units_format_duration, "duration", 0, "0s"},
    {units_format_duration, "duration", 250, "250ms"},
    {units_format_duration, "duration", 1000, "1s"},
    {units_format_duration, "duration", 1500, "1.5s"},
    {units_format_duration, "duration", 60000, "1m"},
    {units_format_duration, "duration", 61500, "1m1s500ms"},
    {units_format_duration, "duration", 5400000, "1h30m"},
    {units_format_duration, "duration", 172800000, "2d"},
    {units_format_duration, "duration", 604800000, "1w"},
    {units_format_span, "span", -5, "0 ms"},
    {units_format_span, "span", 0, "0 ms"},
    {units_format_span, "span", 250, "250 ms"},
    {units_format_span, "span", 999, "999 ms"},
    {units_format_span, "span", 1000, "1 s"},
    {units_format_span, "span", 3999, "3.9 s"},
    {units_format_span, "span", 1740, "1.7 s"},
    {units_format_span, "span", 1099, "1 s"},
    {units_format_span, "span", 9999, "9.9 s"},
    {units_format_span, "span", 10900, "10 s"},
    {units_format_span, "span", 250000, "4 m 10 s"},
    {units_format_span, "span", 3600000, "1 h"},
    {units_format_span, "span", 3605000, "1 h"},
    {units_format_span, "span", 183600000, "2 d 3 h"},
    {units_format_span, "span", 172800000 + 60000, "2 d"},
    {units_format_size, "size", 0, "0"},
    {units_format_size, "size", 1500, "1500"},
    {units_format_size, "size", 65536, "64k"},
    {units_format_size, "size", 10485760, "10M"},
    {units_format_size, "size", INT64_C(1) << 50, "1024T"},
    {units_format_wall, "wall", 0, "1970-01-01T00:00:00.000Z"},
    {units_format_wall, "wall", INT64_C(1795489564479),
	"2026-11-24T03:06:04.479Z"},
    {units_format_wall, "wall", INT64_C(951782400000),
	"2000-02-29T00:00:00.000Z"},
    {units_format_wall, "wall", -1, "1969-12-31T23:59:59.999Z"},
    {units_format_date, "date", 0, "Thu, 01 Jan 1970 00:00:00 +0000"},
    {units_format_date, "date", INT64_C(1795489564479),
	"Tue, 24 Nov 2026 03:06:04 +0000"},
    {units_format_date, "date", -1, "Wed, 31 Dec 1969 23:59:59 +0000"},
};

static void
test_formats(void)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++) {
		char text[UNITS_TEXT_SIZE];

		formats[i].format(formats[i].value, text);
		tap_is(text, formats[i].text, "%s: %lld is written %s",
		    formats[i].kind, (long long)formats[i].value,
		    formats[i].text);
	}
}

/* A random number of random magnitude, up to `max`. */
static int64_t
random_up_to(int64_t max)
{
	int64_t n = (int64_t)((uint64_t)random() << 31 ^ (uint64_t)random());

	return (n >> (random() % 60)) % (max + 1);
}

/* What is written is read back as the same. */
static void
test_round_trips(void)
{
	enum { ROUNDS = 200000 };
	int failed = 0;

	srandom(1);
	for (int i = 0; i < ROUNDS; i++) {
		int64_t ms = random_up_to(INT64_C(3153600000000));
		int64_t bytes = random_up_to(INT64_C(1) << 50);
		int64_t back_ms = -1, back_s = -1, back_bytes = -1;
		char text[UNITS_TEXT_SIZE];

		units_format_duration(ms, text);
		units_parse_duration(text, &back_ms);
		units_format_seconds(ms, text);
		units_parse_duration(text, &back_s);
		units_format_size(bytes, text);
		units_parse_size(text, &back_bytes);
		if (back_ms != ms || back_s != ms || back_bytes != bytes) {
			printf("# %lld ms: %lld, %lld; %lld bytes: %lld\n",
			    (long long)ms, (long long)back_ms,
			    (long long)back_s, (long long)bytes,
			    (long long)back_bytes);
			failed++;
		}
	}
	tap_is_int(failed, 0,
	    "%d random durations and sizes are read back "
	    "as they were",
	    ROUNDS);
}

int
main(void)
{
	test_parse("duration", units_parse_duration, durations,
	    sizeof(durations) / sizeof(*durations));
	test_parse(
	    "size", units_parse_size, sizes, sizeof(sizes) / sizeof(*sizes));
	test_numbers();
	test_formats();
	test_round_trips();
	return tap_done();
}
