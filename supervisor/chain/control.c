#include "control.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/text.h"

/*
 * A request is one packet "KIND TASK\nTEXT".  The answer is any number of
 * packets of output, 'o' or 'e' and the bytes, and one of 'r', the status as
 * three digits, and the words.
 */
enum {
	PACKET_SIZE = 8192,
	NAME_SIZE_MAX = 40, /* longer names of chains are hashed */
	STATUS_DIGITS = 3,
	LISTENING = -1, /* in place of a client's number */
};

static const char *const kind_names[REQUEST_COUNT] = {
    [REQUEST_STOP] = "stop",
    [REQUEST_RELOAD] = "reload",
    [REQUEST_WAKE] = "wake",
    [REQUEST_NOW] = "now",
    [REQUEST_PAUSES] = "pauses",
    [REQUEST_DRAIN] = "drain",
};

/* A socket's address is short, a chain's name may be long. */
static void
name_socket(char name[64], const char *chain)
{
	if (strlen(chain) <= NAME_SIZE_MAX)
		snprintf(name, 64, "%s.sock", chain);
	else
		snprintf(name, 64, "%.*s,%016llx.sock", NAME_SIZE_MAX - 20,
		    chain,
		    (unsigned long long)hash_fnv64_string(HASH_FNV64, chain));
}

/* So is the path of the run_root, which is opened and named by its number. */
static struct sockaddr_un
address_of(int dir, const char *name)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};

	snprintf(
	    a.sun_path, sizeof(a.sun_path), "/proc/self/fd/%d/%s", dir, name);
	return a;
}

static int
open_directory(const char *run_root)
{
	return open(run_root, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static int
watch(struct control *c, int fd, int client, uint32_t events, int how)
{
	struct epoll_event e = {.events = events, .data.fd = client};

	return epoll_ctl(c->epoll_fd, how, fd, &e);
}

/* Binds under the name; what lies there is a dead runner's, or in our way. */
static int
bind_name(struct control *c)
{
	int dir = open_directory(c->run_root), failed, error;
	struct sockaddr_un a;
	mode_t mask;
	struct stat st;

	if (dir < 0)
		return -1;
	a = address_of(dir, c->name);
	unlinkat(dir, c->name, 0);
	mask = umask(0177);
	failed = bind(c->listen_fd, (struct sockaddr *)&a, sizeof(a)) ||
		 listen(c->listen_fd, CONTROL_CLIENTS_MAX) ||
		 fstatat(dir, c->name, &st, AT_SYMLINK_NOFOLLOW);
	error = errno;
	umask(mask);
	close(dir);
	if (failed)
		return errno = error, -1;
	c->device = st.st_dev;
	c->inode = st.st_ino;
	return 0;
}

static int
open_socket(struct control *c)
{
	c->listen_fd =
	    socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (c->listen_fd >= 0 && !bind_name(c) &&
	    !watch(c, c->listen_fd, LISTENING, EPOLLIN, EPOLL_CTL_ADD))
		return 0;
	if (c->listen_fd >= 0)
		close(c->listen_fd);
	c->listen_fd = -1;
	return -1;
}

void
control_open(
    struct control *c, const char *run_root, const char *chain, struct log *log)
{
	c->log = log;
	c->run_root = run_root;
	name_socket(c->name, chain);
	c->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (c->epoll_fd < 0 || open_socket(c))
		log_say(log, LOG_LEVEL_WARNING, NULL,
		    "Cannot be asked by runner now, pause and the like: %s",
		    strerror(errno));
}

/* Does the name still lead to our socket? */
static bool
is_bound(const struct control *c)
{
	char path[4096];
	struct stat st;

	return (size_t)snprintf(path, sizeof(path), "%s/%s", c->run_root,
		   c->name) < sizeof(path) &&
	       !lstat(path, &st) && st.st_dev == c->device &&
	       st.st_ino == c->inode;
}

void
control_check(struct control *c)
{
	if (c->epoll_fd < 0 || (c->listen_fd >= 0 && is_bound(c)))
		return;
	if (c->listen_fd >= 0)
		close(c->listen_fd);
	open_socket(c);
}

static void
drop(struct control *c, int i)
{
	close(c->clients[i].fd);
	c->clients[i] = (struct control_client){0};
}

void
control_close(struct control *c)
{
	int dir = -1;

	if (c->epoll_fd < 0)
		return;
	for (int i = 0; i < CONTROL_CLIENTS_MAX; i++)
		if (c->clients[i].id)
			drop(c, i);
	if (c->listen_fd >= 0) {
		if (is_bound(c))
			dir = open_directory(c->run_root);
		close(c->listen_fd);
	}
	if (dir >= 0) {
		unlinkat(dir, c->name, 0);
		close(dir);
	}
	close(c->epoll_fd);
	c->listen_fd = c->epoll_fd = -1;
}

int
control_fd(const struct control *c)
{
	return c->epoll_fd;
}

static bool
send_packet(int fd, const char *bytes, size_t size)
{
	return send(fd, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL) ==
	       (ssize_t)size;
}

/* A slot; the place of one that has asked nothing so far if all are taken. */
static int
find_slot(struct control *c)
{
	for (int i = 0; i < CONTROL_CLIENTS_MAX; i++)
		if (!c->clients[i].id)
			return i;
	for (int i = 0; i < CONTROL_CLIENTS_MAX; i++) {
		if (c->clients[i].has_asked)
			continue;
		drop(c, i);
		return i;
	}
	return -1;
}

static void
take_client(struct control *c)
{
	static const char busy[] = "r075it is asked by too many at once";
	static const char denied[] = "r077only its own user and root may ask";
	int fd =
	    accept4(c->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct ucred who;
	socklen_t size = sizeof(who);
	int i;

	if (fd < 0)
		return;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) ||
	    (who.uid != 0 && who.uid != geteuid())) {
		send_packet(fd, denied, sizeof(denied) - 1);
		close(fd);
		return;
	}
	i = find_slot(c);
	if (i < 0 || watch(c, fd, i, EPOLLIN, EPOLL_CTL_ADD)) {
		send_packet(fd, busy, sizeof(busy) - 1);
		close(fd);
		return;
	}
	c->last_id = c->last_id == INT_MAX ? 1 : c->last_id + 1;
	c->clients[i] = (struct control_client){
	    .fd = fd, .id = c->last_id, .user = who.uid};
}

/* Returns false when that is no request. */
static bool
parse(char *packet, struct request *r)
{
	char *text = strchr(packet, '\n'), *task;

	if (!text)
		return false;
	*text++ = '\0';
	task = strchr(packet, ' ');
	if (!task)
		return false;
	*task++ = '\0';
	if (strlen(task) >= sizeof(r->task) || strlen(text) >= sizeof(r->text))
		return false;
	strcpy(r->task, task);
	strcpy(r->text, text);
	for (int kind = 0; kind < REQUEST_COUNT; kind++) {
		if (strcmp(kind_names[kind], packet) != 0)
			continue;
		r->kind = (enum request_kind)kind;
		return true;
	}
	return false;
}

/* Sends what waits; the connection ends with it. */
static void
send_answer(struct control *c, int i)
{
	struct control_client *client = &c->clients[i];

	if (send_packet(client->fd, client->answer, strlen(client->answer)) ||
	    (errno != EAGAIN && errno != EWOULDBLOCK))
		drop(c, i);
	else
		watch(c, client->fd, i, EPOLLOUT, EPOLL_CTL_MOD);
}

/* A client that asks, or goes.  Returns whether there is a request. */
static bool
read_client(struct control *c, int i, uint32_t events, struct request *r)
{
	struct control_client *client = &c->clients[i];
	char packet[PACKET_SIZE];
	ssize_t n;

	if (!client->id)
		return false;
	if (*client->answer) {
		if (events & (EPOLLERR | EPOLLHUP))
			drop(c, i);
		else
			send_answer(c, i);
		return false;
	}
	n = recv(client->fd, packet, sizeof(packet) - 1, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	/* Whoever has asked says no more: it went. */
	if (n <= 0 || client->has_asked) {
		drop(c, i);
		return false;
	}
	packet[n] = '\0';
	*r = (struct request){.client = client->id, .user = client->user};
	client->has_asked = true;
	if (parse(packet, r))
		return true;
	control_answer(c, client->id, 2, "the runner is of another version");
	return false;
}

bool
control_next(struct control *c, struct request *r)
{
	struct epoll_event e;

	if (c->epoll_fd < 0)
		return false;
	while (epoll_wait(c->epoll_fd, &e, 1, 0) == 1) {
		if (e.data.fd == LISTENING)
			take_client(c);
		else if (read_client(c, e.data.fd, e.events, r))
			return true;
	}
	return false;
}

/* Where the client is now, or -1: it went. */
static int
slot_of(const struct control *c, int client)
{
	for (int i = 0; client && i < CONTROL_CLIENTS_MAX; i++)
		if (c->clients[i].id == client)
			return i;
	return -1;
}

void
control_output(struct control *c, int client, enum log_stream stream,
    const char *bytes, size_t size)
{
	int i = slot_of(c, client);
	struct control_client *to = &c->clients[i];
	char packet[PACKET_SIZE];

	while (i >= 0 && size) {
		size_t n = size < PACKET_SIZE - 1 ? size : PACKET_SIZE - 1;

		packet[0] = stream == LOG_STREAM_STDERR ? 'e' : 'o';
		memcpy(packet + 1, bytes, n);
		if (!send_packet(to->fd, packet, n + 1))
			to->left_out += n;
		bytes += n;
		size -= n;
	}
}

void
control_answer(struct control *c, int client, int status, const char *fmt, ...)
{
	int i = slot_of(c, client);
	struct control_client *to = &c->clients[i];
	struct text t;
	va_list ap;

	if (i < 0)
		return;
	text_init(&t, to->answer, sizeof(to->answer));
	text_addf(&t, "r%03d", status);
	va_start(ap, fmt);
	text_vaddf(&t, fmt, ap);
	va_end(ap);
	if (to->left_out)
		text_addf(&t, "%s%llu bytes of output were left out here",
		    t.length > 1 + STATUS_DIGITS ? "; " : "",
		    (unsigned long long)to->left_out);
	send_answer(c, i);
}

/* ---- the other side ---- */

static int
connect_to(const char *run_root, const char *chain, pid_t owner)
{
	int dir = open_directory(run_root), fd, error;
	struct sockaddr_un a;
	struct ucred who;
	socklen_t size = sizeof(who);
	char name[64];
	/* Who listens and takes nobody is not waited for. */
	const struct timeval limit = {.tv_sec = 10};

	if (dir < 0)
		return -1;
	name_socket(name, chain);
	a = address_of(dir, name);
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	error = fd < 0 ||
			setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit,
			    sizeof(limit)) ||
			connect(fd, (struct sockaddr *)&a, sizeof(a))
		    ? errno
		    : 0;
	close(dir);
	if (!error && (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) ||
			  who.pid != owner))
		error = EPERM;
	if (!error)
		return fd;
	if (fd >= 0)
		close(fd);
	return errno = error, -1;
}

static int
send_request(int fd, const struct request *r)
{
	char packet[PACKET_SIZE];
	int n = snprintf(packet, sizeof(packet), "%s %s\n%s",
	    kind_names[r->kind], r->task, r->text);

	return send(fd, packet, (size_t)n, MSG_NOSIGNAL) == n ? 0 : -1;
}

/* Returns the status, or -1 with errno. */
static int
read_answer(int fd, control_sink *sink, char *answer, size_t answer_size)
{
	char packet[PACKET_SIZE + 1];
	int status, was_reset = 0;

	for (;;) {
		ssize_t n = recv(fd, packet, PACKET_SIZE, 0);

		/* One that denied us closed on our request; its answer is
		 * there all the same. */
		if (n < 0 &&
		    (errno == EINTR || (errno == ECONNRESET && !was_reset++)))
			continue;
		if (n <= 0)
			return errno = ECONNRESET, -1;
		packet[n] = '\0';
		if (packet[0] == 'r') {
			if (sscanf(packet, "r%3d", &status) != 1 ||
			    n < 1 + STATUS_DIGITS)
				return errno = EPROTO, -1;
			snprintf(answer, answer_size, "%s",
			    packet + 1 + STATUS_DIGITS);
			return status;
		}
		if (sink)
			sink(packet[0] == 'e' ? LOG_STREAM_STDERR
					      : LOG_STREAM_STDOUT,
			    packet + 1, (size_t)n - 1);
	}
}

int
control_ask(const char *run_root, const char *chain, pid_t owner,
    const struct request *r, control_sink *sink, char *answer,
    size_t answer_size)
{
	int fd = connect_to(run_root, chain, owner), status, error;

	*answer = '\0';
	if (fd < 0)
		return -1;
	/* Whoever denies us answers at once, and reads nothing. */
	send_request(fd, r);
	status = read_answer(fd, sink, answer, answer_size);
	error = errno;
	close(fd);
	errno = error;
	return status;
}
