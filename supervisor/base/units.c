#include "units.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DURATION_MAX_MS (INT64_C(100) * 365 * 86400 * 1000)

static const struct duration_unit {
	const char *name;
	int64_t ms;
} duration_units[] = {
    {"w", 604800000},
    {"d", 86400000},
    {"h", 3600000},
    {"m", 60000},
    {"s", 1000},
    {"ms", 1},
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads digits at `*text` and moves past them; -1: more than fits. */
static int64_t
take_number(const char **text)
{
	int64_t n = 0;
	bool is_too_large = false;

	for (; is_digit(**text); (*text)++) {
		int digit = **text - '0';

		if (n > (INT64_MAX - digit) / 10)
			is_too_large = true;
		else
			n = n * 10 + digit;
	}
	return is_too_large ? -1 : n;
}

/* The unit at `*text`, moved past; NULL when there is none. */
static const struct duration_unit *
take_unit(const char **text)
{
	size_t length = 0;

	while ((*text)[length] >= 'a' && (*text)[length] <= 'z')
		length++;
	for (size_t i = 0; i < sizeof(duration_units) / sizeof(*duration_units);
	     i++) {
		const struct duration_unit *u = &duration_units[i];

		if (strlen(u->name) == length &&
		    !strncmp(*text, u->name, length)) {
			*text += length;
			return u;
		}
	}
	return NULL;
}

int
units_parse_duration(const char *text, int64_t *ms)
{
	int64_t total = 0, last_unit_ms = INT64_MAX;

	do {
		const struct duration_unit *u;
		int64_t whole, fraction = 0, scale = 1, unit_ms;

		if (!is_digit(*text))
			return errno = EINVAL, -1;
		whole = take_number(&text);
		if (*text == '.') {
			if (!is_digit(*++text))
				return errno = EINVAL, -1;
			for (; is_digit(*text); text++) {
				if (scale >= INT64_C(1000000))
					return errno = EINVAL, -1;
				fraction = fraction * 10 + (*text - '0');
				scale *= 10;
			}
		}
		u = take_unit(&text);
		/* A bare number is seconds, and has nothing after it. */
		if (!u && (*text || last_unit_ms != INT64_MAX))
			return errno = EINVAL, -1;
		unit_ms = u ? u->ms : 1000;
		if (unit_ms >= last_unit_ms || fraction * unit_ms % scale)
			return errno = EINVAL, -1;
		last_unit_ms = unit_ms;
		if (whole < 0 || whole > DURATION_MAX_MS / unit_ms)
			return errno = ERANGE, -1;
		total += whole * unit_ms + fraction * unit_ms / scale;
		if (total > DURATION_MAX_MS)
			return errno = ERANGE, -1;
	} while (*text);
	*ms = total;
	return 0;
}

int
units_parse_size(const char *text, int64_t *bytes)
{
	static const char letters[] = "kmgt";
	int64_t n;
	int shift = 0;

	if (!is_digit(*text))
		return errno = EINVAL, -1;
	n = take_number(&text);
	for (int i = 0; *text && letters[i]; i++) {
		if ((*text | 0x20) == letters[i]) {
			shift = 10 * (i + 1);
			text++;
			if (!strcmp(text, "iB") || !strcmp(text, "B"))
				text += strlen(text);
			break;
		}
	}
	if (!shift && !strcmp(text, "B"))
		text++;
	if (*text)
		return errno = EINVAL, -1;
	if (n < 0 || n > INT64_C(1) << (50 - shift))
		return errno = ERANGE, -1;
	*bytes = n << shift;
	return 0;
}

int
units_parse_int(const char *text, int64_t min, int64_t max, int64_t *value)
{
	bool is_negative = *text == '-';
	int64_t n;

	text += is_negative;
	if (!is_digit(*text))
		return errno = EINVAL, -1;
	n = take_number(&text);
	if (*text)
		return errno = EINVAL, -1;
	if (n < 0)
		return errno = ERANGE, -1;
	if (is_negative)
		n = -n;
	if (n < min || n > max)
		return errno = ERANGE, -1;
	*value = n;
	return 0;
}

int
units_parse_digits(
    const char *bytes, size_t size, int64_t min, int64_t max, int64_t *value)
{
	char digits[24];

	if (size >= sizeof(digits))
		return errno = EINVAL, -1;
	memcpy(digits, bytes, size);
	digits[size] = '\0';
	/* A NUL among them would end them early. */
	return strlen(digits) < size ? (errno = EINVAL, -1)
				     : units_parse_int(digits, min, max, value);
}

/* Milliseconds as seconds with up to three decimals and no idle zeros. */
void
units_format_seconds(int64_t ms, char text[UNITS_TEXT_SIZE])
{
	int n = snprintf(text, UNITS_TEXT_SIZE, "%" PRId64, ms / 1000);

	if (ms % 1000 == 0)
		return;
	n += snprintf(text + n, UNITS_TEXT_SIZE - n, ".%03d", (int)(ms % 1000));
	while (text[n - 1] == '0')
		text[--n] = '\0';
}

void
units_format_duration(int64_t ms, char text[UNITS_TEXT_SIZE])
{
	size_t n = 0;

	if (ms <= 0) {
		snprintf(text, UNITS_TEXT_SIZE, "0s");
		return;
	}
	if (ms > 1000 && ms < 60000 && ms % 1000) {
		units_format_seconds(ms, text);
		strcat(text, "s");
		return;
	}
	for (size_t i = 0; i < sizeof(duration_units) / sizeof(*duration_units);
	     i++) {
		const struct duration_unit *u = &duration_units[i];

		if (ms >= u->ms)
			n += snprintf(text + n, UNITS_TEXT_SIZE - n,
			    "%" PRId64 "%s", ms / u->ms, u->name);
		ms %= u->ms;
	}
}

void
units_format_span(int64_t ms, char text[UNITS_TEXT_SIZE])
{
	size_t n = 0;

	if (ms < 1000) {
		snprintf(
		    text, UNITS_TEXT_SIZE, "%" PRId64 " ms", ms < 0 ? 0 : ms);
		return;
	}
	if (ms < 10000 && ms % 1000 >= 100) {
		snprintf(text, UNITS_TEXT_SIZE, "%d.%d s", (int)(ms / 1000),
		    (int)(ms % 1000 / 100));
		return;
	}
	for (size_t i = 1, parts = 0; i < 5 && parts < 2; i++) {
		const struct duration_unit *u = &duration_units[i];

		if (ms >= u->ms) {
			n += snprintf(text + n, UNITS_TEXT_SIZE - n,
			    "%s%" PRId64 " %s", parts ? " " : "", ms / u->ms,
			    u->name);
			parts++;
		} else if (parts) {
			break;
		}
		ms %= u->ms;
	}
}

void
units_format_size(int64_t bytes, char text[UNITS_TEXT_SIZE])
{
	static const char letters[] = "\0kMGT";
	int i = 0;

	while (bytes && bytes % 1024 == 0 && i < 4) {
		bytes /= 1024;
		i++;
	}
	snprintf(text, UNITS_TEXT_SIZE, "%" PRId64 "%.1s", bytes, letters + i);
}

/*
 * The calendar in UTC of an instant, and the milliseconds beyond.  A machine
 * whose clock has no battery can be before 1970.
 */
static struct tm
calendar_of(int64_t wall_ms, int *ms)
{
	time_t seconds = wall_ms / 1000;
	struct tm tm = {0};

	*ms = (int)(wall_ms % 1000);
	if (*ms < 0) {
		*ms += 1000;
		seconds--;
	}
	gmtime_r(&seconds, &tm);
	return tm;
}

void
units_format_wall(int64_t wall_ms, char text[UNITS_TEXT_SIZE])
{
	int ms;
	struct tm tm = calendar_of(wall_ms, &ms);

	snprintf(text, UNITS_TEXT_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
	    (tm.tm_year + 1900) % 10000, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
	    tm.tm_min, tm.tm_sec, ms);
}

void
units_format_time(int64_t wall_ms, char text[UNITS_TEXT_SIZE])
{
	units_format_wall(wall_ms, text);
	text[strlen("2026-11-24")] = ' ';
	text[strlen("2026-11-24 03:06:04")] = '\0';
}

void
units_format_local(int64_t wall_ms, char text[UNITS_TEXT_SIZE])
{
	int ms;
	struct tm tm = calendar_of(wall_ms, &ms);
	time_t seconds = timegm(&tm);
	long east;

	localtime_r(&seconds, &tm);
	east = tm.tm_gmtoff / 60;
	snprintf(text, UNITS_TEXT_SIZE,
	    "%04d-%02d-%02dT%02d:%02d:%02d.%03d%c%02ld:%02ld",
	    (tm.tm_year + 1900) % 10000, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
	    tm.tm_min, tm.tm_sec, ms, east < 0 ? '-' : '+',
	    labs(east) / 60 % 100, labs(east) % 60);
}

void
units_format_date(int64_t wall_ms, char text[UNITS_TEXT_SIZE])
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int ms;
	struct tm tm = calendar_of(wall_ms, &ms);

	snprintf(text, UNITS_TEXT_SIZE,
	    "%.3s, %02d %.3s %04d %02d:%02d:%02d +0000", days + 3 * tm.tm_wday,
	    tm.tm_mday, months + 3 * tm.tm_mon, (tm.tm_year + 1900) % 10000,
	    tm.tm_hour, tm.tm_min, tm.tm_sec);
}
