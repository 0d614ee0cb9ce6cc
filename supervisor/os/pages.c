#include "pages.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { STACK_TRIM = 1 << 20, STACK_FRAME_MAX = 1024 };
enum { PLUG_MAX = 64 << 10, PLUG_SMALL = 1024, PLUG_TRIES = 100000 };

void *
pages_new(size_t size)
{
	void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED)
		return NULL;
	/* Else the first byte written could dirty two megabytes. */
	madvise(pages, size, MADV_NOHUGEPAGE);
	return pages;
}

void *
pages_new_private(size_t size)
{
	void *pages = pages_new(size);

	if (pages)
		madvise(pages, size, MADV_DONTFORK);
	return pages;
}

void
pages_free(void *pages, size_t size)
{
	if (pages)
		munmap(pages, size);
}

void
pages_give_back(void *pages, size_t size, size_t keep)
{
	keep = (keep + PAGES_UNIT - 1) / PAGES_UNIT * PAGES_UNIT;
	if (keep < size)
		madvise((char *)pages + keep, size - keep, MADV_DONTNEED);
}

void
pages_plug(void)
{
	static void **plugs; /* each has the address of the one before */
	const void *end;

	pages_trim();
	end = sbrk(0);
	/* Small ones are kept by malloc(3) in a list for each 16 bytes. */
	for (size_t size = PLUG_MAX; size;
	     size = size > PLUG_SMALL ? size / 2 : size - 16) {
		void **plug = NULL;

		for (int i = 0; i < PLUG_TRIES && plug < (void **)end; i++) {
			plug = malloc(size);
			if (!plug)
				return;
			*plug = plugs;
			plugs = plug;
		}
	}
}

__attribute__((noinline)) void
pages_trim(void)
{
	/* Our own frame stays. */
	uintptr_t end = (uintptr_t)__builtin_frame_address(0) - STACK_FRAME_MAX;

#ifdef __GLIBC__
	malloc_trim(0);
#endif
	end &= ~(PAGES_UNIT - 1UL);
	madvise((void *)(end - STACK_TRIM), STACK_TRIM, MADV_DONTNEED);
}
