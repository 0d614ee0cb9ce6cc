/*
 * log: whole lines to standard error or a file, in four formats.
 *
 * Lines gather in one buffer and leave by log_flush() as whole lines in as few
 * write(2) as may be: to a file O_APPEND in one, to a pipe no more than
 * PIPE_BUF at once, so that runners that share a target never mix in a line.
 *
 * Nothing here ends the process or blocks it for ever.  While the target takes
 * nothing, lines wait in the buffer, which does not grow: when it is full they
 * are counted as lost, and so are those for a reader that went.  Once the
 * target takes lines again, "WARNING log: N lines were lost (WHY)" stands where
 * they are missing.  A file is tried again every second; SIGPIPE must be
 * ignored or blocked.
 *
 * A file is rotated by size here (FILE to FILE.1 and on, `keep` of them;
 * several runners on one file rotate it once), followed when somebody else
 * renames or removes it, and reopened by log_reopen().
 */
#ifndef RUNNER_LOG_H
#define RUNNER_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/settings.h"
#include "line.h"

struct log;

/*
 * Opens the target.  `settings` is copied as needed; `file` overrides
 * settings->file when it is not NULL; `chain` is for the json format.  Without
 * a format in the settings: journal when standard error is the journal's
 * socket ($JOURNAL_STREAM names its device and inode, systemd.exec(5)), else
 * timestamp.  Missing directories of the file are not created.
 * Returns NULL with errno when the file cannot be opened.
 */
struct log *log_open(
    const struct log_settings *settings, const char *file, const char *chain);

/* Waits up to ten seconds for a slow reader; frees the second target too. */
void log_close(struct log *l);

/* What is logged goes to `also` as well, by its own level; takes it over. */
void log_also(struct log *l, struct log *also);

/*
 * One line of the supervisor's own: "LEVEL [TASK] message", or without
 * "[TASK] " when `task` is NULL.  Control characters in it are escaped; what
 * is longer than LINE_TEXT_MAX is cut off.
 */
void log_say(struct log *l, enum log_level level, const char *task,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/*
 * What a task printed: `bytes` are whole lines, each ended by a newline (the
 * last need not be), as many as were read at once; all get one time stamp and
 * the prefix "[TASK] stdout: " or "[TASK] stderr: ".  A line longer than
 * LINE_TEXT_MAX is cut in pieces, see line_piece().  `is_continued`: the first
 * of them is the rest of a line of which a piece was logged before.  Fast: this
 * is the way of every byte.
 */
void log_output(struct log *l, const char *task, enum log_stream stream,
    const char *bytes, size_t size, bool is_continued);

/* Writes what is there.  Called when nothing more is ready. */
void log_flush(struct log *l);

/*
 * True while the target is full and much waits for it: whoever feeds the log
 * should stop reading for now.  Ends when the target takes something, and also
 * when it did not for ten seconds: from then on what finds no room is lost.
 */
bool log_is_congested(const struct log *l);

/*
 * How many bytes of output may be given to log_output() at once so that their
 * lines find room, at least 1024.  SIZE_MAX for a file, which is never full.
 */
size_t log_room(const struct log *l);

/*
 * The descriptor to poll for POLLOUT (then log_flush()) while lines wait, or
 * -1 when none wait or the target is a file.
 */
int log_wait_fd(const struct log *l);

/* errno of a log that takes nothing just now; 0: it takes lines. */
int log_fault(const struct log *l);

/*
 * When log_flush() is to be called again though nothing happened (on
 * clock_now_ms()'s clock), or -1: while a file that failed has lines waiting,
 * or when congestion is to end.
 */
int64_t log_deadline_ms(const struct log *l);

/*
 * Reopens the file by its name (SIGHUP), with new settings when they changed.
 * On failure the old one stays and -1 is returned, with errno.
 */
int log_reopen(
    struct log *l, const struct log_settings *settings, const char *file);

#endif
