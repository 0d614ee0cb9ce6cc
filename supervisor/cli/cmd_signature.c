/*
 * runner signature: which failure would this be, and what is its one line?
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "commands.h"
#include "os/file.h"
#include "signature/signature.h"

/* Feeds all of a descriptor.  Returns 0, or -1 with errno. */
static int
feed_all(struct signature *s, int fd)
{
	char bytes[65536];
	ssize_t n;

	while ((n = read(fd, bytes, sizeof(bytes))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		signature_feed(s, bytes, (size_t)n);
	}
	return 0;
}

static int
read_file(struct signature *s, const char *file)
{
	bool is_file = file && strcmp(file, "-") != 0;
	int fd = is_file ? open(file, O_RDONLY | FILE_ASKED) : STDIN_FILENO;
	int result;

	if (fd < 0 || (result = feed_all(s, fd)))
		return command_fails(STATUS_FAILED, "cannot read %s: %m",
		    is_file ? file : "standard input");
	if (is_file)
		close(fd);
	return result;
}

static int
print_result(
    const struct signature *s, const struct signature_result *r, bool explain)
{
	char hex[17];

	text_format_hex64(r->value, hex);
	printf("%s\t%s\n", hex, r->subject);
	for (size_t i = 0; explain && i < signature_evidence_count(s); i++)
		printf("  %s\n", signature_evidence(s, i));
	if (explain && !r->has_evidence)
		printf("  (no evidence: the way it ended decides alone)\n");
	return STATUS_DONE;
}

/* The patterns of --task; the configuration lives as long as they do. */
static int
find_patterns(const struct options *o, struct config **config,
    struct user_patterns *patterns)
{
	static struct diagnostics wrong;
	const struct task_settings *t;

	if (!o->task)
		return STATUS_DONE;
	*config = command_config(o);
	t = *config ? config_task(*config, o->task, &wrong) : NULL;
	command_complain(&wrong);
	if (!t)
		return STATUS_USAGE;
	*patterns = (struct user_patterns){
	    .keep = t->signature_keep,
	    .mask = t->signature_mask,
	    .ignore = t->signature_ignore,
	};
	return STATUS_DONE;
}

int
cmd_signature(const struct invocation *c)
{
	const struct options *o = c->options;
	struct outcome outcome = {.exit = o->signal             ? -1
					  : o->exit_status >= 0 ? o->exit_status
								: 1,
	    .signal = o->signal};
	struct signature *s = signature_new();
	struct user_patterns patterns = {0};
	struct signature_result result;
	struct config *config = NULL;
	int status;

	if (!s)
		return command_fails(STATUS_FAILED, "out of memory");
	status = find_patterns(o, &config, &patterns);
	if (!status) {
		signature_begin(s, &patterns);
		status = read_file(s, o->words[0]);
	}
	if (!status) {
		signature_finish(s, &outcome, &result);
		status = print_result(s, &result, o->explain);
	}
	signature_free(s);
	config_free(config);
	return status;
}
