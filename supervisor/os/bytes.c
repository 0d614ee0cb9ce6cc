#include "bytes.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "file.h"

enum { ROOM_FIRST = 4096 };

char *
bytes_read_all(int fd, size_t max, size_t *size)
{
	size_t room = 0;
	char *bytes = NULL;
	ssize_t n = 1;

	for (*size = 0; n; *size += n > 0 ? (size_t)n : 0) {
		if (*size == room) {
			char *grown = realloc(bytes, 2 * room + ROOM_FIRST);

			if (!grown)
				break;
			bytes = grown;
			room = 2 * room + ROOM_FIRST;
		}
		n = read(fd, bytes + *size, room - *size);
		if (n < 0 && errno != EINTR)
			break;
		if (n > 0 && *size + (size_t)n > max) {
			errno = EFBIG;
			break;
		}
	}
	if (!n)
		return bytes;
	free(bytes);
	*size = 0;
	return NULL;
}

int
bytes_open(const char *bytes, size_t size)
{
	int fd = memfd_create("bytes", MFD_CLOEXEC);

	if (fd < 0)
		return -1;
	if (!file_write_all(fd, bytes, size) && !lseek(fd, 0, SEEK_SET))
		return fd;
	close(fd);
	return errno = ENOMEM, -1;
}
