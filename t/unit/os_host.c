/* What a host is called for others. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "os/host.h"
#include "tap.h"

static const char hosts[] = "127.0.0.1 localhost localhost.localdomain\n"
			    "# 10.0.0.9 web1.wrong.example web1\n"
			    "127.0.1.1\tweb1.example.org web1 # our own\n"
			    "10.0.0.2 db db2.example.org db2\n"
			    "10.0.0.3 lonely\n";

int
main(void)
{
	static const struct {
		const char *own, *full;
	} rows[] = {
	    {"web1", "web1.example.org"},
	    {"WEB1", "web1.example.org"},
	    {"db", "db2.example.org"},
	    {"a.b.example", "a.b.example"},
	    {"lonely", ""},
	    {"unknown", ""},
	    {"localhost", ""},
	    {"localhost.localdomain", ""},
	    {"(none)", ""},
	    {"", ""},
	    {"a b", ""},
	    {".x", ""},
	};
	char path[] = "/tmp/os_host.XXXXXX", name[HOST_NAME_SIZE];
	char address[HOST_ADDRESS_SIZE];
	int fd = mkstemp(path);

	if (write(fd, hosts, sizeof(hosts) - 1) < 0)
		return 1;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		bool is_found = host_full_name(rows[i].own, path, name);

		tap_is(
		    name, rows[i].full, "the full name of '%s'", rows[i].own);
		tap_ok(is_found == (*rows[i].full != '\0'), "and whether");
	}
	unlink(path);
	tap_ok(!host_full_name("web1", path, name) && !*name,
	    "no file of hosts is no name");
	host_address("127.0.0.1", address);
	tap_is(address, "[127.0.0.1]", "a server on the loopback");
	host_address("::1", address);
	tap_ok(
	    !strcmp(address, "[IPv6:::1]") || !strcmp(address, "[127.0.0.1]"),
	    "one on IPv6's: %s", address);
	host_address(NULL, address);
	tap_ok(*address == '[' && strchr(address, ']'), "any: %s", address);
	return tap_done();
}
