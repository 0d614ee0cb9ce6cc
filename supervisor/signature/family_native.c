/* Rust panics, C and C++ aborts, sanitizers and valgrind. */
#include "recognise.h"

enum { HEAD, MESSAGE, BODY };

/* The message of "thread 'main' panicked at 'boom', src/main.rs:2:5" */
static bool
set_old_panic(struct recogniser *r, const char *p)
{
	const char *start = strstr(p, "panicked at '"), *end;

	if (!start)
		return false;
	start += 13;
	end = text_find_last(start, "', ");
	candidate_set(
	    &r->subject, start, end ? (size_t)(end - start) : strlen(start));
	return true;
}

/* thread 'main' (12345) panicked: older versions print no number. */
static void
cut_thread(struct split *line)
{
	char *text = (char *)line->text;
	char *open = strstr(text, "' ("), *close;

	if (!open || !(close = strstr(open, ") panicked at ")))
		return;
	memmove(open + 1, close + 1, strlen(close + 1) + 1);
	line->size = strlen(text);
}

static bool
rust_starts(struct recogniser *r, const char *p, struct split *line)
{
	if (!char_starts(p, "thread '") || !strstr(p, "panicked at "))
		return false;
	/* a thread's panic and then that of the thread that waited for it */
	if (r->family == FAMILY_RUST && r->is_open)
		r->is_joined = true;
	recognise_open(r, FAMILY_RUST);
	cut_thread(line);
	r->phase = set_old_panic(r, p) ? BODY : MESSAGE;
	return true;
}

static bool
is_glibc_abort(const char *p)
{
	/* clang-format off */
	static const struct word openings[] = {
	    WORD("free(): "), WORD("malloc(): "), WORD("realloc(): "),
	    WORD("calloc(): "), WORD("munmap_chunk(): "),
	    WORD("malloc_consolidate(): "),
	    WORD("double free or corruption"),
	    WORD("corrupted size vs. prev_size"),
	    WORD("corrupted double-linked list"),
	    WORD("*** stack smashing detected ***"),
	    WORD("*** buffer overflow detected ***"), WORD("*** Error in `"),
	    WORD("*** %n in writable"), WORD("free_list_"),
	    WORD("invalid fastbin entry"), WORD("sysmalloc: "),
	    WORD("tcache_thread_shutdown(): "), WORD("double free detected"),
	    WORD("Fatal glibc error:"), WORD("*** longjmp causes"),
	    WORD("*** invalid %N$ use"),
	    {0},
	};
	/* clang-format on */

	return char_opening(p, openings) > 0;
}

/* "prog: x.c:5: main: Assertion `x > 0' failed." */
static bool
is_assertion(const char *p)
{
	const char *q = strstr(p, "Assertion ");

	if (!q)
		return false;
	return (q[10] == '`' && strstr(q, "' failed")) ||
	       (char_starts(q, "Assertion failed: ") && strchr(q, '('));
}

static bool
abort_starts(struct recogniser *r, const char *p)
{
	if (*p == '*' && !is_glibc_abort(p))
		return false;
	/* "prog: malloc.c:2617: sysmalloc: Assertion" is an assertion */
	if (!is_glibc_abort(p) && !is_assertion(p))
		return false;
	recognise_open(r, FAMILY_ABORT);
	candidate_set(&r->subject, p, strlen(p));
	return true;
}

/* The type in "... an instance of 'std::runtime_error'". */
static bool
terminate_starts(struct recogniser *r, const char *p)
{
	const char *type, *end;

	if (char_starts(p, "terminate called")) {
		type = strstr(p, "instance of '");
		recognise_open(r, FAMILY_TERMINATE);
		if (type && (end = strchr(type + 13, '\'')))
			candidate_set(
			    &r->subject, type + 13, (size_t)(end - type - 13));
		else
			candidate_set(&r->subject, p, strlen(p));
		return true;
	}
	if (!char_starts(p, "libc++abi: terminating") &&
	    !char_starts(p, "libc++abi.dylib: terminating"))
		return false;
	recognise_open(r, FAMILY_TERMINATE);
	type = strstr(p, " of type ");
	end = type ? strstr(type, ": ") : NULL;
	if (end)
		candidate_set(&r->subject, end + 2, strlen(end + 2));
	else
		candidate_set(&r->subject, p, strlen(p));
	return true;
}

static bool
is_sanitizer(const char *p)
{
	return char_starts(p, "AddressSanitizer") ||
	       char_starts(p, "LeakSanitizer") ||
	       char_starts(p, "MemorySanitizer") ||
	       char_starts(p, "ThreadSanitizer") ||
	       char_starts(p, "HWAddressSanitizer") ||
	       char_starts(p, "UndefinedBehaviorSanitizer");
}

/* Valgrind's lines that stand around its errors. */
static bool
is_valgrind_chatter(const char *p)
{
	/* clang-format off */
	static const struct word openings[] = {
	    WORD("Memcheck,"), WORD("Copyright"), WORD("Using Valgrind"),
	    WORD("Command:"), WORD("Parent PID"), WORD("HEAP SUMMARY"),
	    WORD("in use at exit"), WORD("total heap usage"),
	    WORD("LEAK SUMMARY"), WORD("definitely lost:"),
	    WORD("indirectly lost:"), WORD("possibly lost:"),
	    WORD("still reachable:"), WORD("suppressed:"),
	    WORD("ERROR SUMMARY"), WORD("For lists of"),
	    WORD("For counts of"), WORD("Rerun with"), WORD("Use --track"),
	    WORD("All heap blocks"), WORD("To see them"),
	    WORD("Reachable blocks"), WORD("Helgrind,"), WORD("DRD,"),
	    WORD("Reading syms"), WORD("Searching for"), WORD("(action at"),
	    WORD("Cachegrind"), WORD("Massif"), WORD("Callgrind"),
	    WORD("Nulgrind"), WORD("If you believe"), WORD("a memory err"),
	    WORD("to investigate"), WORD("main thread stack"),
	    WORD("The main thread stack"), WORD("possible), you can try"),
	    WORD("size using"), WORD("Warning: set address"),
	    {0},
	};
	/* clang-format on */

	if (!*p)
		return true;
	return char_opening(p, openings) > 0;
}

static bool
checker_starts(struct recogniser *r, const char *p, const struct split *line)
{
	if (is_sanitizer(p) &&
	    (line->is_checker || char_starts(p, "ThreadSanitizer"))) {
		/* one process reports leaks behind other faults */
		recognise_open(r, FAMILY_SANITIZER);
		if (!strstr(p, "DEADLYSIGNAL"))
			candidate_set(&r->subject, p, strlen(p));
		return true;
	}
	if (!line->is_checker || is_valgrind_chatter(p))
		return false;
	recognise_open(r, FAMILY_VALGRIND);
	candidate_set(&r->subject, p, strlen(p));
	return true;
}

bool
native_starts(struct recogniser *r, const char *p, struct split *line)
{
	if (char_starts(p, "# A fatal error has been detected by the Java")) {
		recognise_open(r, FAMILY_HOTSPOT);
		return true;
	}
	if (line->is_checker || is_sanitizer(p))
		return checker_starts(r, p, line);
	if (line->indent || (line->level && line->level < LEVEL_ERROR))
		return false;
	return rust_starts(r, p, line) || terminate_starts(r, p) ||
	       abort_starts(r, p);
}

static enum verdict
rust_goes_on(struct recogniser *r, const char *p, const struct split *line)
{
	if (char_starts(p, "thread '") && strstr(p, "panicked at "))
		return VERDICT_NONE;
	if (char_starts(p, "run with `RUST_BACKTRACE") ||
	    char_starts(p, "Some details are omitted"))
		return VERDICT_DROP;
	if (r->phase == MESSAGE) {
		/* what joins a panicked thread only knows that it panicked */
		if (!r->subject.size || !strstr(p, "value: Any {"))
			candidate_set(&r->subject, p, strlen(p));
		r->phase = BODY;
		return VERDICT_LINE;
	}
	return line->indent || char_starts(p, "stack backtrace:")
		   ? VERDICT_LINE
		   : VERDICT_AFTER;
}

/* Shadow bytes and what explains them. */
static bool
is_shadow(const char *p)
{
	/* clang-format off */
	static const struct word openings[] = {
	    WORD("Shadow byte"), WORD("Addressable:"),
	    WORD("Partially addressable"), WORD("Heap left redzone"),
	    WORD("Heap right redzone"), WORD("Freed heap region"),
	    WORD("Stack left redzone"), WORD("Stack mid redzone"),
	    WORD("Stack right redzone"), WORD("Stack after return"),
	    WORD("Stack use after scope"), WORD("Global redzone"),
	    WORD("Global init order"), WORD("Poisoned by user"),
	    WORD("Container overflow"), WORD("Array cookie"),
	    WORD("Intra object redzone"), WORD("ASan internal"),
	    WORD("Left alloca redzone"), WORD("Right alloca redzone"),
	    WORD("Shadow gap"), WORD("=>0x"), WORD("0x"), WORD("ABORTING"),
	    WORD("Hint: "), WORD("Register values"), WORD("rax = "),
	    WORD("rdi = "), WORD(" r8 = "), WORD("r8 = "), WORD("r12 = "),
	    WORD("Stack partial redzone"), WORD("Thread: stack"),
	    WORD("HINT: "),
	    {0},
	};
	/* clang-format on */

	if (char_starts(p, "0x"))
		return strchr(p, ':') != NULL;
	return char_opening(p, openings) > 0;
}

static enum verdict
sanitizer_goes_on(struct recogniser *r, const char *p)
{
	size_t n = char_starts(p, "SUMMARY: ");

	if (n) {
		if (!r->is_settled)
			candidate_set(&r->subject, p + n, strlen(p + n));
		r->is_settled = true;
		return VERDICT_LINE;
	}
	if (is_sanitizer(p) && !r->is_settled && !r->subject.size)
		candidate_set(&r->subject, p, strlen(p));
	return is_shadow(p) ? VERDICT_DROP : VERDICT_LINE;
}

static enum verdict
valgrind_goes_on(const char *p, const struct split *line)
{
	if (!line->is_checker)
		return VERDICT_NONE;
	return is_valgrind_chatter(p) ? VERDICT_DROP : VERDICT_LINE;
}

static enum verdict
terminate_goes_on(struct recogniser *r, const char *p)
{
	size_t n = char_starts(p, "what():  ");

	if (!n)
		return VERDICT_NONE;
	if (p[n])
		candidate_set(&r->subject, p + n, strlen(p + n));
	return VERDICT_LINE;
}

/* Of the Java machine's report the signal and the frame are evidence. */
static enum verdict
hotspot_goes_on(struct recogniser *r, const char *p)
{
	const char *text = p + 1 + char_blanks(p + 1);

	if (*p != '#')
		return VERDICT_NONE;
	if (!r->subject.size && *text)
		candidate_set(&r->subject, text, strlen(text));
	return char_starts(text, "JRE version") ||
		       char_starts(text, "Java VM") || *text == '/' ||
		       char_starts(text, "Core dump") ||
		       char_starts(text, "No core dump") ||
		       char_starts(text, "An error report file")
		   ? VERDICT_DROP
		   : VERDICT_LINE;
}

enum verdict
native_goes_on(struct recogniser *r, const char *p, const struct split *line)
{
	switch (r->family) {
	case FAMILY_RUST:
		return line->has_time && line->level ? VERDICT_NONE
						     : rust_goes_on(r, p, line);
	case FAMILY_SANITIZER:
		return sanitizer_goes_on(r, p);
	case FAMILY_VALGRIND:
		return valgrind_goes_on(p, line);
	case FAMILY_TERMINATE:
		return terminate_goes_on(r, p);
	case FAMILY_HOTSPOT:
		return hotspot_goes_on(r, p);
	default:
		return VERDICT_NONE;
	}
}
