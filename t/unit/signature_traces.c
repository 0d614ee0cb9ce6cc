/* Traces, panics and aborts of many languages: known
 * again, told apart, and their subjects. */
#include "known.h"

/* clang-format off */
static const struct failure failures[] = {
	{"py1", NULL, {
	    "Traceback (most recent call last):\n"
	    "  File \"/srv/app/job.py\", line 12, in <module>\n"
	    "    main()\n"
	    "    ~~~~^^\n"
	    "  File \"/srv/app/job.py\", line 8, in main\n"
	    "    raise ValueError(\"boom %d\" % 3)\n"
	    "ValueError: boom 3\n",
	    "2026-03-02 04:10:07,123 INFO starting up\n"
	    "Traceback (most recent call last):\n"
	    "  File \"/srv/app/job.py\", line 12, in <module>\n"
	    "    main()\n"
	    "    ~~~~^^\n"
	    "  File \"/srv/app/job.py\", line 8, in main\n"
	    "    raise ValueError(\"boom %d\" % 3)\n"
	    "ValueError: boom 77\n",
	}},
	{"py-key", "KeyError: 'foo'", {
	    "Traceback (most recent call last):\n"
	    "  File \"/srv/app/job.py\", line 12, in <module>\n"
	    "    d['foo']\n"
	    "KeyError: 'foo'\n",
	}},
	{"py-empty", "AssertionError", {
	    "Traceback (most recent call last):\n"
	    "  File \"/srv/app/job.py\", line 12, in <module>\n"
	    "    assert 0\n"
	    "AssertionError\n",
	}},
	{"py-chain", "cannot load config", {
	    "Traceback (most recent call last):\n"
	    "  File \"a.py\", line 3, in f\n"
	    "    open(\"x\")\n"
	    "FileNotFoundError: [Errno 2] No such file or directory: 'x'\n"
	    "\n"
	    "The above exception was the direct cause of the following exception:\n"
	    "\n"
	    "Traceback (most recent call last):\n"
	    "  File \"a.py\", line 9, in <module>\n"
	    "    g()\n"
	    "RuntimeError: cannot load config\n",
	}},
	{"py-chain2", "cannot load config", {
	    "Traceback (most recent call last):\n"
	    "  File \"a.py\", line 3, in f\n"
	    "    open(\"x\")\n"
	    "PermissionError: [Errno 13] Permission denied: 'x'\n"
	    "\n"
	    "The above exception was the direct cause of the following exception:\n"
	    "\n"
	    "Traceback (most recent call last):\n"
	    "  File \"a.py\", line 9, in <module>\n"
	    "    g()\n"
	    "RuntimeError: cannot load config\n",
	}},
	{"py-group", "many (2 sub-exceptions)", {
	    "  + Exception Group Traceback (most recent call last):\n"
	    "  |   File \"g.py\", line 3, in <module>\n"
	    "  |     raise ExceptionGroup(\"many\", [ValueError(1), TypeError(\"x\")])\n"
	    "  | ExceptionGroup: many (2 sub-exceptions)\n"
	    "  +-+---------------- 1 ----------------\n"
	    "    | ValueError: 1\n"
	    "    +---------------- 2 ----------------\n"
	    "    | TypeError: x\n"
	    "    +------------------------------------\n",
	}},
	{"py-syntax", "'(' was never closed", {
	    "  File \"/srv/app/x.py\", line 3\n"
	    "    foo(\n"
	    "       ^\n"
	    "SyntaxError: '(' was never closed\n",
	}},
	{"py-syntax2", "'(' was never closed", {
	    "  File \"/srv/app/x.py\", line 4\n"
	    "    foo(\n"
	    "       ^\n"
	    "SyntaxError: '(' was never closed\n",
	}},
	{"argparse", "the following arguments are required: --name", {
	    "usage: job.py [-h] --name NAME\n"
	    "              [--fail]\n"
	    "job.py: error: the following arguments are required: --name\n",
	}},
	{"django", "No module named shop", {
	    "CommandError: No module named shop\n",
	}},
	{"django2", "Unknown command: 'foo'", {
	    "Unknown command: 'foo'\n"
	    "Type 'manage.py help' for usage.\n",
	}},
	{"java1", "boom", {
	    "Exception in thread \"main\" java.lang.IllegalStateException: boom\n"
	    "\tat com.foo.Bar.baz(Bar.java:12)\n"
	    "\tat com.foo.Bar.main(Bar.java:5)\n"
	    "Caused by: java.io.IOException: disk\n"
	    "\tat com.foo.Bar.io(Bar.java:33)\n"
	    "\t... 1 more\n",
	    "Exception in thread \"main\" java.lang.IllegalStateException: boom\n"
	    "\tat com.foo.Bar.baz(Bar.java:12)\n"
	    "\tat com.foo.Bar.main(Bar.java:5)\n"
	    "Caused by: java.io.IOException: disk\n"
	    "\tat com.foo.Bar.io(Bar.java:33)\n"
	    "\t... 2 more\n",
	}},
	{"java2", "boom", {
	    "Exception in thread \"main\" java.lang.IllegalStateException: boom\n"
	    "\tat com.foo.Bar.baz(Bar.java:12)\n"
	    "\tat com.foo.Bar.main(Bar.java:5)\n"
	    "Caused by: java.io.EOFException: disk\n"
	    "\tat com.foo.Bar.io(Bar.java:33)\n"
	    "\t... 1 more\n",
	}},
	{"java-log", "Connection refused", {
	    "2026-03-02 04:10:07,123 ERROR [pool-1-thread-3] com.foo.Job - Job failed\n"
	    "java.net.ConnectException: Connection refused\n"
	    "\tat java.base/sun.nio.ch.Net.connect0(Native Method)\n"
	    "\tat com.foo.Job.run(Job.java:44)\n"
	    "\tat com.foo.Job$$Lambda$14/0x0000000800066840.run(Unknown Source)\n",
	    "2026-03-03 05:10:07,123 ERROR [pool-1-thread-9] com.foo.Job - Job failed\n"
	    "java.net.ConnectException: Connection refused\n"
	    "\tat java.base/sun.nio.ch.Net.connect0(Native Method)\n"
	    "\tat com.foo.Job.run(Job.java:44)\n"
	    "\tat com.foo.Job$$Lambda$17/0x00000008000a1840.run(Unknown Source)\n",
	}},
	{"java-npe", "java.lang.NullPointerException", {
	    "Exception in thread \"Thread-3\" java.lang.NullPointerException\n"
	    "\tat com.foo.Bar.baz(Bar.java:12)\n",
	}},
	{"node1", "boom", {
	    "/srv/app/index.js:3\n"
	    "  throw new Error(\"boom\");\n"
	    "  ^\n"
	    "\n"
	    "Error: boom\n"
	    "    at Object.<anonymous> (/srv/app/index.js:3:9)\n"
	    "    at Module._compile (node:internal/modules/cjs/loader:1105:14)\n"
	    "\n"
	    "Node.js v18.19.0\n",
	}},
	{"node2", "Cannot find module 'x'", {
	    "node:internal/modules/cjs/loader:1080\n"
	    "  throw err;\n"
	    "  ^\n"
	    "\n"
	    "Error: Cannot find module 'x'\n"
	    "Require stack:\n"
	    "- /srv/app/index.js\n"
	    "    at Module._resolveFilename (node:internal/modules/cjs/loader:1077:15)\n"
	    "    at Object.<anonymous> (/srv/app/index.js:1:1) {\n"
	    "  code: 'MODULE_NOT_FOUND',\n"
	    "  requireStack: [ '/srv/app/index.js' ]\n"
	    "}\n"
	    "\n"
	    "Node.js v18.19.0\n",
	}},
	{"node3", "Invalid URL", {
	    "node:internal/url:560\n"
	    "      throw new ERR_INVALID_URL(href);\n"
	    "      ^\n"
	    "\n"
	    "TypeError [ERR_INVALID_URL]: Invalid URL\n"
	    "    at new URL (node:internal/url:560:9)\n"
	    "    at Object.<anonymous> (/srv/app/index.js:1:1) {\n"
	    "  input: 'foo',\n"
	    "  code: 'ERR_INVALID_URL'\n"
	    "}\n"
	    "\n"
	    "Node.js v18.19.0\n",
	}},
	{"node4", "boom", {
	    "(node:1234) UnhandledPromiseRejectionWarning: Error: boom\n"
	    "    at f (/srv/app/x.js:2:9)\n"
	    "(node:1234) UnhandledPromiseRejectionWarning: Unhandled promise rejection. This error originated either by throwing inside of an async function without a catch block, or by rejecting a promise which was not handled with .catch(). (rejection id: 1)\n"
	    "(node:1234) [DEP0018] DeprecationWarning: Unhandled promise rejections are deprecated.\n",
	}},
	{"deno", "boom", {
	    "error: Uncaught (in promise) Error: boom\n"
	    "throw new Error(\"boom\");\n"
	    "      ^\n"
	    "    at file:///srv/app/x.ts:1:7\n",
	}},
	{"ruby1", "divided by 0", {
	    "x.rb:3:in 'Integer#/': divided by 0 (ZeroDivisionError)\n"
	    "\tfrom x.rb:3:in 'Object#f'\n"
	    "\tfrom x.rb:6:in '<main>'\n",
	}},
	{"ruby2", "undefined method `foo' for nil:NilClass", {
	    "x.rb:1:in `<main>': undefined method `foo' for nil:NilClass (NoMethodError)\n"
	    "\n"
	    "nil.foo\n"
	    "   ^^^^\n",
	}},
	{"perl1", "cannot open /x: No such file or directory", {
	    "cannot open /x: No such file or directory at job.pl line 3.\n",
	}},
	{"perl1b", "cannot open /x: No such file or directory", {
	    "cannot open /x: No such file or directory at job.pl line 4.\n",
	}},
	{"perl2", "bad record", {
	    "bad record at job.pl line 9, <$fh> line 17.\n",
	    "Use of uninitialized value $x in addition at job.pl line 4, <$fh> line 2.\n"
	    "bad record at job.pl line 9, <$fh> line 19.\n",
	}},
	{"perl3", "Can't locate Foo.pm in @INC (you may need to install the Foo module) (@INC contains: /etc/perl)", {
	    "Can't locate Foo.pm in @INC (you may need to install the Foo module) (@INC contains: /etc/perl) at job.pl line 1.\n"
	    "BEGIN failed--compilation aborted at job.pl line 1.\n",
	}},
	{"perl-carp", "bad arg", {
	    "bad arg at lib/Foo.pm line 12.\n"
	    "\tFoo::f(1, \"x\") called at job.pl line 3\n"
	    "\tmain::g() called at job.pl line 9\n",
	}},
	{"php1", "boom", {
	    "PHP Fatal error:  Uncaught Exception: boom in /srv/app/x.php:3\n"
	    "Stack trace:\n"
	    "#0 /srv/app/x.php(7): f()\n"
	    "#1 {main}\n"
	    "  thrown in /srv/app/x.php on line 3\n",
	    "[02-Mar-2026 04:10:07 UTC] PHP Fatal error:  Uncaught Exception: boom in /srv/app/x.php:3\n"
	    "Stack trace:\n"
	    "#0 /srv/app/x.php(7): f()\n"
	    "#1 {main}\n"
	    "  thrown in /srv/app/x.php on line 3\n",
	}},
	{"php2", "Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes)", {
	    "PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes) in /srv/app/x.php on line 3\n",
	}},
	{"php3", "syntax error, unexpected token \"}\"", {
	    "PHP Parse error:  syntax error, unexpected token \"}\" in /srv/app/x.php on line 5\n",
	}},
	{"go1", NULL, {
	    "panic: runtime error: index out of range [5] with length 3\n"
	    "\n"
	    "goroutine 1 [running]:\n"
	    "main.f(...)\n"
	    "\t/srv/app/main.go:5\n"
	    "main.main()\n"
	    "\t/srv/app/main.go:9 +0x1d\n"
	    "exit status 2\n",
	    "panic: runtime error: index out of range [7] with length 4\n"
	    "\n"
	    "goroutine 1 [running]:\n"
	    "main.f(...)\n"
	    "\t/srv/app/main.go:5\n"
	    "main.main()\n"
	    "\t/srv/app/main.go:9 +0x1d\n"
	    "\n"
	    "goroutine 18 [chan receive, 4 minutes]:\n"
	    "main.w(0xc00001c0a8, 0x5)\n"
	    "\t/srv/app/main.go:30 +0x44\n"
	    "created by main.main\n"
	    "\t/srv/app/main.go:8 +0x99\n"
	    "exit status 2\n",
	}},
	{"go2", "fatal error: all goroutines are asleep - deadlock!", {
	    "fatal error: all goroutines are asleep - deadlock!\n"
	    "\n"
	    "goroutine 1 [chan receive]:\n"
	    "main.main()\n"
	    "\t/srv/app/main.go:5 +0x2d\n"
	    "exit status 2\n",
	}},
	{"go3", "dial tcp 127.0.0.1:5432: connect: connection refused", {
	    "2026/03/02 04:10:07 starting\n"
	    "2026/03/02 04:10:07 dial tcp 127.0.0.1:5432: connect: connection refused\n",
	}},
	{"go4", "dial tcp 127.0.0.1:5433: connect: connection refused", {
	    "2026/03/02 04:10:07 starting\n"
	    "2026/03/02 04:10:07 dial tcp 127.0.0.1:5433: connect: connection refused\n",
	}},
	{"go5", "runtime error: invalid memory address or nil pointer dereference", {
	    "panic: runtime error: invalid memory address or nil pointer dereference\n"
	    "[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x48e5d0]\n"
	    "\n"
	    "goroutine 1 [running]:\n"
	    "main.main()\n"
	    "\t/srv/app/main.go:7 +0x10\n"
	    "exit status 2\n",
	}},
	{"rust1", "boom", {
	    "thread 'main' panicked at src/main.rs:2:5:\n"
	    "boom\n"
	    "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n",
	    "thread 'main' (12345) panicked at src/main.rs:2:5:\n"
	    "boom\n"
	    "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n",
	}},
	{"rust2", "boom", {
	    "thread 'main' panicked at 'boom', src/main.rs:2:5\n"
	    "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n",
	}},
	{"rust3", "No such file or directory (os error 2)", {
	    "Error: No such file or directory (os error 2)\n",
	}},
	{"rust-then-python", "boom 3", {
	    "thread 'main' panicked at src/main.rs:2:5:\n"
	    "the first program failed\n"
	    "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n"
	    "going on without it\n"
	    "Traceback (most recent call last):\n"
	    "  File \"/srv/app/job.py\", line 13, in <module>\n"
	    "    raise ValueError(\"boom %d\" % 3)\n"
	    "ValueError: boom 3\n",
	    "Traceback (most recent call last):\n"
	    "  File \"/srv/app/job.py\", line 13, in <module>\n"
	    "    raise ValueError(\"boom %d\" % 3)\n"
	    "ValueError: boom 3\n",
	}},
	{"sanitizer-then-python", "boom 4", {
	    "=================================================================\n"
	    "==4711==ERROR: AddressSanitizer: heap-use-after-free on address 0x602000000010\n"
	    "READ of size 4 at 0x602000000010 thread T0\n"
	    "    #0 0x55c4997c28c1 in main c/san.c:21\n"
	    "SUMMARY: AddressSanitizer: heap-use-after-free c/san.c:21 in main\n"
	    "Shadow bytes around the buggy address:\n"
	    "==4711==ABORTING\n"
	    "Traceback (most recent call last):\n"
	    "  File \"/srv/app/job.py\", line 14, in <module>\n"
	    "    raise ValueError(\"boom %d\" % 3)\n"
	    "ValueError: boom 4\n",
	    "Traceback (most recent call last):\n"
	    "  File \"/srv/app/job.py\", line 14, in <module>\n"
	    "    raise ValueError(\"boom %d\" % 3)\n"
	    "ValueError: boom 4\n",
	}},
	{"assert", "prog: x.c:5: main: Assertion `x > 0' failed.", {
	    "prog: x.c:5: main: Assertion `x > 0' failed.\n",
	}},
	{"glibc", "free(): invalid pointer", {
	    "free(): invalid pointer\n",
	}},
	{"glibc2", "*** stack smashing detected ***: terminated", {
	    "*** stack smashing detected ***: terminated\n",
	}},
	{"cxx", "boom", {
	    "terminate called after throwing an instance of 'std::runtime_error'\n"
	    "  what():  boom\n",
	}},
	{"cxx2", "int", {
	    "terminate called after throwing an instance of 'int'\n",
	}},
	{"asan", "AddressSanitizer: heap-use-after-free /srv/app/x.c:5:3 in main", {
	    "=================================================================\n"
	    "==123==ERROR: AddressSanitizer: heap-use-after-free on address 0x602000000010 at pc 0x55d5c1 bp 0x7ffe11 sp 0x7ffd11\n"
	    "READ of size 4 at 0x602000000010 thread T0\n"
	    "    #0 0x55d5c1 in main /srv/app/x.c:5:3\n"
	    "    #1 0x7f3a1 in __libc_start_main (/lib/x86_64-linux-gnu/libc.so.6+0x29d8f)\n"
	    "\n"
	    "SUMMARY: AddressSanitizer: heap-use-after-free /srv/app/x.c:5:3 in main\n"
	    "Shadow bytes around the buggy address:\n"
	    "  0x0c047fff7fb0: 00 00 00 00 00 00 00 00\n"
	    "=>0x0c047fff8000: fa fa[fd]fa fa fa fa fa\n"
	    "Shadow byte legend (one shadow byte represents 8 application bytes):\n"
	    "  Addressable:           00\n"
	    "==123==ABORTING\n",
	    "=================================================================\n"
	    "==977==ERROR: AddressSanitizer: heap-use-after-free on address 0x60200000af10 at pc 0x5567d bp 0x7ffe12 sp 0x7ffd44\n"
	    "READ of size 4 at 0x60200000af10 thread T0\n"
	    "    #0 0x55d5c1aa in main /srv/app/x.c:5:3\n"
	    "    #1 0x7f3a1bbb in __libc_start_main (/lib/x86_64-linux-gnu/libc.so.6+0x29d8f)\n"
	    "\n"
	    "SUMMARY: AddressSanitizer: heap-use-after-free /srv/app/x.c:5:3 in main\n"
	    "Shadow bytes around the buggy address:\n"
	    "  0x0c047fff7fb0: 00 00 00 00 00 00 00 fa\n"
	    "=>0x0c047fff8000: fa fa[fd]fa fa fa fa 00\n"
	    "==977==ABORTING\n",
	}},
	{"valgrind", "Invalid read of size 4", {
	    "==123== Memcheck, a memory error detector\n"
	    "==123== Copyright (C) 2002-2022, and GNU GPL'd, by Julian Seward et al.\n"
	    "==123== Using Valgrind-3.19.0 and LibVEX; rerun with -h for copyright info\n"
	    "==123== Command: ./a\n"
	    "==123== \n"
	    "==123== Invalid read of size 4\n"
	    "==123==    at 0x109171: main (x.c:5)\n"
	    "==123==  Address 0x4a4f040 is 0 bytes after a block of size 0 alloc'd\n"
	    "==123== \n"
	    "==123== HEAP SUMMARY:\n"
	    "==123==     in use at exit: 0 bytes in 0 blocks\n"
	    "==123== ERROR SUMMARY: 1 errors from 1 contexts (suppressed: 0 from 0)\n",
	}},
	{"lua", "attempt to index a nil value (local 'x')", {
	    "lua: x.lua:3: attempt to index a nil value (local 'x')\n"
	    "stack traceback:\n"
	    "\tx.lua:3: in function 'f'\n"
	    "\t[C]: in ?\n",
	}},
	{"elixir", "boom", {
	    "** (RuntimeError) boom\n"
	    "    lib/foo.ex:3: Foo.bar/1\n"
	    "    (elixir 1.14.0) lib/code.ex:1245: Code.require_file/2\n",
	}},
	{"dotnet", "boom", {
	    "Unhandled exception. System.InvalidOperationException: boom\n"
	    " ---> System.IO.IOException: disk\n"
	    "   at Foo.Io() in /srv/app/Foo.cs:line 3\n"
	    "   --- End of inner exception stack trace ---\n"
	    "   at Foo.Main() in /srv/app/Foo.cs:line 12\n",
	}},
	{"dotnet2", "boom", {
	    "Unhandled exception. System.InvalidOperationException: boom\n"
	    " ---> System.IO.IOException: disk\n"
	    "   at Foo.Io() in /srv/app/Foo.cs:line 4\n"
	    "   --- End of inner exception stack trace ---\n"
	    "   at Foo.Main() in /srv/app/Foo.cs:line 12\n",
	}},
	{"winston", "connect ECONNREFUSED 127.0.0.1:5432", {
	    "Error: connect ECONNREFUSED 127.0.0.1:5432\n"
	    "    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1494:16) {\n"
	    "  errno: -111,\n"
	    "  code: 'ECONNREFUSED',\n"
	    "  syscall: 'connect',\n"
	    "  address: '127.0.0.1',\n"
	    "  port: 5432\n"
	    "}\n",
	}},
	{"winston2", "connect ECONNREFUSED 127.0.0.1:5433", {
	    "Error: connect ECONNREFUSED 127.0.0.1:5433\n"
	    "    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1494:16) {\n"
	    "  errno: -111,\n"
	    "  code: 'ECONNREFUSED',\n"
	    "  syscall: 'connect',\n"
	    "  address: '127.0.0.1',\n"
	    "  port: 5433\n"
	    "}\n"
	    "\n",
	}},
	{"pygroup", "unhandled errors in a TaskGroup (2 sub-exceptions)", {
	    "  + Exception Group Traceback (most recent call last):\n"
	    "  |   File \"/srv/x/tg.py\", line 20, in <module>\n"
	    "  |     asyncio.run(main())\n"
	    "  | ExceptionGroup: unhandled errors in a TaskGroup (2 sub-exceptions)\n"
	    "  +-+---------------- 1 ----------------\n"
	    "    | Traceback (most recent call last):\n"
	    "    |   File \"/srv/x/tg.py\", line 7, in a\n"
	    "    |     raise ValueError(\"bad quota\")\n"
	    "    | ValueError: bad quota\n"
	    "    +---------------- 2 ----------------\n"
	    "    | Traceback (most recent call last):\n"
	    "    |   File \"/srv/x/tg.py\", line 10, in b\n"
	    "    |     raise OSError(28, \"No space left on device\")\n"
	    "    | OSError: [Errno 28] No space left on device\n"
	    "    +------------------------------------\n",
	}},
	{"pygroup2", "unhandled errors in a TaskGroup (2 sub-exceptions)", {
	    "  + Exception Group Traceback (most recent call last):\n"
	    "  |   File \"/srv/x/tg.py\", line 20, in <module>\n"
	    "  |     asyncio.run(main())\n"
	    "  | ExceptionGroup: unhandled errors in a TaskGroup (2 sub-exceptions)\n"
	    "  +-+---------------- 1 ----------------\n"
	    "    | Traceback (most recent call last):\n"
	    "    |   File \"/srv/x/tg.py\", line 7, in a\n"
	    "    |     raise TypeError(\"bad quota\")\n"
	    "    | TypeError: bad quota\n"
	    "    +---------------- 2 ----------------\n"
	    "    | Traceback (most recent call last):\n"
	    "    |   File \"/srv/x/tg.py\", line 10, in b\n"
	    "    |     raise OSError(28, \"No space left on device\")\n"
	    "    | OSError: [Errno 28] No space left on device\n"
	    "    +------------------------------------\n",
	}},
	{"kestrel", "Failed to bind to address http://0.0.0.0:5000: address already in use.", {
	    "crit: Microsoft.Extensions.Hosting.Internal.Host[11]\n"
	    "      Hosting failed to start\n"
	    "      System.IO.IOException: Failed to bind to address http://0.0.0.0:5000: address already in use.\n"
	    "       ---> Microsoft.AspNetCore.AddressInUseException: Address already in use\n"
	    "         at Microsoft.AspNetCore.Listener.Bind()\n",
	}},
	{"kestrel2", "Failed to bind to address http://0.0.0.0:5001: address already in use.", {
	    "crit: Microsoft.Extensions.Hosting.Internal.Host[11]\n"
	    "      Hosting failed to start\n"
	    "      System.IO.IOException: Failed to bind to address http://0.0.0.0:5001: address already in use.\n"
	    "       ---> Microsoft.AspNetCore.AddressInUseException: Address already in use\n"
	    "         at Microsoft.AspNetCore.Listener.Bind()\n",
	}},
	{"pino", "db write failed", {
	    "{\"level\":50,\"time\":1772424607123,\"pid\":4121,\"err\":{\"type\":\"Error\",\"message\":\"duplicate key\",\"stack\":\"Error: duplicate key\\n    at save (/srv/j/db.js:40:11)\\n    at run (/srv/j/app.js:9:3)\",\"code\":\"23505\"},\"msg\":\"db write failed\"}\n",
	    "{\"level\":50,\"time\":1772424999999,\"pid\":77,\"err\":{\"type\":\"Error\",\"message\":\"duplicate key\",\"stack\":\"Error: duplicate key\\n    at save (/srv/j/db.js:40:11)\\n    at run (/srv/j/app.js:9:3)\",\"code\":\"23505\"},\"msg\":\"db write failed\"}\n",
	}},
	{"pino2", "db write failed", {
	    "{\"level\":50,\"time\":1772424607123,\"pid\":4121,\"err\":{\"type\":\"Error\",\"message\":\"duplicate key\",\"stack\":\"Error: duplicate key\\n    at save (/srv/j/db.js:40:11)\\n    at run (/srv/j/app.js:9:3)\",\"code\":\"23503\"},\"msg\":\"db write failed\"}\n",
	}},
	{"pino3", "db read failed", {
	    "{\"level\":50,\"time\":1772424607123,\"pid\":4121,\"err\":{\"type\":\"Error\",\"message\":\"duplicate key\",\"stack\":\"Error: duplicate key\\n    at save (/srv/j/db.js:40:11)\\n    at run (/srv/j/app.js:9:3)\",\"code\":\"23505\"},\"msg\":\"db read failed\"}\n",
	}},
	{"escapes", "a long way", {
	    "{\"msg\":\"a\\tlong\\u007fway\\nfailed\",\"code\":\"E7\"}\n",
	}},
	{"haskell", "etl: Prelude.head: empty list", {
	    "etl: Prelude.head: empty list\n"
	    "CallStack (from HasCallStack):\n"
	    "  error, called at libraries/base/GHC/List.hs:1646:3 in base:GHC.List\n"
	    "  errorEmptyList, called at src/Main.hs:12:5 in main:Main\n",
	}},
	{"haskell2", "etl: Prelude.head: empty list", {
	    "etl: Prelude.head: empty list\n"
	    "CallStack (from HasCallStack):\n"
	    "  error, called at libraries/base/GHC/List.hs:1646:3 in base:GHC.List\n"
	    "  errorEmptyList, called at src/Main.hs:14:5 in main:Main\n",
	}},
	{"julia", "LoadError: KeyError: key \"sku\" not found", {
	    "ERROR: LoadError: KeyError: key \"sku\" not found\n"
	    "Stacktrace:\n"
	    " [1] getindex(h::Dict{String, Int64}, key::String)\n"
	    "   @ Base ./dict.jl:484\n"
	    " [2] top-level scope\n"
	    "   @ /srv/j/a.jl:3\n"
	    "in expression starting at /srv/j/a.jl:3\n",
	}},
	{"julia2", "LoadError: KeyError: key \"sku\" not found", {
	    "ERROR: LoadError: KeyError: key \"sku\" not found\n"
	    "Stacktrace:\n"
	    " [1] getindex(h::Dict{String, Int64}, key::String)\n"
	    "   @ Base ./dict.jl:484\n"
	    " [2] top-level scope\n"
	    "   @ /srv/j/a.jl:5\n"
	    "in expression starting at /srv/j/a.jl:5\n",
	}},
};
/* clang-format on */

int
main(void)
{
	return check_failures(failures, sizeof(failures) / sizeof(*failures));
}
