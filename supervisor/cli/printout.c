#include "printout.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "commands.h"

FILE *
printout_open(struct printout *p)
{
	*p = (struct printout){0};
	p->stream = open_memstream(&p->bytes, &p->size);
	return p->stream;
}

/* Standard output may be non-blocking: others share its description. */
static int
write_all(int fd, const char *bytes, size_t size)
{
	struct pollfd ready = {.fd = fd, .events = POLLOUT};

	while (size) {
		ssize_t n = write(fd, bytes, size);

		if (n >= 0) {
			bytes += n;
			size -= (size_t)n;
		} else if (errno == EAGAIN) {
			if (poll(&ready, 1, -1) < 0 && errno != EINTR)
				return -1;
		} else if (errno != EINTR) {
			return errno == EPIPE ? 1 : -1;
		}
	}
	return 0;
}

int
printout_close(struct printout *p, int fd)
{
	int result, error;

	if (fclose(p->stream)) {
		free(p->bytes);
		return errno = ENOMEM, -1;
	}
	result = write_all(fd, p->bytes, p->size);
	error = errno;
	free(p->bytes);
	errno = error;
	return result;
}

int
printout_end(struct printout *p, int status)
{
	if (printout_close(p, STDOUT_FILENO) < 0)
		return command_fails(STATUS_FAILED, "cannot write: %m");
	return status;
}
