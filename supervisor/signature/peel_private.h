/*
 * peel_private: what the parts of peel share, and nobody else.
 *
 * A peeling function looks at `p`, where a prefix may begin, and returns the
 * length of the prefix that it knows, having noted what it says; or 0.
 */
#ifndef RUNNER_SIGNATURE_PEEL_PRIVATE_H
#define RUNNER_SIGNATURE_PEEL_PRIVATE_H

#include "peel.h"

enum { PEEL_BRACKET_MAX = 100 };

/* What is known while a line is being peeled. */
struct peeling {
	char *line;
	size_t at;        /* behind what was peeled */
	struct span name; /* of the program or logger, if one was peeled */
	bool name_is_program;
	struct peeled *out;
};

/* The first level that is found is that of the line. */
void peel_take_level(struct peeling *w, enum level level);

/* Does a level that is a word end here? */
bool peel_is_level_end(const char *p);

/* The level of "[error]", "[php7:error]", "[ERROR/MainProcess]". */
enum level peel_bracket_level(const char *p, size_t n);

/* Time stamps, alone and in the headers of glog and of Ruby's logger. */
size_t peel_time(struct peeling *w, const char *p);
size_t peel_glog(struct peeling *w, const char *p);
size_t peel_ruby(struct peeling *w, const char *p);

size_t peel_bracket(struct peeling *w, const char *p);

/* A level; what stands between a time stamp and the level behind it. */
size_t peel_level(struct peeling *w, const char *p);
size_t peel_to_level(struct peeling *w, const char *p);

#endif
