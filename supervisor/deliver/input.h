/*
 * input: what a delivery reads, the message and secrets.
 *
 * The message on descriptor 3 is a notification, bounded by whoever composed it
 * (below a megabyte); having it whole in memory lets every kind of delivery be
 * a plain write.  A password or token never is in argv, the environment or
 * runner.conf, and never in an answer: complaints name the file, not what is
 * in it.
 */
#ifndef RUNNER_NOTIFY_INPUT_H
#define RUNNER_NOTIFY_INPUT_H

#include <stddef.h>

#include "base/text.h"

enum { BODY_SIZE_MAX = 32 << 20, SECRET_SIZE = 4096 };

struct body {
	char *data; /* owned */
	size_t size;
};

/*
 * Reads all of `fd` from where its offset is.  Returns 0; or -1 with errno
 * (EFBIG beyond BODY_SIZE_MAX) and an empty body.
 */
int body_read(struct body *body, int fd);
void body_release(struct body *body);

/*
 * Ends every line with `line_end` ("\r\n" on the wire, RFC 5321, 2.3.8; "\n"
 * in a file), the last one too.  A lone CR or LF ends a line as well: neither
 * may be sent, and servers that disagree about them can be made to see two
 * messages in one.  Returns 0, or -1 with errno ENOMEM; the body is unchanged.
 */
int body_end_lines(struct body *body, const char *line_end);

/*
 * Reads the first line of the regular file `path`, without its line end.
 * Returns EX_OK; or EX_CONFIG with the reason in `words`: no such file, not a
 * regular one, a mode with any bit for group or others, an empty or overlong
 * first line, or a control character in it.  The caller wipes `secret` after
 * use (explicit_bzero).
 */
int secret_read(const char *path, char secret[SECRET_SIZE], struct text *words);

/*
 * The same for the first two lines, both in `lines`, which is wiped by the
 * caller as a whole; where the second begins ("": there is none) in *second.
 */
int secret_read_two(const char *path, char lines[2 * SECRET_SIZE],
    const char *second[1], struct text *words);

#endif
