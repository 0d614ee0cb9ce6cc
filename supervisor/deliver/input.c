#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "answer.h"
#include "os/bytes.h"
#include "os/file.h"

int
body_read(struct body *body, int fd)
{
	body->data = bytes_read_all(fd, BODY_SIZE_MAX, &body->size);
	return body->data ? 0 : -1;
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

/* Is the open file fit to hold a secret?  Returns a complaint. */
static const char *
check_file(int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		return strerror(errno);
	if (!S_ISREG(st.st_mode))
		return "is not a regular file";
	if (st.st_mode & (S_IRWXG | S_IRWXO))
		return "is open to group or others; chmod 600 it";
	return NULL;
}

/* Cuts one line off `*text`, which it moves on.  Returns a complaint. */
static const char *
cut_line(char **text, const char *last)
{
	char *line = *text, *end = memchr(line, '\n', (size_t)(last - line));

	*text = end ? end + 1 : (char *)last;
	if (!end)
		end = (char *)last;
	if (end > line && end[-1] == '\r')
		end--;
	*end = '\0';
	for (; line < end; line++)
		if (text_is_control(*line))
			return "has a control character in its first line";
	return NULL;
}

static const char *
read_file(const char *path, char *text, size_t size, size_t *length)
{
	/* Non-blocking: a FIFO instead of it must not hold us up. */
	int fd = open(path, O_RDONLY | FILE_NAMED);
	const char *complaint = fd < 0 ? strerror(errno) : check_file(fd);
	ssize_t n = 0;

	if (!complaint) {
		n = read(fd, text, size - 1);
		if (n < 0)
			complaint = strerror(errno);
	}
	if (fd >= 0)
		close(fd);
	*length = n < 0 ? 0 : (size_t)n;
	text[*length] = '\0';
	return complaint;
}

int
secret_read_two(const char *path, char lines[2 * SECRET_SIZE],
    const char *second[1], struct text *words)
{
	size_t length;
	const char *complaint =
	    read_file(path, lines, 2 * SECRET_SIZE, &length);
	char *at = lines;

	if (!complaint)
		complaint = cut_line(&at, lines + length);
	*second = at;
	if (!complaint && !*lines)
		complaint = "has an empty first line";
	if (!complaint && strlen(lines) >= SECRET_SIZE - 1)
		complaint = "has too long a first line";
	if (!complaint && at < lines + length)
		complaint = cut_line(&at, lines + length);
	if (!complaint)
		return EX_OK;
	explicit_bzero(lines, 2 * SECRET_SIZE);
	return answer_fail(words, EX_CONFIG, "%s: %s", path, complaint);
}

int
secret_read(const char *path, char secret[SECRET_SIZE], struct text *words)
{
	char lines[2 * SECRET_SIZE];
	const char *second;
	int status = secret_read_two(path, lines, &second, words);

	if (status == EX_OK)
		memcpy(secret, lines, strlen(lines) + 1);
	else
		explicit_bzero(secret, SECRET_SIZE);
	explicit_bzero(lines, sizeof(lines));
	return status;
}
