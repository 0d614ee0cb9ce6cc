/*
 * recognise: where a stack trace, panic or abort report begins and what
 * belongs to it, for each family of runtimes.
 *
 * Fed with the split lines of a run in order, it says of each what it is.
 * Some blocks show themselves only at their first frame; the lines before it
 * that may be their header are kept as `pending` for that moment.
 */
#ifndef RUNNER_SIGNATURE_RECOGNISE_H
#define RUNNER_SIGNATURE_RECOGNISE_H

#include <stdbool.h>
#include <stddef.h>

#include "prefix.h"
#include "subject.h"

/* How the lines of stack traces, panics and abort reports open: trace.re. */
enum opening {
	OPENING_OTHER,
	PYTHON_HEADER,
	PYTHON_GROUP,    /* the header of an exception group */
	PYTHON_FILE,     /* File "x.py", line 3 */
	PYTHON_LINK,     /* between two exceptions of a chain */
	PYTHON_IGNORED,  /* what comes at shutdown */
	PYTHON_REPEATED, /* instead of frames that repeat */
	PYTHON_FATAL,    /* Fatal Python error: Segmentation fault */
	PYTHON_THREAD,   /* then, before the frames of each thread */
	PYTHON_MODULES,  /* and after them */
	FRAMES_HEADER,   /* Exception in thread "main" ... */
	FRAMES_NEXT,     /* the type and message are on the next line */
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
	HOTSPOT_LEFT_OUT,
	RUBY_FROM,
	PERL_CLOSING, /* what Perl says after the fault */
	PERL_COMPILE, /* faults that it lists one after another */
	PHP_FATAL,
	PHP_TRACE,
	PHP_NEXT,
	ERLANG,
	TRACE_LUA, /* the message stood on the line before it */
	TRACE_BELOW,
	TRACE_JULIA, /* it began some lines before */
	TRACE_EXPRESSION,
};

/* How a line opens, after its indentation. */
enum opening trace_opening(const char *p);

/* The lines that valgrind prints around its errors. */
bool trace_is_valgrind_chatter(const char *p);

/* A sanitizer's shadow bytes, registers, and what explains them. */
bool trace_is_shadow(const char *p);

enum verdict {
	VERDICT_NONE,          /* no block has been seen yet */
	VERDICT_START,         /* a new block begins with this line */
	VERDICT_START_PENDING, /* ... with the pending lines, then this one */
	VERDICT_LINE,          /* it belongs to the current block */
	VERDICT_DROP,          /* as well, but is no evidence */
	VERDICT_AFTER,         /* it follows the last block */
};

enum family {
	FAMILY_NONE,
	FAMILY_PYTHON,
	FAMILY_FRAMES, /* Java, Node, .NET: a header, then "at ..." */
	FAMILY_RUBY,
	FAMILY_PERL,
	FAMILY_PHP,
	FAMILY_GO,
	FAMILY_RUST,
	FAMILY_ABORT, /* C assert, glibc */
	FAMILY_TERMINATE,
	FAMILY_SANITIZER,
	FAMILY_VALGRIND,
	FAMILY_HOTSPOT, /* what the Java machine says when it dies */
	FAMILY_LUA,     /* and others whose message is above a trace */
	FAMILY_ERLANG,
	FAMILY_COUNT,
};

enum { PENDING_LINES_MAX = 12, PENDING_LINE_MAX = 1024 };

struct pending_line {
	size_t size;
	char text[PENDING_LINE_MAX + 16];
};

struct recogniser {
	enum opening opening; /* of the line in hand */
	enum family family;   /* of the last block, FAMILY_NONE before any */
	bool is_open;         /* the block may still go on */
	unsigned phase;       /* within the family */
	bool is_joined;       /* a new start belongs to the current block */
	bool is_group;        /* in a Python exception group */
	bool is_settled;      /* the subject is found */
	bool has_header;      /* the pending lines begin with a likely header */
	size_t pending_count;
	struct pending_line pending[PENDING_LINES_MAX];
	struct candidate subject; /* of the last block */
};

void recognise_begin(struct recogniser *r);
enum verdict recognise(struct recogniser *r, struct split *line);

/*
 * The families.  `*_starts` says whether a block begins with the line and then
 * has set itself up; `*_goes_on` is asked of the lines of an open block.  `p`
 * is the line after its indentation, r->opening how that opens.
 */
typedef bool starts_fn(struct recogniser *r, const char *p, struct split *line);
typedef enum verdict goes_on_fn(
    struct recogniser *r, const char *p, struct split *line);

starts_fn python_starts, native_starts, go_starts, script_starts, frames_start;
goes_on_fn python_goes_on, frames_go_on, go_goes_on, ruby_goes_on, perl_goes_on,
    php_goes_on, erlang_goes_on, script_goes_on, rust_goes_on,
    sanitizer_goes_on, valgrind_goes_on, terminate_goes_on, hotspot_goes_on;

/* Is this the frame of a trace whose header came before it? */
bool frames_is_frame(const struct recogniser *r, const struct split *line);
void frames_take_pending(struct recogniser *r);
bool python_takes_frame(struct recogniser *r);
bool script_is_trace(struct recogniser *r, const struct split *line);

/* Opens a block of this family; of one that is open its subject stays. */
void recognise_open(struct recogniser *r, enum family family);

#endif
