/*
 * program: can a program be executed, and if not, why, in words for a person.
 *
 * execve(2) says "No such file or directory" of a script whose interpreter is
 * missing, and "Permission denied" of a directory.  Looked at as who we
 * effectively are.
 */
#ifndef RUNNER_PROGRAM_H
#define RUNNER_PROGRAM_H

#include <stddef.h>

enum program_state {
	PROGRAM_FINE,
	PROGRAM_MISSING, /* there is none of that name */
	PROGRAM_UNFIT    /* there is something, and it cannot be executed */
};

enum { PROGRAM_WHY_SIZE = 512 };

/*
 * Looks for `name` as execvp(3) would in directory `dir_fd` with this PATH
 * (NULL: none is set).  Unless it is fine, `why` says what is wrong, such as
 * "there is no program 'x'" or "'x' is a directory".
 */
enum program_state program_look(
    int dir_fd, const char *name, const char *path, char why[PROGRAM_WHY_SIZE]);

#endif
