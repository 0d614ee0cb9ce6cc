/*
 * runner_version: the one place that says the version; the Makefile reads
 * it.
 */
#ifndef RUNNER_VERSION_H
#define RUNNER_VERSION_H

#define RUNNER_VERSION "1.1.0"

#endif
