/* Lines that close a report, or announce one. */
#include "words.h"

/* clang-format off */
static const struct word closing_openings[] = {
    WORD("note:"), WORD("hint:"), WORD("help:"), WORD("See "),
    WORD("see "), WORD("Try '"), WORD("Try `"), WORD("Usage:"),
    WORD("usage:"), WORD("exit status "), WORD("Hint:"),
    WORD("HINT:"), WORD("Note:"), WORD("For more information"),
    WORD("For more details"), WORD("If you "), WORD("Please "),
    WORD("Process finished"), WORD("Aborting"), WORD("Aborted"),
    WORD("Execution halted"), WORD("Run '"), WORD("Run `"),
    WORD("DETAIL"), WORD("CONTEXT"), WORD("LINE "),
    WORD("STATEMENT"), WORD("Calls:"),
    WORD("compilation terminated"), WORD("rsync error: "),
    WORD("npm ERR! code"), WORD("npm error code"),
    WORD("npm ERR! errno"), WORD("npm error errno"),
    WORD("npm ERR! syscall"), WORD("npm error syscall"),
    WORD("npm ERR! path"), WORD("npm error path"),
    WORD("npm ERR! A complete log"),
    WORD("npm error A complete log"),
    WORD("npm ERR! network This is"), WORD("Command exited with"),
    WORD("BEGIN failed--"), WORD("BEGIN not safe"),
    WORD("Error termination. Backtrace"),
    WORD("curl failed to verify the legitimacy"),
    {0},
};

static const char *const closing_parts[] = {"files/attrs were not transferred",
    "Exiting with failure status", "Error is not recoverable: exiting",
    "A complete log of this run", "could not compile",
    "Could not compile", "Could not read from remote repository",
    "ld returned ", "aborting due to ", "exit status 1",
    "exit status 2", "Compilation failed in require",
    "aborted due to compilation errors", "had compilation errors",
    "previous error", "Execution halted", "make sure you have the corr",
    "subcommand failed", "build stopped", "Waiting for unfinished jobs",
    "returned non-zero exit", "Configuring incomplete",
    NULL};

static const struct word hollow_lines[] = {
    WORD("BUILD FAILED"), WORD("FAILED"), WORD("Error:"),
    WORD("ERROR:"), WORD("error:"), WORD("Fatal error:"),
    WORD("fatal error:"), WORD("Exception:"), WORD("Error"),
    WORD("ERROR"), WORD("* What went wrong:"),
    WORD("Uncaught exception:"),
    WORD("FAILURE: Build failed with an exception."),
    WORD("Build failed with an exception."), WORD("rake aborted!"),
    WORD("Traceback:"), WORD("Errors:"),
    WORD("Unhandled exception:"), WORD("Backtrace:"),
    WORD("An error occurred:"),
    {0},
};
/* clang-format on */

bool
words_are_closing(const char *line)
{
	line += char_blanks(line);
	if (char_opening(line, closing_openings))
		return true;
	for (const char *const *part = closing_parts; *part; part++)
		if (strstr(line, *part))
			return true;
	if (char_starts(line, "make") || char_starts(line, "gmake")) {
		const char *p = strstr(line, "] Error ");

		if (p || strstr(line, "] Segmentation"))
			return true;
	}
	/* A build tool's summary: "2 errors", "1 error generated." */
	if (char_is(*line, CHAR_DIGIT)) {
		size_t n = char_run(line, CHAR_DIGIT);

		return char_starts(line + n, " error") ||
		       char_starts(line + n, " warning");
	}
	return false;
}

/* Openings, after `prog: ` or without, and parts. */
/* clang-format off */
static const struct word chatter_openings[] = {
    WORD("Pseudo-terminal will not be allocated"),
    WORD("Unable to find image '"),
    WORD("*** Waiting for unfinished jobs"),
    WORD("timeout set for "),
    {0},
};
/* clang-format on */

bool
words_are_chatter(const char *line)
{
	const char *program;

	line += char_blanks(line);
	if (char_opening(line, chatter_openings))
		return true;
	program = strstr(line, ": ");
	return (program && char_opening(program + 2, chatter_openings)) ||
	       strstr(line, "waiting up to ");
}

/*
 * "Msg 208, Level 16, State 1, Server s, Line 1" of SQL Server, whose text
 * stands on the next line.  Up to level 10 it only informs.
 */
bool
words_are_sql_header(const char *line)
{
	size_t n = char_starts(line, "Msg "), digits;

	digits = n ? char_run(line + n, CHAR_DIGIT) : 0;
	if (!digits || !char_starts(line + n + digits, ", Level "))
		return false;
	line += n + digits + 8;
	digits = char_run(line, CHAR_DIGIT);
	return digits == 2 && memcmp(line, "10", 2) > 0;
}

bool
words_are_hollow(const char *line)
{
	size_t n;

	line += char_blanks(line);
	n = strlen(line);
	if (span_among((struct span){line, n}, hollow_lines) ||
	    words_are_sql_header(line))
		return true;
	if (!n || line[n - 1] != ':')
		return false;
	return char_starts(line, "Error in ") ||
	       char_starts(line, "An unhandled exception occurred") ||
	       strstr(line, "In procedure ");
}
