#include "hash.h"

#include <string.h>

uint64_t
hash_fnv64(uint64_t hash, const void *bytes, size_t size)
{
	const unsigned char *c = bytes;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ c[i]) * UINT64_C(0x100000001b3);
	return hash;
}

uint64_t
hash_fnv64_string(uint64_t hash, const char *s)
{
	return hash_fnv64(hash, s, strlen(s) + 1);
}

uint32_t
hash_fnv32_string(uint32_t hash, const char *s)
{
	do
		hash = (hash ^ (unsigned char)*s) * UINT32_C(0x1000193);
	while (*s++);
	return hash;
}
