/*
 * body: the message on descriptor 3, whole in memory.
 *
 * It is a notification, bounded by whoever composed it (below a megabyte);
 * having it whole lets every kind of delivery be a plain write.
 */
#ifndef RUNNER_NOTIFY_BODY_H
#define RUNNER_NOTIFY_BODY_H

#include <stddef.h>

enum { BODY_SIZE_MAX = 32 << 20 };

struct body {
	char *data; /* owned */
	size_t size;
};

/*
 * Reads all of `fd` from where its offset stands.  Returns 0; or -1 with errno
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

#endif
