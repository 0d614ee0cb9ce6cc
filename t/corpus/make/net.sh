#!/bin/bash
# net.sh: clients of the network, against servers on loopback or nobody.
# Debian: curl wget openssh-client msmtp nmap bind9-dnsutils iputils-ping
# smbclient ldap-utils lftp s3cmd fetchmail openssl netcat-openbsd whois.
. "${0%/*}/lib.sh"
served "${make:?}/canned" http=8093 http=8094 http=40093 http=40094 \
	smtp-535=8025 smtp-550=8026 smtp-452=8027 close=8098 text=8099

u() { failure "$1" "$2" "${@:3:${#}-4}" -- "bin/${*: -2:1}" "${*: -1}"; }
u curl-http.404 "curl: (22) The requested URL returned error: 404" iso 'curl -fsS http://127.0.0.1:8093/404'
u curl-http.503 "curl: (22) The requested URL returned error: 503" iso 'curl -fsS http://127.0.0.1:8093/503'
u curl-http.500 "curl: (22) The requested URL returned error: 500" iso 'curl -fsS http://127.0.0.1:8093/500'
u curl-connect.8091 "curl: (7) Failed to connect to localhost port 8091 after <*> ms: Couldn't connect to server" iso 'curl -fS http://localhost:8091/x'
u curl-connect.8092 "curl: (7) Failed to connect to localhost port 8092 after <*> ms: Couldn't connect to server" iso 'curl -fS http://localhost:8092/x'
u curl-resolve.a "curl: (6) Could not resolve host: api.shop.invalid" syslog 'curl -fsS https://api.shop.invalid/v1'
u curl-resolve.b "curl: (6) Could not resolve host: img.shop.invalid" syslog 'curl -fsS https://img.shop.invalid/v1'
u curl-version "curl: (1) Received HTTP/0.9 when not allowed" iso 'curl -sS http://127.0.0.1:8099/'
u curl-tls "curl: (35) error:0A00010B:SSL routines::wrong version number" "curl: (35) OpenSSL/3.0.<*>: error:0A00010B:SSL routines::wrong version number" iso 'curl -sS https://127.0.0.1:8099/'
u curl-write.full "curl: (23) Failure writing output to destination" "curl: (23) Failed writing body" "curl: (23) Failed writing body (0 != 3)" "curl: (23) client returned ERROR on write, 3 bytes was not written" iso 'curl -sS -o /dev/full http://127.0.0.1:8093/200'
u curl-write.dir "Warning: Failed to open the file /srv/app/in/x: No such file or directory" "Failed to open the file /srv/app/in/x: No such file or directory" "curl: (23) Failure writing output to destination" "curl: (23) Failed writing body" "curl: (23) Failure writing output to destination, passed 3 returned 0" iso 'curl -sS -o /srv/app/in/x http://127.0.0.1:8093/200'
u curl-scheme "curl: (1) Protocol \"htp\" not supported or disabled in libcurl" "curl: (1) Protocol \"htp\" not supported" iso 'curl -sS htp://127.0.0.1/'
u curl-option "curl: option --fial: is unknown" iso 'curl --fial http://127.0.0.1/'
u curl-smtp.535 "curl: (67) Login denied" "curl: (67) Access denied: 535" "curl: (67) Access denied. 535" clf 'curl -sS smtp://127.0.0.1:8025 -u app:x --mail-from a@b.example --mail-rcpt c@d.example -T data/list.txt'
u curl-smtp.550 "curl: (55) RCPT failed: 550" clf 'curl -sS smtp://127.0.0.1:8026 --mail-from a@b.example --mail-rcpt c@d.example -T data/list.txt'
u curl-smtp.452 "curl: (55) MAIL failed: 452" clf 'curl -sS smtp://127.0.0.1:8027 --mail-from a@b.example --mail-rcpt c@d.example -T data/list.txt'
# The far end's port is another each time: an ephemeral one.
u curl-eport "curl: (7) Failed to connect to 127.0.0.1 port <*> after <*> ms: Couldn't connect to server" iso 'curl -sS http://127.0.0.1:$((41000 + RANDOM % 9000))/'
wg='wget -O /tmp/page --tries=1'
u wget-http.404 "ERROR 404: Reply." "<*> ERROR 404: Reply." "HTTP request sent, awaiting response... 404 Reply" bare "$wg http://localhost:8093/404"
u wget-http.503 "ERROR 503: Reply." "<*> ERROR 503: Reply." "HTTP request sent, awaiting response... 503 Reply" bare "$wg http://localhost:8093/503"
u wget-gone "ERROR 410: Reply." "<*> ERROR 410: Reply." "HTTP request sent, awaiting response... 410 Reply" bare "$wg http://localhost:\$((40092 + RUN))/410"
u wget-connect.8091 "Connecting to localhost (localhost)|127.0.0.1|:8091... failed: Connection refused." "failed: Connection refused." "Connecting to localhost (localhost)|::1|:8091... failed: Connection refused." clf "$wg http://localhost:8091/a"
u wget-connect.8092 "Connecting to localhost (localhost)|127.0.0.1|:8092... failed: Connection refused." "failed: Connection refused." "Connecting to localhost (localhost)|::1|:8092... failed: Connection refused." clf "$wg http://localhost:8092/a"
u wget-resolve "wget: unable to resolve host address ‘api.shop.invalid’" clf "$wg -nv http://api.shop.invalid/a"
ssh='ssh -o BatchMode=yes -o StrictHostKeyChecking=no'
u ssh-resolve.a "ssh: Could not resolve hostname db1.shop.invalid: Name or service not known" iso "$ssh db1.shop.invalid true"
u ssh-resolve.b "ssh: Could not resolve hostname db2.shop.invalid: Name or service not known" iso "$ssh db2.shop.invalid true"
u ssh-connect.22 "ssh: connect to host localhost port 2222: Connection refused" syslog "$ssh -p 2222 localhost true"
u ssh-connect.23 "ssh: connect to host localhost port 2223: Connection refused" syslog "$ssh -p 2223 localhost true"
u ssh-option "command-line: line 0: Bad configuration option: stricthostkey" syslog "ssh -o StrictHostKey=no localhost"
u scp "ssh: connect to host localhost port 2222: Connection refused" iso "scp -P 2222 -o BatchMode=yes data/list.txt localhost:/tmp/"
u ssh-keygen "Saving key \"/srv/app/in/key\" failed: No such file or directory" iso "ssh-keygen -q -t ed25519 -N '' -f /srv/app/in/key"
file msmtprc <<'E'
account default
host 127.0.0.1
port 8025
from a@b.example
auth plain
user app
password x
tls off
E
chmod 600 msmtprc
file data/mail.txt <<'E'
Subject: x

text
E
ms="msmtp -C msmtprc --tls=off"
u msmtp.535 "msmtp: authentication failed (method PLAIN)" rfc "$ms c@d.example <data/mail.txt"
u msmtp.550 "msmtp: recipient address c@d.example not accepted by the server" "msmtp: server message: 550 5.7.8 refused by policy, ref <*>" rfc "$ms --auth=off --port=8026 c@d.example <data/mail.txt"
u msmtp.452 "msmtp: envelope from address a@b.example not accepted by the server" "msmtp: server message: 452 5.7.8 refused by policy, ref <*>" rfc "$ms --auth=off --port=8027 c@d.example <data/mail.txt"
u msmtp-conn "msmtp: cannot connect to 127.0.0.1, port 8028: Connection refused" rfc "$ms --port=8028 c@d.example <data/mail.txt"
u msmtp-account "msmtp: account news not found in msmtprc" rfc "$ms -a news c@d.example <data/mail.txt"
u ping "ping: api.shop.invalid: Name or service not known" iso "ping -c1 api.shop.invalid"
u nmap "Failed to resolve \"-p\"." "You have not specified any hosts!" "nmap: unrecognized option '--prot'" iso "nmap --prot"
u ldapsearch.conn "ldap_sasl_bind(SIMPLE): Can't contact LDAP server (-1)" iso "ldapsearch -x -H ldap://localhost:3899 -b dc=shop"
u ldapsearch.uri "Could not parse LDAP URI(s)=ldapx://h (3)" iso "ldapsearch -x -H ldapx://h -b dc=shop"
u smbclient "do_connect: Connection to files.shop.invalid failed (Error NT_STATUS_UNSUCCESSFUL)" iso "smbclient -N //files.shop.invalid/backup -c ls 1>&2"
u lftp "open: ftp.shop.invalid: Name or service not known" iso "lftp -e 'set net:max-retries 1; ls; exit' ftp://ftp.shop.invalid"
u openssl-conn "Connection refused" "connect:errno=111" "<*>:error:8000006F:system library:BIO_connect:Connection refused:<*>" iso "openssl s_client -connect localhost:8029"
u openssl-file.x509 "Could not open file or uri for loading certificate from data/none.pem" "Could not read certificate from data/none.pem" iso "openssl x509 -in data/none.pem -noout"
u openssl-file.key "Could not open file or uri for loading key from data/none.key" iso "openssl pkey -in data/none.key -noout"
u openssl-file.bad "Could not read certificate from data/list.txt" "Could not find certificate from data/list.txt" iso "openssl x509 -in data/list.txt -noout"
u nc.refused "nc: connect to localhost (127.0.0.1) port 8091 (tcp) failed: Connection refused" "nc: connect to localhost (::1) port 8091 (tcp) failed: Connection refused" iso "nc -zv localhost 8091"
u nc.resolve "nc: getaddrinfo for host \"db1.shop.invalid\" port 22: Name or service not known" iso "nc -zv db1.shop.invalid 22"
u fetchmail "fetchmail: can't find a password for app@mail.shop.invalid." "getaddrinfo failed for \"app1\": Name or service not known" iso "fetchmail -p POP3 -u app mail.shop.invalid"
