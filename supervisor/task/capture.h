/*
 * capture: what a task prints on its two pipes, on its way to the log, to the
 * signature and to the mail.
 *
 * capture_new() allocates all memory: a line buffer per stream, the first and
 * last bytes of stderr, the last bytes of stdout.  Pages that only a task which
 * prints much has touched go back, at the latest in the next capture_begin().
 * A forked child does not have that memory and must not use the capture.
 * Reading never blocks.  The log does not depend on how the bytes were cut
 * into reads, time stamps aside.
 */
#ifndef RUNNER_CAPTURE_H
#define RUNNER_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/captured.h"
#include "log/log.h"
#include "signature/signature.h"

struct capture;

/* `log` is borrowed.  Returns NULL with errno ENOMEM. */
struct capture *capture_new(struct log *log);
void capture_free(struct capture *c);

/*
 * Begins a run of `task`.  `patterns` as in signature_begin().  Both are
 * borrowed until the run is finished.
 */
void capture_begin(
    struct capture *c, const char *task, const struct user_patterns *patterns);

/*
 * From now on, over all runs, `tap` gets what is read too, as it comes (NULL:
 * nobody does).
 */
typedef void capture_tap(
    void *data, enum log_stream stream, const char *bytes, size_t size);
void capture_set_tap(struct capture *c, capture_tap *tap, void *data);

/*
 * Reads once from `fd`, which is ready, and logs the whole lines.  Returns
 * bytes read; 0 at end of file; -1 with errno.
 */
ssize_t capture_read(struct capture *c, enum log_stream stream, int fd);

/*
 * The process has ended: reads what is in both pipes by now (FIONREAD, so that
 * a stranger that goes on writing cannot hold us) and logs the unfinished last
 * lines.  A descriptor may be -1.  The signature is then the caller's to
 * finish.
 */
void capture_finish(struct capture *c, int out_fd, int err_fd);

/* After capture_finish(), until the next capture_begin(). */
struct captured capture_stderr(const struct capture *c);
struct captured capture_stdout(const struct capture *c); /* tail only */
struct signature *capture_signature(struct capture *c);

/* Gives all pages back, with what was captured: no run follows soon. */
void capture_trim(struct capture *c);

#endif
