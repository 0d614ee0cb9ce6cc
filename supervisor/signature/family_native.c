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
	candidate_set(&r->subject, start,
	    end ? (size_t)(end - start) : strlen(start));
	return true;
}

/* thread 'main' (12345) panicked: older versions print no number. */
static void
cut_thread(struct peeled *line)
{
	char *text = (char *)line->text;
	char *open = strstr(text, "' ("), *close;

	if (!open || !(close = strstr(open, ") panicked at ")))
		return;
	memmove(open + 1, close + 1, strlen(close + 1) + 1);
	line->size = strlen(text);
}

static bool
rust_starts(struct recogniser *r, const char *p, struct peeled *line)
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
	static const char *const openings[] = {"free(): ", "malloc(): ",
	    "realloc(): ", "calloc(): ", "munmap_chunk(): ",
	    "malloc_consolidate(): ", "double free or corruption",
	    "corrupted size vs. prev_size", "corrupted double-linked list",
	    "*** stack smashing detected ***",
	    "*** buffer overflow detected ***", "*** Error in `",
	    "*** %n in writable", "free_list_", "invalid fastbin entry",
	    "sysmalloc: ", "tcache_thread_shutdown(): ",
	    "double free detected", "Fatal glibc error:",
	    "*** longjmp causes", "*** invalid %N$ use"};

	for (size_t i = 0; i < sizeof(openings) / sizeof(*openings); i++)
		if (!strncmp(p, openings[i], strlen(openings[i])))
			return true;
	return false;
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
	const char *q = p;

	if (char_starts(p, "*** ") && !is_glibc_abort(p))
		return false;
	/* "prog: malloc.c:2617: sysmalloc: Assertion" is an assertion */
	if (!is_glibc_abort(q) && !is_assertion(p))
		return false;
	recognise_open(r, FAMILY_ABORT);
	candidate_set(&r->subject, p, strlen(p));
	return true;
}

/* The type in "... an instance of 'std::runtime_error'". */
static bool
terminate_starts(struct recogniser *r, const char *p)
{
	const char *type = strstr(p, "instance of '"), *end;

	if (char_starts(p, "terminate called")) {
		recognise_open(r, FAMILY_TERMINATE);
		if (type && (end = strchr(type + 13, '\'')))
			candidate_set(&r->subject, type + 13,
			    (size_t)(end - type - 13));
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
	static const char *const openings[] = {"Memcheck,", "Copyright",
	    "Using Valgrind", "Command:", "Parent PID", "HEAP SUMMARY",
	    "in use at exit", "total heap usage", "LEAK SUMMARY",
	    "definitely lost:", "indirectly lost:", "possibly lost:",
	    "still reachable:", "suppressed:", "ERROR SUMMARY",
	    "For lists of", "For counts of", "Rerun with", "Use --track",
	    "All heap blocks", "To see them", "Reachable blocks", "Helgrind,",
	    "DRD,", "Reading syms", "Searching for", "(action at", "Cachegrind",
	    "Massif", "Callgrind", "Nulgrind", "If you believe", "a memory err",
	    "to investigate", "main thread stack", "The main thread stack",
	    "possible), you can try", "size using", "Warning: set address"};

	if (!*p)
		return true;
	for (size_t i = 0; i < sizeof(openings) / sizeof(*openings); i++)
		if (!strncmp(p, openings[i], strlen(openings[i])))
			return true;
	return false;
}

static bool
checker_starts(struct recogniser *r, const char *p, const struct peeled *line)
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
native_starts(struct recogniser *r, const char *p, struct peeled *line)
{
	if (line->is_checker || is_sanitizer(p))
		return checker_starts(r, p, line);
	if (line->indent || (line->level && line->level < LEVEL_ERROR))
		return false;
	return rust_starts(r, p, line) || terminate_starts(r, p) ||
	    abort_starts(r, p);
}

static enum verdict
rust_goes_on(struct recogniser *r, const char *p, const struct peeled *line)
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
	static const char *const openings[] = {"Shadow byte", "Addressable:",
	    "Partially addressable", "Heap left redzone", "Heap right redzone",
	    "Freed heap region", "Stack left redzone", "Stack mid redzone",
	    "Stack right redzone", "Stack after return",
	    "Stack use after scope", "Global redzone", "Global init order",
	    "Poisoned by user", "Container overflow", "Array cookie",
	    "Intra object redzone", "ASan internal", "Left alloca redzone",
	    "Right alloca redzone", "Shadow gap", "=>0x", "0x", "ABORTING",
	    "Hint: ", "Register values", "rax = ", "rdi = ", " r8 = ", "r8 = ",
	    "r12 = ", "Stack partial redzone", "Thread: stack", "HINT: "};

	for (size_t i = 0; i < sizeof(openings) / sizeof(*openings); i++)
		if (!strncmp(p, openings[i], strlen(openings[i])))
			return strncmp(p, "0x", 2) != 0 || strchr(p, ':');
	return false;
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
valgrind_goes_on(const char *p, const struct peeled *line)
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

enum verdict
native_goes_on(struct recogniser *r, const char *p, const struct peeled *line)
{
	switch (r->family) {
	case FAMILY_RUST:
		return line->has_time && line->level ? VERDICT_NONE :
						       rust_goes_on(r, p, line);
	case FAMILY_SANITIZER:
		return sanitizer_goes_on(r, p);
	case FAMILY_VALGRIND:
		return valgrind_goes_on(p, line);
	case FAMILY_TERMINATE:
		return terminate_goes_on(r, p);
	default:
		return VERDICT_NONE;
	}
}
