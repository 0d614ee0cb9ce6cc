/*
 * host: what this host is called, for others.
 */
#ifndef RUNNER_HOST_H
#define RUNNER_HOST_H

#include <stdbool.h>
#include <stddef.h>

enum { HOST_NAME_SIZE = 256, HOST_ADDRESS_SIZE = 64 };

/* Is it a name that other hosts could know: not "(none)", not localhost? */
bool host_is_name(const char *name);

/*
 * The full name: the host's own when it has a dot, else the first name with a
 * dot of the line of `hosts_file` ("/etc/hosts") that has the host's own name.
 * Asks no name server.  Returns false, and "", when there is none.
 */
bool host_full_name(
    const char *own, const char *hosts_file, char name[HOST_NAME_SIZE]);

/*
 * An address of this host as a mail domain (RFC 5321, 4.1.3): "[192.0.2.1]" or
 * "[IPv6:...]".  With a server the one that it sees (this asks name servers);
 * with NULL the first that is not the loopback's.  Never fails: [127.0.0.1].
 */
void host_address(const char *server, char address[HOST_ADDRESS_SIZE]);

#endif
