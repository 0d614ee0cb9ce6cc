/* What tools, compilers and loggers print: known
 * again, told apart, and their subjects. */
#include "known.h"

/* clang-format off */
static const struct failure failures[] = {
	{"bash", "foo: command not found", {
	    "./job.sh: line 3: foo: command not found\n",
	}},
	{"bash2", "foo: command not found", {
	    "./job.sh: line 4: foo: command not found\n",
	}},
	{"bash3", "Killed ./worker", {
	    "./job.sh: line 3: 12345 Killed                  ./worker\n",
	    "./job.sh: line 3:   977 Killed                  ./worker\n",
	}},
	{"dash", "foo: not found", {
	    "job.sh: 3: foo: not found\n",
	}},
	{"dash2", "foo: not found", {
	    "job.sh: 5: foo: not found\n",
	}},
	{"rlang", "object 'x' not found", {
	    "Error in f(x) : object 'x' not found\n"
	    "Calls: f\n"
	    "Execution halted\n",
	}},
	{"gcc", "x.c:3:5: error: 'y' undeclared (first use in this function)", {
	    "x.c: In function 'main':\n"
	    "x.c:2:7: warning: unused variable 'z' [-Wunused-variable]\n"
	    "    2 |   int z;\n"
	    "      |       ^\n"
	    "x.c:3:5: error: 'y' undeclared (first use in this function)\n"
	    "    3 |     y = 1;\n"
	    "      |     ^\n"
	    "x.c:3:5: note: each undeclared identifier is reported only once for each function it appears in\n",
	}},
	{"ld", "x.c:(.text+0x9): undefined reference to `foo'", {
	    "/usr/bin/ld: /tmp/ccAbC123.o: in function `main':\n"
	    "x.c:(.text+0x9): undefined reference to `foo'\n"
	    "collect2: error: ld returned 1 exit status\n",
	    "/usr/bin/ld: /tmp/cckX93ab.o: in function `main':\n"
	    "x.c:(.text+0x9): undefined reference to `foo'\n"
	    "collect2: error: ld returned 1 exit status\n",
	}},
	{"rustc", "error[E0382]: borrow of moved value: `x`", {
	    "error[E0382]: borrow of moved value: `x`\n"
	    " --> src/main.rs:4:20\n"
	    "  |\n"
	    "2 |     let x = String::new();\n"
	    "  |         - move occurs because `x` has type `String`\n"
	    "error: aborting due to previous error\n"
	    "For more information about this error, try `rustc --explain E0382`.\n"
	    "error: could not compile `foo` due to previous error\n",
	}},
	{"tsc", "x.ts(3,5): error TS2304: Cannot find name 'y'.", {
	    "x.ts(3,5): error TS2304: Cannot find name 'y'.\n",
	}},
	{"tsc2", "x.ts(3,6): error TS2304: Cannot find name 'y'.", {
	    "x.ts(3,6): error TS2304: Cannot find name 'y'.\n",
	}},
	{"javac", "Foo.java:3: error: cannot find symbol", {
	    "Foo.java:3: error: cannot find symbol\n"
	    "        y = 1;\n"
	    "        ^\n"
	    "  symbol:   variable y\n"
	    "  location: class Foo\n"
	    "1 error\n",
	}},
	{"make", "make: *** No rule to make target 'foo'.  Stop.", {
	    "make: *** No rule to make target 'foo'.  Stop.\n",
	}},
	{"make2", "make: *** [Makefile:3: all] Error 2", {
	    "make: *** [Makefile:3: all] Error 2\n",
	}},
	{"cmake", "CMake Error at CMakeLists.txt:3 (find_package):", {
	    "CMake Error at CMakeLists.txt:3 (find_package):\n"
	    "  Could not find a package configuration file provided by \"Foo\" with any of\n"
	    "  the following names:\n"
	    "\n"
	    "    FooConfig.cmake\n"
	    "-- Configuring incomplete, errors occurred!\n",
	}},
	{"psql", "psql:file.sql:3: ERROR:  relation \"foo\" does not exist", {
	    "psql:file.sql:3: ERROR:  relation \"foo\" does not exist\n"
	    "LINE 1: select * from foo\n"
	    "                      ^\n",
	}},
	{"psql2", "duplicate key value violates unique constraint \"users_pkey\"", {
	    "ERROR:  duplicate key value violates unique constraint \"users_pkey\"\n"
	    "DETAIL:  Key (id)=(5) already exists.\n",
	    "ERROR:  duplicate key value violates unique constraint \"users_pkey\"\n"
	    "DETAIL:  Key (id)=(99) already exists.\n",
	}},
	{"psql3", NULL, {
	    "psql: error: connection to server at \"db1\" (10.0.0.5), port 5432 failed: Connection refused\n"
	    "\tIs the server running on that host and accepting TCP/IP connections?\n",
	    "psql: error: connection to server at \"db1\" (10.0.0.7), port 5432 failed: Connection refused\n"
	    "\tIs the server running on that host and accepting TCP/IP connections?\n",
	}},
	{"psql4", "psql: error: connection to server at \"db1\" (10.0.0.5), port 5433 failed: Connection refused", {
	    "psql: error: connection to server at \"db1\" (10.0.0.5), port 5433 failed: Connection refused\n"
	    "\tIs the server running on that host and accepting TCP/IP connections?\n",
	}},
	{"mysql", "ERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: NO)", {
	    "ERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: NO)\n",
	}},
	{"ora", "ORA-00942: table or view does not exist", {
	    "ORA-00942: table or view does not exist\n",
	}},
	{"ora2", "ORA-00943: table or view does not exist", {
	    "ORA-00943: table or view does not exist\n",
	}},
	{"sqlite", "near line 3: no such table: foo", {
	    "Error: near line 3: no such table: foo\n",
	}},
	{"rsync", "rsync: [sender] link_stat \"/srv/x\" failed: No such file or directory (2)", {
	    "rsync: [sender] link_stat \"/srv/x\" failed: No such file or directory (2)\n"
	    "rsync error: some files/attrs were not transferred (see previous errors) (code 23) at main.c(1338) [sender=3.2.7]\n",
	}},
	{"ssh", "ssh: connect to host db1 port 22: Connection refused", {
	    "ssh: connect to host db1 port 22: Connection refused\n",
	}},
	{"ssh2", "Host key verification failed.", {
	    "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\n"
	    "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\n"
	    "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\n"
	    "IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!\n"
	    "The fingerprint for the ED25519 key sent by the remote host is\n"
	    "SHA256:AbCdEf1234567890abcdefghijklmnopqrstuvwxyz0.\n"
	    "Offending ECDSA key in /root/.ssh/known_hosts:3\n"
	    "Host key verification failed.\n",
	    "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\n"
	    "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\n"
	    "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\n"
	    "IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!\n"
	    "The fingerprint for the ED25519 key sent by the remote host is\n"
	    "SHA256:Zq9dEf1234567890abcdefghijklmnopqrstuvwxyz1.\n"
	    "Offending ECDSA key in /root/.ssh/known_hosts:17\n"
	    "Host key verification failed.\n",
	}},
	{"curl", "curl: (6) Could not resolve host: foo.example", {
	    "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n"
	    "                                 Dload  Upload   Total   Spent    Left  Speed\n"
	    "  0     0    0     0    0     0      0      0 --:--:-- --:--:-- --:--:--     0curl: (6) Could not resolve host: foo.example\n",
	    "  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n"
	    "                                 Dload  Upload   Total   Spent    Left  Speed\n"
	    "  0     0    0     0    0     0      0      0 --:--:--  0:00:03 --:--:--     0curl: (6) Could not resolve host: foo.example\n",
	}},
	{"git", "fatal: repository 'https://x.example/a.git/' not found", {
	    "remote: Repository not found.\n"
	    "fatal: repository 'https://x.example/a.git/' not found\n",
	}},
	{"git2", "fatal: not a git repository (or any of the parent directories): .git", {
	    "fatal: not a git repository (or any of the parent directories): .git\n",
	}},
	{"tar", "tar: foo: Cannot stat: No such file or directory", {
	    "tar: foo: Cannot stat: No such file or directory\n"
	    "tar: Exiting with failure status due to previous errors\n",
	}},
	{"tar2", "tar: foo: Cannot stat: No such file or directory", {
	    "tar: foo: Cannot stat: No such file or directory\n"
	    "tar: bar: Cannot stat: No such file or directory\n"
	    "tar: Exiting with failure status due to previous errors\n",
	}},
	{"apt", "Unable to locate package foo", {
	    "E: Unable to locate package foo\n",
	}},
	{"npm", "npm ERR! enoent ENOENT: no such file or directory, open '/srv/app/package.json'", {
	    "npm ERR! code ENOENT\n"
	    "npm ERR! syscall open\n"
	    "npm ERR! path /srv/app/package.json\n"
	    "npm ERR! errno -2\n"
	    "npm ERR! enoent ENOENT: no such file or directory, open '/srv/app/package.json'\n"
	    "npm ERR! enoent This is related to npm not being able to find a file.\n"
	    "npm ERR! enoent \n"
	    "\n"
	    "npm ERR! A complete log of this run can be found in:\n"
	    "npm ERR!     /root/.npm/_logs/2026-03-02T04_10_07_123Z-debug-0.log\n",
	    "npm ERR! code ENOENT\n"
	    "npm ERR! syscall open\n"
	    "npm ERR! path /srv/app/package.json\n"
	    "npm ERR! errno -2\n"
	    "npm ERR! enoent ENOENT: no such file or directory, open '/srv/app/package.json'\n"
	    "npm ERR! enoent This is related to npm not being able to find a file.\n"
	    "npm ERR! enoent \n"
	    "\n"
	    "npm ERR! A complete log of this run can be found in:\n"
	    "npm ERR!     /root/.npm/_logs/2026-03-05T14_10_09_923Z-debug-0.log\n",
	}},
	{"pip", "Could not find a version that satisfies the requirement foo (from versions: none)", {
	    "ERROR: Could not find a version that satisfies the requirement foo (from versions: none)\n"
	    "ERROR: No matching distribution found for foo\n",
	}},
	{"nginx", "bind() to 0.0.0.0:80 failed (98: Address already in use)", {
	    "2026/03/02 04:10:07 [emerg] 1234#1234: bind() to 0.0.0.0:80 failed (98: Address already in use)\n",
	    "2026/03/02 05:10:07 [emerg] 77#77: bind() to 0.0.0.0:80 failed (98: Address already in use)\n",
	}},
	{"nginx2", "bind() to 0.0.0.0:80 failed (13: Permission denied)", {
	    "2026/03/02 05:10:07 [emerg] 77#77: bind() to 0.0.0.0:80 failed (13: Permission denied)\n",
	}},
	{"postfix", "postfix/smtpd: fatal: open /etc/postfix/main.cf: No such file or directory", {
	    "Mar  2 04:10:07 host postfix/smtpd[123]: fatal: open /etc/postfix/main.cf: No such file or directory\n",
	    "Mar 12 14:10:07 host postfix/smtpd[9]: fatal: open /etc/postfix/main.cf: No such file or directory\n",
	}},
	{"json", "failed to sync", {
	    "{\"level\":\"info\",\"ts\":1767323407.1,\"msg\":\"start\"}\n"
	    "{\"level\":\"error\",\"ts\":1767323407.123,\"caller\":\"app/main.go:12\",\"msg\":\"failed to sync\",\"error\":\"dial tcp: connection refused\"}\n",
	    "{\"level\":\"info\",\"ts\":1767323407.1,\"msg\":\"start\"}\n"
	    "{\"level\":\"info\",\"ts\":1767323407.1,\"msg\":\"progress 12\"}\n"
	    "{\"level\":\"error\",\"ts\":1767329999.123,\"caller\":\"app/main.go:12\",\"msg\":\"failed to sync\",\"error\":\"dial tcp: connection refused\"}\n",
	}},
	{"json2", "failed to sync", {
	    "{\"level\":\"error\",\"ts\":1767323407.123,\"caller\":\"app/main.go:12\",\"msg\":\"failed to sync\",\"error\":\"dial tcp: no route to host\"}\n",
	}},
	{"pino", "boom", {
	    "{\"level\":30,\"time\":1767323407123,\"pid\":12,\"hostname\":\"h\",\"msg\":\"hi\"}\n"
	    "{\"level\":50,\"time\":1767323407123,\"pid\":12,\"hostname\":\"h\",\"err\":{\"type\":\"Error\",\"message\":\"boom\",\"stack\":\"Error: boom\\n    at f (/srv/app/x.js:1:2)\"},\"msg\":\"boom\"}\n",
	}},
	{"logfmt", "failed to open", {
	    "time=\"2026-03-02T04:10:07Z\" level=info msg=\"hi\"\n"
	    "time=\"2026-03-02T04:10:07Z\" level=error msg=\"failed to open\" error=\"no such file\"\n",
	}},
	{"logrus", "failed to open", {
	    "ERRO[0012] failed to open                                error=\"no such file\"\n",
	    "ERRO[0000] failed to open                                error=\"no such file\"\n",
	}},
	{"pylog", "cannot connect to db1", {
	    "2026-03-02 04:10:07,123 - app.db - INFO - hello\n"
	    "2026-03-02 04:10:07,123 - app.db - ERROR - cannot connect to db1\n",
	    "2026-03-05 14:10:07,123 - app.db - ERROR - cannot connect to db1\n",
	}},
	{"pylog2", "cannot connect to db1", {
	    "ERROR:root:cannot connect to db1\n",
	}},
	{"celery", "Task foo[4e8f7d52-1c1f-4d6e-b3a7-5d1f0e2a9c77] raised unexpected: ValueError('x')", {
	    "[2026-03-02 04:10:07,123: ERROR/ForkPoolWorker-3] Task foo[4e8f7d52-1c1f-4d6e-b3a7-5d1f0e2a9c77] raised unexpected: ValueError('x')\n",
	}},
	{"spring", "Application run failed", {
	    "2026-03-02T04:10:07.123Z  INFO 1234 --- [           main] o.s.b.SpringApplication               : Starting\n"
	    "2026-03-02T04:10:07.123Z ERROR 1234 --- [           main] o.s.b.SpringApplication               : Application run failed\n",
	    "2026-03-02T04:12:07.123Z ERROR 99 --- [           main] o.s.b.SpringApplication               : Application run failed\n",
	}},
	{"logback", "cannot open", {
	    "04:10:07.123 [main] ERROR com.foo.Bar - cannot open\n",
	}},
	{"klog", "couldn't get current server API group list: Get \"https://10.1.2.3:6443/api?timeout=32s\": dial tcp 10.1.2.3:6443: connect: connection refused", {
	    "E0302 04:10:07.123456   12345 memcache.go:265] couldn't get current server API group list: Get \"https://10.1.2.3:6443/api?timeout=32s\": dial tcp 10.1.2.3:6443: connect: connection refused\n",
	}},
	{"kubectl", NULL, {
	    "Error from server (NotFound): pods \"foo-7d4b9c6f5-x2x1z\" not found\n",
	    "Error from server (NotFound): pods \"foo-5f9c8b7d64-k8s2p\" not found\n",
	}},
	{"rubylog", "disk full", {
	    "E, [2026-03-02T04:10:07.123456 #1234] ERROR -- : disk full\n",
	}},
	{"docker", "Error response from daemon: No such container: foo", {
	    "Error response from daemon: No such container: foo\n",
	}},
	{"systemctl", "Job for foo.service failed because the control process exited with error code.", {
	    "Job for foo.service failed because the control process exited with error code.\n"
	    "See \"systemctl status foo.service\" and \"journalctl -xeu foo.service\" for details.\n",
	}},
	{"rclone", "Failed to copy: no space left on device", {
	    "2026/03/02 04:10:07 ERROR : file.txt: Failed to copy: no space left on device\n",
	}},
	{"openssl", "Can't open x.pem for reading, No such file or directory", {
	    "Can't open x.pem for reading, No such file or directory\n"
	    "140735193847616:error:02001002:system library:fopen:No such file or directory:../crypto/bio/bss_file.c:69:fopen('x.pem','r')\n",
	}},
	{"gpg", "gpg: decryption failed: No secret key", {
	    "gpg: encrypted with 3072-bit RSA key, ID 0123456789ABCDEF, created 2026-01-01\n"
	    "gpg: decryption failed: No secret key\n",
	}},
	{"sshperm", "root@db1.example.com: Permission denied (publickey).", {
	    "root@db1.example.com: Permission denied (publickey).\n",
	}},
	{"sshperm2", "root@db2.example.com: Permission denied (publickey).", {
	    "root@db2.example.com: Permission denied (publickey).\n",
	}},
	{"mkfatal", "make: *** No targets specified and no makefile found.  Stop.", {
	    "make: *** No targets specified and no makefile found.  Stop.\n",
	}},
	{"terminatepy", "python3: can't open file '/srv/app/none.py': [Errno 2] No such file or directory", {
	    "python3: can't open file '/srv/app/none.py': [Errno 2] No such file or directory\n",
	}},
	{"killed", NULL, {
	    "[12345.678901] Out of memory: Killed process 123 (foo)\n",
	    "[99345.678901] Out of memory: Killed process 999 (foo)\n",
	}},
	{"sshtty", "ssh: connect to host db7 port 22: Connection refused", {
	    "ssh: connect to host db7 port 22: Connection refused\n",
	    "Pseudo-terminal will not be allocated because stdin is not a terminal.\n"
	    "ssh: connect to host db7 port 22: Connection refused\n",
	}},
	{"boxed", "Error acquiring the state lock", {
	    "╷\n"
	    "│ Warning: cannot refresh\n"
	    "╵\n"
	    "╷\n"
	    "│ Error: Error acquiring the state lock\n"
	    "│ \n"
	    "│ Lock Info:\n"
	    "│   Path:      acme/prod.tfstate\n"
	    "╵\n",
	}},
	{"boxed2", "Error acquiring the state lock", {
	    "│ Error: Error acquiring the state lock\n"
	    "│ \n"
	    "│ Lock Info:\n"
	    "│   Path:      acme/stage.tfstate\n",
	}},
	{"rake", "PG::ConnectionBad: could not connect to server", {
	    "rake aborted!\n"
	    "PG::ConnectionBad: could not connect to server\n"
	    "/srv/r/lib/tasks/x.rake:7:in `block in <main>'\n",
	}},
	{"rake2", "PG::ConnectionBad: could not connect to server", {
	    "rake aborted!\n"
	    "PG::ConnectionBad: could not connect to server\n"
	    "/srv/r/lib/tasks/x.rake:9:in `block in <main>'\n",
	}},
	{"gradletask", "Execution failed for task ':app:compileJava'.", {
	    "FAILURE: Build failed with an exception.\n"
	    "\n"
	    "* What went wrong:\n"
	    "Execution failed for task ':app:compileJava'.\n",
	}},
	{"curl60", "curl: (60) SSL certificate problem: self-signed certificate", {
	    "curl: (60) SSL certificate problem: self-signed certificate\n"
	    "More details here: https://curl.se/docs/sslcerts.html\n"
	    "\n"
	    "curl failed to verify the legitimacy of the server and therefore could not\n"
	    "establish a secure connection to it.\n",
	}},
	{"curl60b", "curl: (60) SSL: no alternative certificate subject name matches", {
	    "curl: (60) SSL: no alternative certificate subject name matches\n"
	    "More details here: https://curl.se/docs/sslcerts.html\n"
	    "\n"
	    "curl failed to verify the legitimacy of the server and therefore could not\n"
	    "establish a secure connection to it.\n",
	}},
	{"nfs", "mount.nfs: mount(2): Connection timed out", {
	    "mount.nfs: timeout set for Mon Mar  2 04:12:07 2026\n"
	    "mount.nfs: mount(2): Connection timed out\n",
	}},
	{"makejobs", "calc.c:5:10: error: 'foo' undeclared", {
	    "calc.c:5:10: error: 'foo' undeclared\n"
	    "make: *** [Makefile:9: calc.o] Error 1\n",
	    "calc.c:5:10: error: 'foo' undeclared\n"
	    "make: *** [Makefile:9: calc.o] Error 1\n"
	    "make: *** Waiting for unfinished jobs....\n",
	}},
	{"rustcwarned", "error[E0382]: borrow of moved value: `v`", {
	    "error[E0382]: borrow of moved value: `v`\n"
	    " --> src/main.rs:6:20\n",
	    "warning: unused variable: `x`\n"
	    " --> src/main.rs:9:9\n"
	    "  |\n"
	    "9 |     let x = 1;\n"
	    "  |         ^\n"
	    "error[E0382]: borrow of moved value: `v`\n"
	    " --> src/main.rs:6:20\n",
	}},
	{"fortran", "Fortran runtime error: End of file", {
	    "At line 12 of file rd.f90 (unit = 10, file = '/tmp/a.dat')\n"
	    "Fortran runtime error: End of file\n"
	    "\n"
	    "Error termination. Backtrace:\n",
	}},
	{"fortran2", "Fortran runtime error: End of file", {
	    "At line 14 of file rd.f90 (unit = 10, file = '/tmp/a.dat')\n"
	    "Fortran runtime error: End of file\n"
	    "\n"
	    "Error termination. Backtrace:\n",
	}},
	{"fortrantwice", "Fortran runtime error: End of file", {
	    "At line 12 of file rd.f90 (unit = 10, file = '/tmp/a.dat')\n"
	    "Fortran runtime error: End of file\n"
	    "At line 14 of file rd.f90 (unit = 10, file = '/tmp/a.dat')\n"
	    "Fortran runtime error: End of file\n",
	    "At line 12 of file rd.f90 (unit = 10, file = '/tmp/a.dat')\n"
	    "Fortran runtime error: End of file\n"
	    "At line 12 of file rd.f90 (unit = 10, file = '/tmp/a.dat')\n"
	    "Fortran runtime error: End of file\n"
	    "At line 14 of file rd.f90 (unit = 10, file = '/tmp/a.dat')\n"
	    "Fortran runtime error: End of file\n",
	}},
	{"ocaml", "Fatal error: exception Not_found", {
	    "Fatal error: exception Not_found\n"
	    "Raised at Stdlib__Hashtbl.find in file \"hashtbl.ml\", line 539, characters 13-28\n"
	    "Called from Dune__exe__Main in file \"bin/main.ml\", line 7, characters 2-20\n",
	}},
	{"ocaml2", "Fatal error: exception Not_found", {
	    "Fatal error: exception Not_found\n"
	    "Raised at Stdlib__Hashtbl.find in file \"hashtbl.ml\", line 539, characters 13-28\n"
	    "Called from Dune__exe__Main in file \"bin/main.ml\", line 9, characters 2-20\n",
	}},
	{"pwsh", "Cannot find path '/srv/in' because it does not exist.", {
	    "Get-ChildItem: /srv/s/run.ps1:3\n"
	    "Line |\n"
	    "   3 |  Get-ChildItem /srv/in\n"
	    "     |  ~~~~~~~~~~~~~~~~~~~~~\n"
	    "     | Cannot find path '/srv/in' because it does not exist.\n",
	}},
	{"pwsh2", "Cannot find path '/srv/in' because it does not exist.", {
	    "Get-ChildItem: /srv/s/run.ps1:5\n"
	    "Line |\n"
	    "   5 |  Get-ChildItem /srv/in\n"
	    "     |  ~~~~~~~~~~~~~~~~~~~~~\n"
	    "     | Cannot find path '/srv/in' because it does not exist.\n",
	}},
	{"restore", "pg_restore: error: could not execute query: ERROR:  role \"app\" does not exist", {
	    "pg_restore: from TOC entry 214; 1259 16394 TABLE stock app\n"
	    "pg_restore: error: could not execute query: ERROR:  role \"app\" does not exist\n"
	    "Command was: ALTER TABLE public.stock OWNER TO app;\n",
	    "pg_restore: from TOC entry 98; 1259 7 TABLE stock app\n"
	    "pg_restore: error: could not execute query: ERROR:  role \"app\" does not exist\n"
	    "Command was: ALTER TABLE public.stock OWNER TO app;\n",
	}},
	{"restore2", "pg_restore: error: could not execute query: ERROR:  role \"app\" does not exist", {
	    "pg_restore: from TOC entry 214; 1259 16394 TABLE price app\n"
	    "pg_restore: error: could not execute query: ERROR:  role \"app\" does not exist\n"
	    "Command was: ALTER TABLE public.price OWNER TO app;\n",
	}},
	{"sqlcmd", "Invalid object name 'dbo.stock'.", {
	    "Msg 208, Level 16, State 1, Server sql1, Line 1\n"
	    "Invalid object name 'dbo.stock'.\n",
	    "Msg 5701, Level 0, State 2, Server sql1, Line 1\n"
	    "Changed database context to 'shop'.\n"
	    "Msg 208, Level 16, State 1, Server sql1, Line 4\n"
	    "Invalid object name 'dbo.stock'.\n",
	}},
	{"sqlcmd2", "Invalid object name 'dbo.stock'.", {
	    "Msg 208, Level 16, State 1, Server sql2, Line 1\n"
	    "Invalid object name 'dbo.stock'.\n",
	}},
	{"detailed", "etl: empty list", {
	    "etl: empty list\n"
	    "  error, called at Main.hs:3:8 in main\n",
	}},
	{"pairs", "queue is broken", {
	    "pid=4121 tid=1x9k class=Sync ERROR: queue is broken\n",
	    "pid=77 tid=gq8p class=Sync INFO: failing over\n"
	    "pid=77 tid=gq8p class=Sync ERROR: queue is broken\n",
	}},
};
/* clang-format on */

int
main(void)
{
	return check_failures(failures, sizeof(failures) / sizeof(*failures));
}
