/* Line ends as each kind of server wants them, and reading from where the
 * descriptor stands. */
#include <stdlib.h>
#include <unistd.h>

#include "deliver/input.h"
#include "tap.h"

static void
test_line_ends(void)
{
	static const struct {
		const char *in, *lf, *name;
	} rows[] = {
	    {"", "", "nothing stays nothing"},
	    {"a", "a\n", "a last line without end gets one"},
	    {"a\r\nb\r\n", "a\nb\n", "CRLF"},
	    {"a\nb\n", "a\nb\n", "LF"},
	    {"a\rb\r", "a\nb\n", "CR"},
	    {"a\r\r\nb", "a\n\nb\n", "CR CRLF is two ends"},
	    {"a\n\rb", "a\n\nb\n", "LF CR is two ends"},
	    {"\r\n\r\n", "\n\n", "empty lines"},
	    {"\r", "\n", "a CR alone"},
	    {"a\r\n.\r\nb", "a\n.\nb\n", "dots are left to others"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct body lf = {strdup(rows[i].in), strlen(rows[i].in)};
		struct body crlf = {strdup(rows[i].in), strlen(rows[i].in)};

		body_end_lines(&lf, "\n");
		tap_ok(lf.size == strlen(rows[i].lf) &&
			   !memcmp(lf.data, rows[i].lf, lf.size),
		    "to LF: %s", rows[i].name);
		body_end_lines(&crlf, "\r\n");
		body_end_lines(&crlf, "\r\n");
		body_end_lines(&crlf, "\n");
		tap_ok(crlf.size == lf.size &&
			   !memcmp(crlf.data, lf.data, lf.size),
		    "to CRLF, twice, and back: %s", rows[i].name);
		body_release(&lf);
		body_release(&crlf);
	}
}

static void
test_read(void)
{
	char name[] = "/tmp/notify_body.XXXXXX";
	struct body body;
	int fd = mkstemp(name), pipe_fd[2];
	size_t size = 300000;

	unlink(name);
	if (write(fd, "before", 6) != 6 || ftruncate(fd, (off_t)size + 6))
		printf("# cannot write\n");
	lseek(fd, 6, SEEK_SET);
	tap_ok(!body_read(&body, fd) && body.size == size,
	    "what stands before the offset is not the message");
	body_release(&body);
	tap_ok(!body_read(&body, fd) && body.size == 0, "read again: nothing");
	body_release(&body);
	if (ftruncate(fd, (off_t)BODY_SIZE_MAX + 1))
		printf("# cannot grow\n");
	lseek(fd, 0, SEEK_SET);
	tap_ok(body_read(&body, fd) == -1 && !body.data,
	    "more than BODY_SIZE_MAX is refused");
	close(fd);
	tap_ok(body_read(&body, fd) == -1 && !body.data, "as is no file");
	if (pipe(pipe_fd) || write(pipe_fd[1], "piped", 5) != 5)
		printf("# cannot write\n");
	close(pipe_fd[1]);
	tap_ok(!body_read(&body, pipe_fd[0]) && body.size == 5, "a pipe");
	body_release(&body);
	close(pipe_fd[0]);
}

int
main(void)
{
	test_line_ends();
	test_read();
	return tap_done();
}
