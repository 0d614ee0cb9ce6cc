/*
 * trace: how the lines of stack traces, panics and abort reports open.
 *
 * trace.c is generated from trace.re: README.md says how.
 */
#ifndef RUNNER_SIGNATURE_TRACE_H
#define RUNNER_SIGNATURE_TRACE_H

#include <stdbool.h>

enum opening {
	OPENING_OTHER,
	PYTHON_HEADER,
	PYTHON_GROUP,    /* the header of an exception group */
	PYTHON_FILE,     /* File "x.py", line 3 */
	PYTHON_LINK,     /* between two exceptions of a chain */
	PYTHON_IGNORED,  /* what comes at shutdown */
	PYTHON_REPEATED, /* instead of frames that repeat */
	FRAMES_HEADER,   /* Exception in thread "main" ... */
	FRAMES_NEXT,     /* the type and message stand on the next line */
	FRAMES_EXCERPT,  /* /app/x.js:12 before an excerpt of the source */
	FRAMES_MARKER,   /* ^^^ below one */
	FRAMES_CAUSE,
	FRAMES_END,        /* what closes a trace */
	FRAMES_FRAME,      /* at x.y.Z(...), at f (file:1:2) */
	FRAMES_REFLECTION, /* those come with how often a method was called */
	FRAMES_MORE,       /* ... 12 more */
	GO_PANIC,
	GO_FATAL,
	GO_ROUTINE,
	GO_CREATED,
	GO_HEAD,     /* between the message and the first goroutine */
	GO_LEFT_OUT, /* registers, and how many frames are not printed */
	RUST_PANIC,
	RUST_HINT,
	C_ABORT,   /* glibc found something corrupt */
	TERMINATE, /* C++ has an exception that nobody caught */
	TERMINATE_WHAT,
	SANITIZER,
	SANITIZER_SUMMARY,
	HOTSPOT, /* the Java machine dies */
	HOTSPOT_LINE,
	HOTSPOT_LEFT_OUT,
	RUBY_FROM,
	RUBY_LEVELS,
	PERL_CLOSING, /* what Perl says behind the fault */
	PERL_COMPILE, /* faults that it lists one after another */
	PHP_FATAL,
	PHP_TRACE,
	PHP_NEXT,
	ELIXIR,
	ERLANG,
	TRACE_LUA, /* the message stood on the line before it */
	TRACE_BELOW,
	TRACE_JULIA, /* it began some lines before */
	TRACE_EXPRESSION,
};

/* How a line opens, behind its indentation. */
enum opening trace_opening(const char *p);

/* The lines that valgrind prints around its errors. */
bool trace_is_valgrind_chatter(const char *p);

/* A sanitizer's shadow bytes, registers, and what explains them. */
bool trace_is_shadow(const char *p);

#endif
