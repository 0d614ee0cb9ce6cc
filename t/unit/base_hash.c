#include "base/hash.h"

#include "tap.h"

/* The published test vectors of FNV-1a. */
static const struct {
	const char *bytes;
	uint32_t hash32; /* with the NUL */
	uint64_t hash64;
} vectors[] = {
    {"", UINT32_C(0x050c5d1f), UINT64_C(0xcbf29ce484222325)},
    {"a", UINT32_C(0x2b24d044), UINT64_C(0xaf63dc4c8601ec8c)},
    {"foobar", UINT32_C(0x0c1c9eb8), UINT64_C(0x85944171f73967e8)},
};

int
main(void)
{
	for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
		const char *s = vectors[i].bytes;
		uint64_t halves = hash_fnv64(HASH_FNV64, s, strlen(s) / 2);

		tap_ok(hash_fnv32_string(HASH_FNV32, s) == vectors[i].hash32,
		    "32 bits: '%s'", s);
		tap_ok(
		    hash_fnv64(HASH_FNV64, s, strlen(s)) == vectors[i].hash64,
		    "64 bits: '%s'", s);
		tap_ok(hash_fnv64(halves, s + strlen(s) / 2,
			   strlen(s) - strlen(s) / 2) == vectors[i].hash64,
		    "64 bits in two halves: '%s'", s);
	}
	tap_ok(hash_fnv64_string(hash_fnv64_string(HASH_FNV64, "a"), "bc") !=
		   hash_fnv64_string(hash_fnv64_string(HASH_FNV64, "ab"), "c"),
	    "a string ends with its NUL");
	return tap_done();
}
