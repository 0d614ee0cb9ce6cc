#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file.h"

/* The interpreter that a script's first line names, in `line`; or NULL. */
static const char *
find_interpreter(int fd, char *line, size_t size)
{
	ssize_t n = read(fd, line, size - 1);

	if (n < 2 || memcmp(line, "#!", 2))
		return NULL;
	line[n] = '\0';
	line[strcspn(line, "\n")] = '\0';
	line += 2 + strspn(line + 2, " \t");
	line[strcspn(line, " \t")] = '\0';
	return line;
}

/* A script whose interpreter is not there cannot be executed. */
static enum program_state
look_at_script(int dir_fd, const char *file, char *why)
{
	int fd = openat(dir_fd, file, O_RDONLY | FILE_NAMED);
	const char *interpreter;
	size_t length;
	char line[200];

	/* What cannot be read can be executed all the same. */
	if (fd < 0)
		return PROGRAM_FINE;
	interpreter = find_interpreter(fd, line, sizeof(line));
	close(fd);
	if (!interpreter || !faccessat(dir_fd, interpreter, F_OK, 0))
		return PROGRAM_FINE;
	length = strlen(interpreter);
	if (length && interpreter[length - 1] == '\r')
		snprintf(why, PROGRAM_WHY_SIZE,
		    "the program '%.180s' cannot be executed: its interpreter "
		    "'%.*s\\r' does not exist (CRLF line ends?)",
		    file, (int)length - 1, interpreter);
	else
		snprintf(why, PROGRAM_WHY_SIZE,
		    "the program '%.180s' cannot be executed: its interpreter "
		    "'%s' does not exist",
		    file, interpreter);
	return PROGRAM_UNFIT;
}

static enum program_state
look_at_file(int dir_fd, const char *file, char *why)
{
	struct stat st;

	if (fstatat(dir_fd, file, &st, 0)) {
		if (errno == ENOENT || errno == ENOTDIR)
			snprintf(why, PROGRAM_WHY_SIZE,
			    "there is no program '%.200s'", file);
		else
			snprintf(why, PROGRAM_WHY_SIZE, "'%.200s': %s", file,
			    strerror(errno));
		return errno == ENOENT || errno == ENOTDIR ? PROGRAM_MISSING
							   : PROGRAM_UNFIT;
	}
	if (S_ISREG(st.st_mode) && !faccessat(dir_fd, file, X_OK, AT_EACCESS))
		return look_at_script(dir_fd, file, why);
	if (S_ISDIR(st.st_mode))
		snprintf(why, PROGRAM_WHY_SIZE,
		    "'%.200s' is a directory, not a program", file);
	else if (!S_ISREG(st.st_mode))
		snprintf(why, PROGRAM_WHY_SIZE,
		    "'%.200s' is not a regular file", file);
	else if (st.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH))
		snprintf(why, PROGRAM_WHY_SIZE,
		    "the program '%.200s' cannot be executed: %s (mode %04o)",
		    file, strerror(EACCES), (unsigned)st.st_mode & 07777u);
	else
		snprintf(why, PROGRAM_WHY_SIZE,
		    "the program '%.200s' is not executable (chmod +x)", file);
	return PROGRAM_UNFIT;
}

enum program_state
program_look(
    int dir_fd, const char *name, const char *path, char why[PROGRAM_WHY_SIZE])
{
	enum program_state best = PROGRAM_MISSING;
	char file[PATH_MAX], first[PROGRAM_WHY_SIZE];

	if (strchr(name, '/'))
		return look_at_file(dir_fd, name, why);
	snprintf(why, PROGRAM_WHY_SIZE, "there is no program '%.200s'", name);
	/* What execvp(3) takes when there is none. */
	path = path ? path : "/bin:/usr/bin";
	for (;;) {
		size_t length = strcspn(path, ":");
		enum program_state state;

		/* A part that is empty is the working directory. */
		snprintf(file, sizeof(file), "%.*s/%s",
		    length ? (int)length : 1, length ? path : ".", name);
		/* As shells do: where we may not look there is nothing. */
		state = faccessat(dir_fd, file, F_OK, AT_EACCESS)
			    ? PROGRAM_MISSING
			    : look_at_file(dir_fd, file, first);
		if (state == PROGRAM_FINE)
			return state;
		if (state == PROGRAM_UNFIT && best == PROGRAM_MISSING) {
			best = state;
			memcpy(why, first, PROGRAM_WHY_SIZE);
		}
		if (!path[length])
			return best;
		path += length + 1;
	}
}
