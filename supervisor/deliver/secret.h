/*
 * secret: the first lines of a file that only its owner may read.
 *
 * A password or token never stands in argv, the environment or runner.conf,
 * and never in an answer: complaints name the file, not what is in it.
 */
#ifndef RUNNER_NOTIFY_SECRET_H
#define RUNNER_NOTIFY_SECRET_H

#include "base/text.h"

enum { SECRET_SIZE = 4096 };

/*
 * Reads the first line of the regular file `path`, without its line end.
 * Returns EX_OK; or EX_CONFIG with the reason in `words`: no such file, not a
 * regular one, a mode with any bit for group or others, an empty or overlong
 * first line, or a control character in it.  The caller wipes `secret` after
 * use (explicit_bzero).
 */
int secret_read(const char *path, char secret[SECRET_SIZE], struct text *words);

/*
 * The same for the first two lines; the second is "" when there is none.  Both
 * are in `lines`, which is wiped by the caller as a whole.
 */
int secret_read_two(const char *path, char lines[2 * SECRET_SIZE],
    const char *second[1], struct text *words);

#endif
