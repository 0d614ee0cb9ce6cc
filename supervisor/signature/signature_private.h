/*
 * signature_private: the state of a run, for the parts of signature.
 *
 * A line goes through take_clean() of signature.c, which splits it, to
 * signature_take.c, which decides what it is evidence of.
 */
#ifndef RUNNER_SIGNATURE_PRIVATE_H
#define RUNNER_SIGNATURE_PRIVATE_H

#include "clean.h"
#include "collect.h"
#include "fields.h"
#include "recognise.h"
#include "scan.h"
#include "signature.h"

enum {
	/* Lines after an error that belong to it. */
	CONTINUATION_MAX = 10,
	LINE_SIZE = CLEAN_LINE_MAX + CLEAN_PADDING,
	/* Half of it holds the longest lines for a collector's tail. */
	WAITING_SIZE = 48 * (FIELDS_BUFFER + 64),
};

/*
 * Evidence whose normal form is made when it is known that it counts: a block
 * may not be the last, and when more lines came than a collector tells apart,
 * only the last of them are looked at.
 */
struct waiting_line {
	size_t size;    /* of `text`, without its padding */
	size_t subject; /* where it begins in the text */
	bool is_after;  /* a block, and may be chatter */
	char text[];
};

/* Subjects by how good they are; the first that is set is taken. */
enum candidate_rank {
	RANK_FINAL,      /* a fatal line after a block */
	RANK_BLOCK,      /* the message of the block */
	RANK_STRUCTURED, /* the last error among JSON or logfmt lines */
	RANK_STRONG,     /* the first line that opens as an error */
	RANK_WEAK,       /* the first line with a word of failure */
	RANK_CLOSING,    /* the first such line that closes a report */
	RANK_WARNING,    /* the first warning with one, when none is an error */
	RANK_ANY,        /* the last line with letters */
	RANK_COUNT,
};

/* What a line that is no error may be to an error right after it. */
enum context {
	CONTEXT_NONE,
	CONTEXT_OTHER,   /* of a warning or note: so are its details */
	CONTEXT_PROGRAM, /* `prog: message`, whose details may be indented */
	CONTEXT_PLACE,   /* where in the code, or in what the error is */
	CONTEXT_HELD,    /* the same, with only an excerpt in between */
};

struct signature {
	const struct user_patterns *patterns; /* NULL when there are none */
	struct clean clean;
	struct recogniser recogniser;
	struct fields fields;
	struct collector block;
	struct collector errors;
	struct collector any;
	struct collector *chosen; /* by signature_finish(), or NULL */
	struct candidate candidates[RANK_COUNT];
	unsigned continuation;
	bool has_asked; /* the line before ended with a question or a colon */
	bool is_announced; /* the line before said that here comes the error */
	bool has_usage;
	bool has_letters;     /* what was collected last */
	enum context context; /* of the line in hand for the next */
	enum context before;  /* of the line before for this one */
	size_t before_size;
	char before_text[PENDING_LINE_MAX + CLEAN_PADDING];
	struct collector *waiting_for; /* whose lines are in `waiting` */
	size_t waiting_size;
	_Alignas(struct waiting_line) char waiting[WAITING_SIZE];
	char scratch[LINE_SIZE];
	char normal[SCAN_OUT_SIZE];
};

/* Finds what the line before is to the one in hand. */
void context_recall(struct signature *s);

/* Does a line consist of fields?  Then these are taken for the line. */
bool read_fields(struct fields *f, struct split *line);

/* Gives the collector the lines that wait for it. */
void take_waiting(struct signature *s);

/* Take a line, or what read_fields() made of it, as evidence and subject. */
void take_split(struct signature *s, struct split *line);
void take_fields(struct signature *s, struct split *line);

#endif
