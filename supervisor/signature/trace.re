/*
 * trace.re: how the lines of traces open.  Edit this file, not trace.c, and run
 * `make rules`; README.md has the page on how.
 */
#include "recognise.h"

#include <stddef.h>

#include "rules.h"

/*!include:re2c "common.re" */

enum opening
trace_opening(const char *p)
{
	TEXT(p);
	/*!re2c
	any = [^\x00]*;
	"Traceback (" ("most recent call" | "innermost") " last)" { return PYTHON_HEADER; }
	"Exception Group Traceback" { return PYTHON_GROUP; }
	"File \"" any "\", line " D { return PYTHON_FILE; }
	"During handling of the above exception" | "Original exception was:" |
	"The above exception was the direct cause" { return PYTHON_LINK; }
	"Exception ignored in" { return PYTHON_IGNORED; }
	"[Previous line repeated" { return PYTHON_REPEATED; }
	"Fatal Python error: " { return PYTHON_FATAL; }
	("Current thread 0x" | "Thread 0x") any "(most recent call first)" |
		"Python runtime state: " { return PYTHON_THREAD; }
	"Extension modules: " { return PYTHON_MODULES; }

	"Exception in thread \"" | "Unhandled " ("exception. " | "Exception: ")
		{ return FRAMES_HEADER; }
	"An unhandled exception occurred at $" { return FRAMES_NEXT; }
	("node:" | "[eval]") [^ \x00]* ":" D+ "\x00" |
	("/" | "file://" | "evalmachine") [^ \x00]* "." [mc]? [jt] "s" "x"?
		":" ([^ \x00]* ":")? D+ "\x00" |
	("/" | "file://" | "evalmachine") [^ .\x00]* ":" D+ "\x00"
		{ return FRAMES_EXCERPT; }
	[~ ]* "^" [~^ ]* "\x00" { return FRAMES_MARKER; }
	"Caused by: " | "Suppressed: " | "Wrapped by: " { return FRAMES_CAUSE; }
	"}" | "Node.js v" | "---> " | "--- End of " { return FRAMES_END; }
	"at " any [(:/<] { return FRAMES_FRAME; }
	"at " any ("jdk.internal.reflect." | "sun.reflect." |
		"java.lang.reflect.Method.invoke") any { return FRAMES_REFLECTION; }
	"... " { return FRAMES_MORE; }

	"panic: " { return GO_PANIC; }
	"fatal error: " | "SIG" [A-Z]{3,5} ": " { return GO_FATAL; }
	"goroutine " any "[" { return GO_ROUTINE; }
	"created by " { return GO_CREATED; }
	"[signal " | "runtime" | "PC=" | "stack: " { return GO_HEAD; }
	[a-z0-9]{2,6} " "+ "0x" [^ \x00]* "\x00" | "...additional frames"
		{ return GO_LEFT_OUT; }

	"thread '" any "panicked at " { return RUST_PANIC; }
	"run with `RUST_BACKTRACE" | "Some details are omitted"
		{ return RUST_HINT; }
	("free" | "malloc" | "realloc" | "calloc" | "munmap_chunk" |
	"malloc_consolidate" | "tcache_thread_shutdown") "(): " |
	"double free or corruption" | "double free detected" |
	"corrupted size vs. prev_size" | "corrupted double-linked list" |
	"*** " ("stack smashing detected ***" | "buffer overflow detected ***" |
		"Error in `" | "%n in writable" | "longjmp causes" |
		"invalid %N$ use") |
	"free_list_" | "invalid fastbin entry" | "sysmalloc: " |
	"Fatal glibc error:" { return C_ABORT; }
	"terminate called" | "libc++abi" ".dylib"? ": terminating"
		{ return TERMINATE; }
	"what():  " { return TERMINATE_WHAT; }
	("Address" | "Leak" | "Memory" | "Thread" | "HWAddress" |
	"UndefinedBehavior") "Sanitizer" { return SANITIZER; }
	"SUMMARY: " { return SANITIZER_SUMMARY; }
	"# A fatal error has been detected by the Java" { return HOTSPOT; }
	"#" " "* ("JRE version" | "Java VM" | "/" | "Core dump" |
		"No core dump" | "An error report file")
		{ return HOTSPOT_LEFT_OUT; }

	"from " { return RUBY_FROM; }
	"BEGIN failed--" | "INIT failed--" | "Compilation failed in require" |
	"Execution of " { return PERL_CLOSING; }
	"Global symbol " | "syntax error at " | "Bareword " | "Missing right" |
	"Can't find string terminator" | "Type of arg" |
	("Not enough" | "Too many") " arguments" { return PERL_COMPILE; }
	("PHP ")? ("Fatal" | "Parse" | "Recoverable fatal" | "Core" | "Compile")
		" error: " { return PHP_FATAL; }
	"Stack trace:" | "thrown in " { return PHP_TRACE; }
	"Next " { return PHP_NEXT; }
	"=" ("ERROR" | "CRASH") " REPORT" { return ERLANG; }
	"stack traceback:" { return TRACE_LUA; }
	("while executing" | "CallStack (from HasCallStack):") "\x00"
		{ return TRACE_BELOW; }
	"Stacktrace:" "\x00" { return TRACE_JULIA; }
	"in expression starting at " { return TRACE_EXPRESSION; }
	* { return OPENING_OTHER; }
	*/
}

bool
trace_is_valgrind_chatter(const char *p)
{
	TEXT(p);
	/*!re2c
	"\x00" | ("Memcheck" | "Helgrind" | "DRD") "," | "Copyright" |
	"Using Valgrind" | "Command:" | "Parent PID" |
	("HEAP" | "LEAK" | "ERROR") " SUMMARY" | "in use at exit" |
	"total heap usage" | ("definitely" | "indirectly" | "possibly") " lost:" |
	"still reachable:" | "suppressed:" | "For " ("lists" | "counts") " of" |
	"Rerun with" | "Use --track" | "All heap blocks" | "To see them" |
	"Reachable blocks" | "Reading syms" | "Searching for" | "(action at" |
	"Cachegrind" | "Massif" | "Callgrind" | "Nulgrind" | "If you believe" |
	"a memory err" | "to investigate" | ("The ")? "main thread stack" |
	"possible), you can try" | "size using" | "Warning: set address"
		{ return true; }
	* { return false; }
	*/
}

bool
trace_is_shadow(const char *p)
{
	TEXT(p);
	/*!re2c
	"Shadow " ("byte" | "gap") | "Addressable:" | "Partially addressable" |
	("Heap " ("left" | "right") | "Stack " ("left" | "mid" | "right" |
		"partial") | "Global" | ("Left" | "Right") " alloca" |
		"Intra object") " redzone" |
	"Freed heap region" | "Stack after return" | "Stack use after scope" |
	"Global init order" | "Poisoned by user" | "Container overflow" |
	"Array cookie" | "ASan internal" | "=>0x" | "ABORTING" | 'hint: ' |
	"Register values" | ("rax" | "rdi" | " "? "r8" | "r12") " = " |
	"Thread: stack" | "0x" any ":" { return true; }
	* { return false; }
	*/
}
