/*
 * log: whole lines to standard error or a file, in four formats.
 *
 * Lines gather in one buffer and leave by log_flush() as whole lines in as few
 * write(2) as may be: to a file O_APPEND in one, to a pipe no more than
 * PIPE_BUF at once, so that runners that share a target never mix in a line.
 * Nothing here ends the process or blocks it for ever: a target that takes
 * nothing (a full pipe, a full disk, a reader that went) is complained of
 * once, lines are then counted as lost when the buffer is full, and the count
 * is logged when it takes lines again.  A file is rotated by size here (FILE
 * to FILE.1 and on, `keep` of them; several runners on one file rotate it
 * once) and reopened by log_reopen().
 */
#ifndef RUNNER_LOG_H
#define RUNNER_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "settings.h"

struct log;

enum log_stream { LOG_STREAM_NONE, LOG_STREAM_STDOUT, LOG_STREAM_STDERR };

/*
 * Opens the target.  `settings` is copied as needed; `file` overrides
 * settings->file when it is not NULL; `chain` is for the json format.  Without
 * a format in the settings: journal when standard error is the journal's
 * socket ($JOURNAL_STREAM names its device and inode, systemd.exec(5)), else
 * timestamp.  Missing folders of the file are not created.
 * Returns NULL with errno when the file cannot be opened.
 */
struct log *log_open(
    const struct log_settings *settings, const char *file, const char *chain);
void log_close(struct log *l);

/*
 * One line of the supervisor's own: "LEVEL [TASK] message", or without
 * "[TASK] " when `task` is NULL.  Control characters in it are escaped.
 */
void log_say(struct log *l, enum log_level level, const char *task,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/*
 * What a task printed: `bytes` are whole lines, each ended by a newline, as
 * many as were read at once; all get one time stamp and the prefix
 * "[TASK] stdout: " or "[TASK] stderr: ".  `is_continued`: the first of them is
 * the rest of a line of which a piece was logged before.  Fast: this is the way
 * of every byte.
 */
void log_output(struct log *l, const char *task, enum log_stream stream,
    const char *bytes, size_t size, bool is_continued);

/* Writes what is there.  Called when nothing more is ready. */
void log_flush(struct log *l);

/*
 * True while the target takes nothing and the buffer is nearly full: whoever
 * feeds the log should stop reading for now.
 */
bool log_is_congested(const struct log *l);

/*
 * The descriptor to poll for POLLOUT while lines wait, or -1 when none wait or
 * the target is a file.
 */
int log_wait_fd(const struct log *l);

/*
 * Reopens the file by its name (SIGHUP), with new settings when they changed.
 * On failure the old one stays and -1 is returned, with errno.
 */
int log_reopen(struct log *l, const struct log_settings *settings,
    const char *file);

#endif
