/*
 * runner_version: the one place where the version stands; the Makefile reads
 * it.
 */
#ifndef RUNNER_VERSION_H
#define RUNNER_VERSION_H

#define RUNNER_VERSION "1.0.0"

#endif
