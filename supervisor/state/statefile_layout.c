#include "statefile_layout.h"

#include <string.h>

/*
 * Four lanes, so that the multiplications do not wait for each other: a record
 * of 2 KiB takes a fraction of a microsecond.  It must tell a mixture of old
 * and new bytes, not withstand an enemy.
 */
uint64_t
layout_checksum(const void *bytes, size_t size, uint64_t seed)
{
	static const uint64_t prime = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t lane[4] = {seed, ~seed, prime, size};
	const char *at = bytes;
	uint64_t sum = seed + 1;

	for (size_t i = 0; i < size / 8; i++) {
		uint64_t word;

		memcpy(&word, at + 8 * i, 8);
		lane[i % 4] = (lane[i % 4] ^ word) * prime;
		lane[i % 4] ^= lane[i % 4] >> 29;
	}
	for (size_t i = 0; i < 4; i++) {
		sum = (sum ^ lane[i]) * prime;
		sum ^= sum >> 32;
	}
	return sum;
}

const struct layout layout_now = {
    .version = STATE_VERSION,
    .chain_size = sizeof(struct chain_record),
    .held_size = sizeof(struct held_record),
    .task_size = sizeof(struct task_record),
    .run_size = sizeof(struct run_record),
};

size_t
layout_record_size(const struct layout *l, size_t record)
{
	return record == RECORD_CHAIN  ? l->chain_size
	       : record == RECORD_HELD ? l->held_size
				       : l->task_size;
}

size_t
layout_record_offset(const struct layout *l, size_t record)
{
	size_t offset = sizeof(struct header);

	for (size_t i = 0; i < record && i < RECORD_TASKS; i++)
		offset += 2 * (sizeof(struct seal) + layout_record_size(l, i));
	if (record > RECORD_TASKS)
		offset += (record - RECORD_TASKS) * 2 *
			  (sizeof(struct seal) + l->task_size);
	return offset;
}

size_t
layout_slot_size(const struct layout *l)
{
	return sizeof(struct seal) + l->run_size;
}

size_t
layout_run_offset(const struct layout *l, size_t task_count, uint64_t number)
{
	return layout_record_offset(l, RECORD_TASKS + task_count) +
	       (number - 1) % STATE_RUNS_MAX * layout_slot_size(l);
}

size_t
layout_file_size(const struct layout *l, size_t task_count)
{
	return layout_run_offset(l, task_count, 1) +
	       STATE_RUNS_MAX * layout_slot_size(l);
}

struct header
layout_header(const struct layout *l, size_t task_count)
{
	struct header h = {
	    .magic = STATEFILE_MAGIC,
	    .version = l->version,
	    .task_count = (uint32_t)task_count,
	    .chain_size = l->chain_size,
	    .held_size = l->held_size,
	    .task_size = l->task_size,
	    .slot_size = (uint32_t)layout_slot_size(l),
	    .runs_max = STATE_RUNS_MAX,
	};

	h.checksum = layout_checksum(&h, offsetof(struct header, checksum), 0);
	return h;
}
