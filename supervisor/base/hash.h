/*
 * hash: FNV-1a, a fixed function of bytes: the same on every machine and in
 * every version, so that a hash may be written to a file.  It tells strings
 * apart and finds damage; it withstands no enemy.  Pure.
 *
 * A hash is carried on: hash_fnv64(hash_fnv64(HASH_FNV64, a, n), b, m) is that
 * of a and b in a row.  The functions for strings hash the NUL too, so that
 * "a" "bc" is not "ab" "c".
 */
#ifndef RUNNER_HASH_H
#define RUNNER_HASH_H

#include <stddef.h>
#include <stdint.h>

/* What to begin with. */
#define HASH_FNV64 UINT64_C(0xcbf29ce484222325)
#define HASH_FNV32 UINT32_C(0x811c9dc5)

uint64_t hash_fnv64(uint64_t hash, const void *bytes, size_t size);
uint64_t hash_fnv64_string(uint64_t hash, const char *s);
uint32_t hash_fnv32_string(uint32_t hash, const char *s);

#endif
