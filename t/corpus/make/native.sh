#!/bin/bash
# native.sh: programs in C and C++ that die, and what watches over them.
# Debian: gcc g++ clang libclang-rt-14-dev valgrind.
. "${0%/*}/lib.sh"

file c/job.c <<'E'
#include <assert.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int check(int rows, int limit)
{
	assert(rows < limit);
	return rows;
}

static int check_price(double price)
{
	assert(price > 0);
	assert(price < 0);
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argv[1], *arg = argc > 2 ? argv[2] : "";
	time_t now = time(NULL);
	char *volatile p = malloc(20), *volatile q;
	char buf[8];

	srand(getpid());
	fprintf(stderr, "%.24s job[%d]: start, buffer %p\n", ctime(&now),
	    getpid(), (void *)p);
	for (int i = rand() % 5; i >= 0; i--)
		fprintf(stderr, "block %d: %d bytes\n", i, rand());
	if (!strcmp(what, "assert"))
		check(12, 10);
	else if (!strcmp(what, "assert2"))
		check_price(-1);
	else if (!strcmp(what, "assert3"))
		check_price(1);
	else if (!strcmp(what, "double"))
		free(p), free(p);
	else if (!strcmp(what, "invalid"))
		free((char *)p + 8);
	else if (!strcmp(what, "corrupt"))
		q = malloc(20), memset(p, 'a', 60), free(q), free(p);
	else if (!strcmp(what, "smash"))
		return strcpy(buf, argv[2]), buf[argc];
	else if (!strcmp(what, "overflow"))
		memcpy(buf, what, 8 + rand() % 2 + 9);
	else if (!strcmp(what, "segv"))
		*(volatile int *)0 = 1;
	else if (!strcmp(what, "abort"))
		abort();
	else if (!strcmp(what, "fpe"))
		raise(SIGFPE);
	else if (!strcmp(what, "raise"))
		raise(atoi(arg));
	else if (!strcmp(what, "err"))
		err(atoi(arg), "%s", argv[3]);
	else if (!strcmp(what, "open"))
		open(arg, O_RDWR) < 0 ? err(1, "cannot open '%s'", arg) : 0;
	else if (!strcmp(what, "errx"))
		errx(1, "unknown tariff '%s'", arg);
	else if (!strcmp(what, "perror"))
		return errno = atoi(arg), perror("stock.db"), 1;
	else if (!strcmp(what, "exit"))
		return atoi(arg);
	return 0;
}
E
gcc -g -O0 -fstack-protector-all -w -o c/job c/job.c
gcc -g -O2 -D_FORTIFY_SOURCE=2 -w -o c/fortified c/job.c
c() { failure "c-$1" "$2" -- exec c/job "${@:3}"; }
c assert.rows "job: c/job.c:14: check: Assertion \`rows < limit' failed." assert
c assert.price "job: c/job.c:20: check_price: Assertion \`price > 0' failed." assert2
c assert.price2 "job: c/job.c:21: check_price: Assertion \`price < 0' failed." assert3
c glibc.double "free(): double free detected in tcache 2" double
c glibc.invalid "free(): invalid pointer" invalid
c glibc.smash "*** stack smashing detected ***: terminated" smash much-too-long-for-eight-bytes
failure c-glibc.fortify "*** buffer overflow detected ***: terminated" -- exec c/fortified smash "much-too-long-for-eight-bytes"
c err.open "job: cannot open '/srv/app/in/stock.db': No such file or directory" open /srv/app/in/stock.db
c err.dir "job: cannot open '/srv/app/c': Is a directory" open /srv/app/c
c errx.b2 "job: unknown tariff 'B2'" errx B2
c errx.c1 "job: unknown tariff 'C1'" errx C1
c perror.enospc "stock.db: No space left on device" perror 28
c perror.edquot "stock.db: Disk quota exceeded" perror 122
c perror.eio "stock.db: Input/output error" perror 5
c perror.erofs "stock.db: Read-only file system" perror 30
# Each silent death is decided by its status alone.
file c/silent.sh <<'E'
test "$RUN" = 1 || printf '\r\n' >&2
exec "$@"
E
for n in 3 4 77; do failure c-silent.exit$n "exit status $n" -- sh c/silent.sh sh -c "'exit $n'"; done
for n in 9:KILL 11:SEGV 15:TERM 6:ABRT; do
	failure c-silent.${n#*:} "killed by signal ${n%:*} (SIG${n#*:})" -- exec sh c/silent.sh sh -c "'kill -${n%:*} \$\$'"
done

file c/term.cc <<'E'
#include <cstdio>
#include <ctime>
#include <fstream>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>
struct Lost { };
int main(int, char **argv)
{
	std::string what = argv[1], arg = argv[2] ? argv[2] : "";
	fprintf(stderr, "[%ld.%06d] job %d\n", (long)time(0), getpid() * 7 % 1000000, getpid());
	if (what == "throw") throw std::runtime_error("unknown tariff " + arg);
	if (what == "logic") throw std::logic_error("unknown tariff " + arg);
	if (what == "at") std::vector<int>(getpid() % 9 + 1).at(99);
	if (what == "map") std::map<std::string, int>().at(arg);
	if (what == "lost") throw Lost();
	if (what == "int") throw 7;
	if (what == "fs") std::filesystem::file_size(arg);
	if (what == "thread") { std::thread t([] { sleep(1); }); }
	if (what == "stoi") return std::stoi(arg);
	if (what == "alloc") new char[1ul << 62];
	if (what == "virtual") std::string().substr(5);
}
E
g++ -g -O0 -w -o c/term c/term.cc
t() { failure "cxx-$1" "${@:2:1}" -- exec c/term "${@:3}"; }
t throw.b2 "unknown tariff B2" throw B2
t throw.c1 "unknown tariff C1" throw C1
t throw.logic "unknown tariff B2" logic B2
t range.map "map::at" map x
t range.at "vector::_M_range_check: __n (which is 99) >= this->size() (which is <*>)" at
t range.substr "basic_string::substr: __pos (which is 5) > this->size() (which is 0)" virtual
failure cxx-type.lost "terminate called after throwing an instance of 'Lost'" "Lost" -- exec c/term lost
failure cxx-type.int "terminate called after throwing an instance of 'int'" "int" -- exec c/term int
t fs.enoent "filesystem error: cannot get file size: No such file or directory [/srv/app/in/stock.db]" fs /srv/app/in/stock.db
t fs.notdir "filesystem error: cannot get file size: Not a directory [/srv/app/c/job.c/x]" fs /srv/app/c/job.c/x
t thread "terminate called without an active exception" thread
t stoi "stoi" stoi x
t alloc "std::bad_alloc" alloc

file c/san.c <<'E'
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static int shared;
static void *writer(void *arg) { for (int i = 0; i < 1000; i++) shared++; return arg; }
static int use_after(char *p) { free(p); return p[3]; }
static int past_end(int n) { int *v = malloc(n * sizeof(*v)); return v[n]; }
static int stack_end(int n) { int v[4] = { 0 }; return v[n]; }
static void leak(void) { char *volatile p = malloc(getpid() % 90 + 10); p = NULL; }
static void leak_table(void) { char *volatile p = malloc(getpid() % 90 + 10); p = NULL; }
static int deref(int *p) { return *p; }
static int uninit(void) { int *v = malloc(8); int r = v[1] > 3; free(v); return r; }
int main(int argc, char **argv)
{
	char *what = argv[1];
	setvbuf(stderr, NULL, _IOLBF, 0);
	fprintf(stderr, "job %d at %p\n", getpid(), (void *)&argc);
	if (!strcmp(what, "uaf")) return use_after(malloc(10)) & 1;
	if (!strcmp(what, "heap")) return past_end(5) & 1;
	if (!strcmp(what, "stack")) return stack_end(argc + 3);
	if (!strcmp(what, "leak")) leak();
	if (!strcmp(what, "leak2")) leak_table();
	if (!strcmp(what, "null")) return deref(NULL);
	if (!strcmp(what, "double")) { char *p = malloc(3); free(p); free(p); }
	if (!strcmp(what, "add")) { int v = INT_MAX - 1; v += argc; return v & 1; }
	if (!strcmp(what, "shift")) { int v = 1 << (argc + 40); return v & 1; }
	if (!strcmp(what, "uninit")) return puts(uninit() ? "a" : "b") < 0;
	if (!strcmp(what, "race")) {
		pthread_t t[2];
		for (int i = 0; i < 2; i++) pthread_create(&t[i], NULL, writer, NULL);
		for (int i = 0; i < 2; i++) pthread_join(t[i], NULL);
	}
	return 0;
}
E
gcc -g -O0 -w -fsanitize=address -o c/asan c/san.c
gcc -g -O0 -w -fsanitize=undefined -fno-sanitize-recover -o c/ubsan c/san.c
clang -g -O0 -w -fsanitize=thread -o c/tsan c/san.c -lpthread
gcc -g -O0 -w -o c/plain c/san.c -lpthread
export REAL_CLOCK=1
failure asan-heap.uaf "AddressSanitizer: heap-use-after-free c/san.c:9 in use_after" "AddressSanitizer: heap-use-after-free /srv/app/c/san.c:9 in use_after" -- exec c/asan uaf
failure asan-heap.end "AddressSanitizer: heap-buffer-overflow c/san.c:10 in past_end" "AddressSanitizer: heap-buffer-overflow /srv/app/c/san.c:10 in past_end" -- exec c/asan heap
failure asan-heap.double "AddressSanitizer: double-free ../../../../src/libsanitizer/asan/asan_malloc_linux.cpp:52 in __interceptor_free" -- exec c/asan double
failure asan-stack "AddressSanitizer: stack-buffer-overflow c/san.c:11 in stack_end" "AddressSanitizer: stack-buffer-overflow /srv/app/c/san.c:11 in stack_end" -- exec c/asan stack
failure asan-segv "AddressSanitizer: SEGV c/san.c:14 in deref" "AddressSanitizer: SEGV /srv/app/c/san.c:14 in deref" -- exec c/asan null
failure lsan.leak "AddressSanitizer: <*> byte(s) leaked in 1 allocation(s)." -- exec c/asan leak
failure lsan.table "AddressSanitizer: <*> byte(s) leaked in 1 allocation(s)." -- exec c/asan leak2
failure ubsan.add "c/san.c:<*>: runtime error: signed integer overflow: <*> cannot be represented in type 'int'" "signed integer overflow: 2147483646 + 2 cannot be represented in type 'int'" "runtime error: signed integer overflow: 2147483646 + 2 cannot be represented in type 'int'" -- exec c/ubsan add
failure ubsan.shift "c/san.c:<*>: runtime error: shift exponent 42 is too large for 32-bit type 'int'" "shift exponent 42 is too large for 32-bit type 'int'" "runtime error: shift exponent 42 is too large for 32-bit type 'int'" -- exec c/ubsan shift
failure tsan.race "ThreadSanitizer: data race /srv/app/c/san.c:8:<*> in writer" "ThreadSanitizer: data race c/san.c:8:<*> in writer" -- exec c/tsan race
v() { failure "valgrind-$1" "$2" -- exec valgrind --error-exitcode=9 "${@:4}" c/plain "$3"; }
v read.uaf "Invalid read of size 1" uaf
v read.end "Invalid read of size 4" heap
v read.uninit "Conditional jump or move depends on uninitialised value(s)" uninit
v free "Invalid free() / delete / delete[] / realloc()" double
v leak.a "<*> bytes in 1 blocks are definitely lost in loss record 1 of 1" leak --leak-check=full
v leak.b "<*> bytes in 1 blocks are definitely lost in loss record 1 of 1" leak2 --leak-check=full
v segv "Invalid read of size 4" null
