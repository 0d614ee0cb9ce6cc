#include "host.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "file.h"

bool
host_is_name(const char *name)
{
	size_t length = strlen(name);

	return length && length < HOST_NAME_SIZE && *name != '.' &&
	       strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuv"
			    "wxyz0123456789.-") == length &&
	       strcasecmp(name, "localhost") &&
	       strncasecmp(name, "localhost.", 10);
}

/* The first word with a dot of a line that has `own` among its names. */
static bool
find_in_line(char *line, const char *own, char name[HOST_NAME_SIZE])
{
	bool is_own = false;
	char *state, *word;

	line[strcspn(line, "#\n")] = '\0';
	*name = '\0';
	strtok_r(line, " \t", &state); /* the address */
	while ((word = strtok_r(NULL, " \t", &state))) {
		is_own |= !strcasecmp(word, own);
		if (!*name && strchr(word, '.') && host_is_name(word))
			snprintf(name, HOST_NAME_SIZE, "%s", word);
	}
	return is_own && *name;
}

bool
host_full_name(
    const char *own, const char *hosts_file, char name[HOST_NAME_SIZE])
{
	char line[1024];
	bool is_found = false;
	FILE *file;

	*name = '\0';
	if (!host_is_name(own))
		return false;
	if (strchr(own, '.')) {
		snprintf(name, HOST_NAME_SIZE, "%s", own);
		return true;
	}
	file = file_open_stream(hosts_file, FILE_NAMED);
	while (file && !is_found && fgets(line, sizeof(line), file))
		is_found = find_in_line(line, own, name);
	if (file)
		fclose(file);
	if (!is_found)
		*name = '\0';
	return is_found;
}

static void
format_address(const struct sockaddr *a, char address[HOST_ADDRESS_SIZE])
{
	char digits[INET6_ADDRSTRLEN] = "127.0.0.1";
	bool is_six = a->sa_family == AF_INET6;

	if (is_six)
		inet_ntop(AF_INET6,
		    &((const struct sockaddr_in6 *)a)->sin6_addr, digits,
		    sizeof(digits));
	else
		inet_ntop(AF_INET, &((const struct sockaddr_in *)a)->sin_addr,
		    digits, sizeof(digits));
	snprintf(address, HOST_ADDRESS_SIZE, "[%s%s]", is_six ? "IPv6:" : "",
	    digits);
}

/* A datagram socket that is connected sends nothing and knows its route. */
static bool
find_towards(const char *server, char address[HOST_ADDRESS_SIZE])
{
	struct addrinfo hints = {.ai_socktype = SOCK_DGRAM}, *list, *a;
	bool is_found = false;

	if (getaddrinfo(server, "25", &hints, &list))
		return false;
	for (a = list; a && !is_found; a = a->ai_next) {
		int fd = socket(a->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		struct sockaddr_storage own = {0};
		socklen_t size = sizeof(own);

		if (fd < 0)
			continue;
		is_found = !connect(fd, a->ai_addr, a->ai_addrlen) &&
			   !getsockname(fd, (struct sockaddr *)&own, &size);
		if (is_found)
			format_address((struct sockaddr *)&own, address);
		close(fd);
	}
	freeaddrinfo(list);
	return is_found;
}

void
host_address(const char *server, char address[HOST_ADDRESS_SIZE])
{
	struct ifaddrs *list, *a;

	strcpy(address, "[127.0.0.1]");
	if (server ? find_towards(server, address) : getifaddrs(&list))
		return;
	if (server)
		return;
	for (a = list; a; a = a->ifa_next)
		if (a->ifa_addr && a->ifa_addr->sa_family == AF_INET &&
		    !(a->ifa_flags & IFF_LOOPBACK)) {
			format_address(a->ifa_addr, address);
			break;
		}
	freeifaddrs(list);
}
