#!/bin/bash
# places.sh: what stands beside an error: where it is, and what it is about.
# Debian: curl gcc gfortran ghc golang-go make ocaml-nox openssh-client openssl
# python3 (3.11) rustc.
. "${0%/*}/lib.sh"

# sub-exceptions with tracebacks of their own
group() {
	file "p/$1.py" <<E
import asyncio


async def quota():
    await asyncio.sleep(0)
    raise $2("bad quota")


async def spool():
    await asyncio.sleep(0)
    raise OSError(28, "No space left on device", "$3")


async def main():
    async with asyncio.TaskGroup() as group:
        group.create_task(quota())
        group.create_task(spool())


asyncio.run(main())
E
	failure "py-taskgroup.$1" "unhandled errors in a TaskGroup (2 sub-exceptions)" \
		-- bin/level python3 "p/$1.py"
}
group value ValueError /var/spool/q
group type TypeError /var/spool/q
group file ValueError /var/spool/r

# the certificate's problem, and not the paragraph behind it
certificate() {
	failure "curl-cert.$1" "curl: (60) SSL certificate problem: $2" \
		-- bin/iso curl -sS --cacert "c/$3.pem" https://localhost:44381/
}
mkdir -p c
openssl req -x509 -newkey rsa:2048 -nodes -keyout c/key.pem -out c/cert.pem \
	-days 30 -subj /CN=localhost 2>/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -keyout c/key2.pem \
	-out c/other.pem -days 30 -subj /CN=other.example.com 2>/dev/null
WAIT=1 served openssl s_server -accept 44381 -key c/key.pem -cert c/cert.pem -www
certificate self "self-signed certificate" other
certificate later "certificate is not yet valid" cert

ocaml() {
	file "o/$1.ml" <<E
let find key =
  let table = Hashtbl.create 1 in
  Hashtbl.find table key

let () =
$2  print_endline (find (Sys.argv.(0)))
E
	ocamlc -g -o "o/$1" "o/$1.ml" && SET_OCAMLRUNPARAM=b \
		failure "ocaml-trace.$1" "Fatal error: exception Not_found" \
		"exception Not_found" -- bin/bare "o/$1"
}
ocaml one ""
ocaml two "  ignore 1;
"

fortran() {
	file "f/$1.f90" <<E
program rows
  integer :: n
$2  open (unit=10, file='f/empty.txt', status='old')
  read (10, *) n
end program
E
	: >f/empty.txt
	(cd f && gfortran -o "$1" "$1.f90") && failure "fortran-line.$1" \
		"Fortran runtime error: End of file" "End of file" \
		-- bin/clf "f/$1"
}
fortran one ""
fortran two "  n = 1
"

haskell() {
	file "h/$1.hs" <<E
import System.IO

main :: IO ()
main = do
  hPutStrLn stderr "begun"
$2  error "no rows"
E
	(cd h && ghc -v0 -o "$1" "$1.hs") && failure "ghc-stack.$1" \
		"$1: no rows" "no rows" -- bin/syslog "h/$1"
}
haskell etl ""
haskell etl2 "  hFlush stderr
"

# a warning, and the count of it, in the second run only
file r/moved.rs <<'E'
fn main() {
    #[cfg(second)]
    let unused = 1;
    let rows = vec![1];
    drop(rows);
    println!("{}", rows.len());
}
E
SET_RUSTC=$(rustup which rustc 2>/dev/null || command -v rustc)
export SET_RUSTC
REAL_CLOCK=1 failure rustc-warns "error[E0382]: borrow of moved value: \`rows\`" \
	-- '"$RUSTC" $(test $RUN = 2 && echo --cfg second) -o /tmp/none r/moved.rs'

# a second job that is still under way, in the second run only
file m/Makefile <<'E'
all: broken slow

broken:
	@sleep 0.2; echo "no rows to load" >&2; exit 3
slow:
	@test $(RUN) = 1 || sleep 1
E
failure make-jobs "no rows to load" "make: *** [m/Makefile:4: broken] Error 3" \
	-- bin/iso make -j2 -f m/Makefile

# with a terminal asked for in the second run only
ssh_tty() {
	failure "ssh-tty.$1" "ssh: connect to host localhost port $1: Connection refused" \
		-- "ssh -p $1 \$(test \$RUN = 1 && echo -T) localhost"
}
ssh_tty 9
ssh_tty 7

# a port without a host
file g/bind.go <<'E'
package main

import (
	"log"
	"net"
	"os"
)

func main() {
	for i := 0; i < 2; i++ {
		if _, err := net.Listen("tcp", os.Args[1]); err != nil {
			log.Fatal(err)
		}
	}
}
E
(cd g && HOME=/root go build -o bind bind.go)
for port in 9107 9108; do
	failure "go-bind.$port" "listen tcp :$port: bind: address already in use" \
		-- bin/rfc g/bind ":$port"
done
