/*
 * Included before every file by `make coverage`: a process that ends by
 * _exit(), or becomes another program, keeps its counts.
 */
#include <pipeline.h>
#include <unistd.h>

void __gcov_dump(void);
#define _exit(status) (__gcov_dump(), _exit(status))
#define execv(path, argv) (__gcov_dump(), execv(path, argv))
#define execvp(file, argv) (__gcov_dump(), execvp(file, argv))
#define execve(path, argv, env) (__gcov_dump(), execve(path, argv, env))
#define pipecmd_exec(command) (__gcov_dump(), pipecmd_exec(command))
