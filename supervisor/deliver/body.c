#include "body.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STEP = 65536 };

/* From where the descriptor stands: before it may be an envelope. */
static ssize_t
read_some(int fd, char *buffer, size_t size)
{
	ssize_t n;

	do
		n = read(fd, buffer, size);
	while (n < 0 && errno == EINTR);
	return n;
}

int
body_read(struct body *body, int fd)
{
	size_t room = 0;
	ssize_t n;

	*body = (struct body){0};
	do {
		n = -1;
		if (body->size == room) {
			char *data = realloc(body->data, room * 2 + STEP);

			if (!data)
				break;
			body->data = data;
			room = room * 2 + STEP;
		}
		n = read_some(fd, body->data + body->size, room - body->size);
		if (n > 0)
			body->size += (size_t)n;
		if (body->size > BODY_SIZE_MAX) {
			errno = EFBIG;
			n = -1;
		}
	} while (n > 0);
	if (n < 0) {
		int error = errno;

		body_release(body);
		errno = error;
		return -1;
	}
	return 0;
}

void
body_release(struct body *body)
{
	free(body->data);
	*body = (struct body){0};
}

int
body_end_lines(struct body *body, const char *line_end)
{
	size_t end_size = strlen(line_end), size = 0;
	/* Worst case: a body of nothing but line ends, and one more. */
	char *data = malloc(body->size * end_size + end_size + 1);

	if (!data)
		return -1;
	for (size_t i = 0; i < body->size; i++) {
		char c = body->data[i];

		if (c != '\r' && c != '\n') {
			data[size++] = c;
			if (i + 1 < body->size)
				continue;
		} else if (c == '\r' && i + 1 < body->size &&
			   body->data[i + 1] == '\n') {
			i++;
		}
		memcpy(data + size, line_end, end_size);
		size += end_size;
	}
	free(body->data);
	body->data = data;
	body->size = size;
	return 0;
}
