#include "secret.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

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

/* Cuts `size` bytes to their first line.  Returns a complaint. */
static const char *
cut_line(char secret[SECRET_SIZE], size_t size)
{
	char *end = memchr(secret, '\n', size);
	size_t length = end ? (size_t)(end - secret) : size;

	if (!end && size == SECRET_SIZE)
		return "has too long a first line";
	if (length && secret[length - 1] == '\r')
		length--;
	secret[length] = '\0';
	if (!length)
		return "has an empty first line";
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)secret[i] < 0x20 || secret[i] == 0x7f)
			return "has a control character in its first line";
	return NULL;
}

int
secret_read(const char *path, char secret[SECRET_SIZE], struct text *words)
{
	/* Non-blocking: a FIFO in its place must not hold us up. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	const char *complaint = fd < 0 ? strerror(errno) : NULL;

	if (!complaint)
		complaint = check_file(fd);
	if (!complaint) {
		ssize_t n = read(fd, secret, SECRET_SIZE);

		complaint =
		    n < 0 ? strerror(errno) : cut_line(secret, (size_t)n);
	}
	if (fd >= 0)
		close(fd);
	if (!complaint)
		return EX_OK;
	explicit_bzero(secret, SECRET_SIZE);
	text_addf(words, "%s: %s", path, complaint);
	return EX_CONFIG;
}
