/* The files that a configuration includes. */
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "conf_files.h"
#include "conf_scan.h"
#include "conf_token.h"

bool
conf_include_enter(struct conf_scan *s, const char *path)
{
	struct conf_file_id *now = &s->open[s->include_depth];
	struct stat st;

	*now = (struct conf_file_id){0};
	if (stat(path, &st))
		return true; /* what is wrong is said when it is read */
	*now = (struct conf_file_id){st.st_dev, st.st_ino};
	for (const struct conf_file_id *f = s->open; f < now; f++)
		if (f->dev == now->dev && f->ino == now->ino)
			return false;
	return true;
}

/* Reads one file where it is included. */
static void
include_file(
    struct input *in, ssize_t section, size_t depth, int line, const char *path)
{
	struct conf_scan *s = in->scan;
	char why[256];
	size_t size;
	char *text;

	if (s->included_count == CONF_INCLUDED_MAX ||
	    s->included_bytes > CONF_INCLUDED_BYTES_MAX) {
		token_complain(in, line,
		    "no more is included: that would be more than %d files "
		    "or %d MiB",
		    CONF_INCLUDED_MAX, CONF_INCLUDED_BYTES_MAX >> 20);
		s->tree->is_cut = true;
		return;
	}
	s->include_depth++;
	text = NULL;
	if (!conf_include_enter(s, path))
		token_complain(in, line, "%s includes itself", path);
	else if (!(text = conf_load_file(
		       path, s->is_found, &size, why, sizeof(why))))
		token_complain(in, line, "%s %s", path, why);
	else {
		s->included_count++;
		s->included_bytes += size;
		conf_scan_text(s, section, depth, path, text, size);
	}
	s->include_depth--;
	free(text);
}

/* A directory that is not there has no files; all else is an error. */
static int
on_glob_error(const char *path, int error)
{
	errno = error;
	return error != ENOENT && error != ENOTDIR;
}

void
conf_include(
    struct input *in, ssize_t section, size_t depth, int line, const char *name)
{
	const char *slash = strrchr(in->file, '/');
	char *directory =
	    slash ? strndup(in->file, (size_t)(slash - in->file)) : strdup(".");
	char *path = directory ? conf_absolute(directory, name) : NULL;
	glob_t matches = {0};

	if (!path) {
		token_complain(in, line, "out of memory");
	} else if (!strpbrk(name, "*?[")) {
		include_file(in, section, depth, line, path);
	} else {
		int failed = glob(path, 0, on_glob_error, &matches);

		if (failed && failed != GLOB_NOMATCH)
			token_complain(in, line, "%s cannot be read: %m", path);
		for (size_t i = 0; !failed && i < matches.gl_pathc; i++)
			include_file(
			    in, section, depth, line, matches.gl_pathv[i]);
		globfree(&matches);
	}
	free(path);
	free(directory);
}
