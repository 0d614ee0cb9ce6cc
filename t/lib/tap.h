/*
 * tap: the test anything protocol in one header, for the tables of t/unit.
 *
 * One row of a table is one TAP line, named by a sentence.  A test that fails
 * prints its evidence.
 */
#ifndef RUNNER_TAP_H
#define RUNNER_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tap_count, tap_failed;

/* One result; the rest is printf's and names what was tested. */
__attribute__((format(printf, 2, 3))) static inline bool
tap_ok(bool ok, const char *fmt, ...)
{
	va_list ap;

	printf("%sok %d - ", ok ? "" : "not ", ++tap_count);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	tap_failed += !ok;
	return ok;
}

/* Are two strings the same?  NULL equals only NULL. */
__attribute__((format(printf, 3, 4))) static inline bool
tap_is(const char *got, const char *want, const char *fmt, ...)
{
	char name[512];
	va_list ap;
	bool ok = got && want ? !strcmp(got, want) : got == want;

	va_start(ap, fmt);
	vsnprintf(name, sizeof(name), fmt, ap);
	va_end(ap);
	if (!tap_ok(ok, "%s", name))
		printf("#   got: %s\n#  want: %s\n", got ? got : "(null)",
		    want ? want : "(null)");
	return ok;
}

__attribute__((format(printf, 3, 4))) static inline bool
tap_is_int(long long got, long long want, const char *fmt, ...)
{
	char name[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(name, sizeof(name), fmt, ap);
	va_end(ap);
	if (!tap_ok(got == want, "%s", name))
		printf("#   got: %lld\n#  want: %lld\n", got, want);
	return got == want;
}

/* The plan, and main()'s return value. */
static inline int
tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed != 0;
}

#endif
