#include "config_private.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char file_name[] = "runner.conf";
static const char system_file[] = "/etc/runner.conf";

char *
config_working_folder(void)
{
	return getcwd(NULL, 0);
}

/* Is there something of that name that is no folder? */
static bool
is_file(const char *path)
{
	struct stat st;

	return !stat(path, &st) && !S_ISDIR(st.st_mode);
}

/* A file that was asked for has to be there. */
static char *
find_wanted(
    const char *folder, const char *wanted, struct diagnostics *diagnostics)
{
	struct stat st;

	if (stat(wanted, &st)) {
		diagnostics_add(diagnostics, "%s: %s", wanted, strerror(errno));
		return NULL;
	}
	if (S_ISDIR(st.st_mode)) {
		diagnostics_add(
		    diagnostics, "%s: that is a folder, not a file", wanted);
		return NULL;
	}
	return value_absolute(folder, wanted);
}

/* The nearest one from `folder` upwards; `folder` is cut on the way. */
static char *
find_upwards(char *folder)
{
	char *path;

	for (;;) {
		char *slash = strrchr(folder, '/');

		path = value_absolute(*folder ? folder : "/", file_name);
		if (!path || is_file(path))
			return path;
		free(path);
		if (!slash)
			return NULL;
		*slash = '\0';
	}
}

char *
config_find_file(const char *wanted, struct diagnostics *diagnostics)
{
	char *folder, *file;

	if (!wanted)
		wanted = getenv("RUNNER_CONF");
	/* Where we are may be gone; it matters only when it is asked for. */
	folder =
	    wanted && *wanted == '/' ? strdup("/") : config_working_folder();
	if (!folder) {
		diagnostics_add(
		    diagnostics, "the working directory: %s", strerror(errno));
		return NULL;
	}
	if (wanted && *wanted) {
		file = find_wanted(folder, wanted, diagnostics);
	} else {
		file = find_upwards(folder);
		if (!file && is_file(system_file))
			file = strdup(system_file);
	}
	free(folder);
	return file;
}
