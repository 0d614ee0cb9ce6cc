#!/bin/bash
# python.sh: the standard library.  Debian: python3.
. "${0%/*}/lib.sh"

file jobs/common.py <<'E'
import logging, os, random, time, uuid, sys

def setup(name):
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr,
        format="%(asctime)s %(levelname)s [%(name)s:%(process)d] %(message)s")
    return logging.getLogger(name)

def progress(log, what):
    for i in range(random.randint(2, 9)):
        log.info("%s %d of %d in %.3f s", what, i * 37, 400, random.random())
    if random.random() < 0.6:
        log.warning("slow answer: %d ms", random.randint(900, 4000))

def run_id():
    return str(uuid.uuid4())
E
file jobs/invoice.py <<'E'
import sys
from common import setup, progress

log = setup("invoice")

def total(row):
    return row["amount"] * row["rate"]

def customer(row):
    return row["customer"]

def address(row):
    return row["address"]

def main(which):
    progress(log, "invoices")
    row = {"amount": 3, "rate": 0.2}
    print(total(row))
    if which == "customer":
        customer(row)
    elif which == "address":
        address(row)
    elif which == "price":
        print(row["amount"] + "EUR")
    elif which == "attr":
        print(row.customer)
    elif which == "none":
        print(None.strip())
    elif which == "zero":
        print(row["amount"] / 0)

main(sys.argv[1])
E
R='python3 jobs/invoice.py'
failure py-invoice.customer "KeyError: 'customer'" -- $R customer
failure py-invoice.address "KeyError: 'address'" -- $R address
failure py-invoice.price "unsupported operand type(s) for +: 'int' and 'str'" -- $R price
failure py-invoice.attr "'dict' object has no attribute 'customer'" -- $R attr
failure py-invoice.none "'NoneType' object has no attribute 'strip'" -- $R none
failure py-invoice.zero "division by zero" -- $R zero

file jobs/lines.py <<'E'
import sys, time, os

def load(path):
    sys.stderr.write("[%d] loading %s at %s\n" % (os.getpid(), path, time.ctime()))
    open(path)

if sys.argv[1] == "a":
    load("/srv/app/in/orders.csv")
else:
    load("/srv/app/in/orders.csv")
E
failure py-line.a "[Errno 2] No such file or directory: '/srv/app/in/orders.csv'" -- python3 jobs/lines.py a
failure py-line.b "[Errno 2] No such file or directory: '/srv/app/in/orders.csv'" -- python3 jobs/lines.py b

file jobs/oserror.py <<'E'
import sys, os, socket, random
from common import setup, progress
log = setup("spool")
log.info("scratch %s, run %s", __import__("tempfile").mkdtemp(), random.getrandbits(64))
what = sys.argv[1]
if what == "perm":
    os.setuid(1500)
    open("/srv/app/locked/today.db")
elif what == "isdir":
    open("/srv/app/jobs")
elif what == "exist":
    os.mkdir("/srv/app/jobs")
elif what == "notempty":
    os.rmdir("/srv/app/jobs")
elif what == "refused":
    socket.create_connection(("127.0.0.1", 6999))
elif what == "refused2":
    socket.create_connection(("127.0.0.1", 6998))
elif what == "dns":
    socket.getaddrinfo("db.internal.invalid", 5432)
E
mkdir -p locked && touch locked/today.db && chmod 700 locked
R='python3 jobs/oserror.py'
failure py-oserror.perm "[Errno 13] Permission denied: '/srv/app/locked/today.db'" -- $R perm
failure py-oserror.isdir "[Errno 21] Is a directory: '/srv/app/jobs'" -- $R isdir
failure py-oserror.exist "[Errno 17] File exists: '/srv/app/jobs'" -- $R exist
failure py-oserror.notempty "[Errno 39] Directory not empty: '/srv/app/jobs'" -- $R notempty
failure py-oserror.refused "[Errno 111] Connection refused" -- $R refused
failure py-oserror.dns "[Errno -2] Name or service not known" "[Errno -3] Temporary failure in name resolution" -- $R dns

file jobs/chain.py <<'E'
import sys, uuid, tempfile
from common import setup, progress
log = setup("sync")

class SyncError(Exception):
    pass

def fetch(which):
    if which == "key":
        return {}["etag"]
    if which == "value":
        return int("n/a")
    raise TimeoutError("remote did not answer")

def sync(which):
    try:
        fetch(which)
    except Exception as e:
        raise SyncError("sync of mailbox 'sales' failed") from e

def cleanup(which):
    try:
        sync(which)
    finally:
        if which == "cleanup":
            open("/srv/app/var/lock/sync.lock")

progress(log, "messages")
log.info("request %s", uuid.uuid4())
cleanup(sys.argv[1])
E
for c in key value timeout; do
	failure py-chain.$c "sync of mailbox 'sales' failed" -- python3 jobs/chain.py $c
done
failure py-chain.cleanup "[Errno 2] No such file or directory: '/srv/app/var/lock/sync.lock'" -- python3 jobs/chain.py cleanup

file jobs/group.py <<'E'
import sys, asyncio, random
from common import setup, progress
log = setup("fan-out")

async def ping(host):
    await asyncio.sleep(random.random() / 50)
    if host == "b":
        raise ConnectionResetError("peer went away")
    if host == "c":
        raise ValueError("bad reply")

async def main(hosts):
    async with asyncio.TaskGroup() as tg:
        for h in hosts:
            tg.create_task(ping(h))

def group(hosts):
    errors = []
    for h in hosts:
        try:
            asyncio.run(ping(h))
        except Exception as e:
            errors.append(e)
    raise ExceptionGroup("%s hosts" % "some", errors)

progress(log, "hosts")
if sys.argv[1] == "task":
    asyncio.run(main("ab"))
else:
    group(sys.argv[1])
E
failure py-group.task "unhandled errors in a TaskGroup (1 sub-exception)" -- python3 jobs/group.py task
failure py-group.b "some hosts (1 sub-exception)" -- python3 jobs/group.py ab
failure py-group.bc "some hosts (2 sub-exceptions)" -- python3 jobs/group.py abc

file jobs/broken.py <<'E'
import sys
def f(:
    pass
E
file jobs/indent.py <<'E'
import sys
def f():
    a = 1
      b = 2
E
file jobs/pre.sh <<'E'
echo "$(date '+%F %T') starting $1 (pid $$)" >&2
exec python3 "$@"
E
failure py-syntax.colon "invalid syntax" -- bash jobs/pre.sh jobs/broken.py
failure py-syntax.indent "unexpected indent" "IndentationError: unexpected indent" -- bash jobs/pre.sh jobs/indent.py
failure py-syntax.nofile "python3: can't open file '/srv/app/jobs/gone.py': [Errno 2] No such file or directory" "can't open file '/srv/app/jobs/gone.py': [Errno 2] No such file or directory" -- bash jobs/pre.sh jobs/gone.py
failure py-module.yamlx "No module named 'yamlx'" -- bash jobs/pre.sh -c "'import yamlx'"
failure py-module.attrs2 "No module named 'attrs2'" -- bash jobs/pre.sh -c "'import attrs2'"
failure py-module.name "cannot import name 'nothing' from 'json' (/usr/lib/python3.11/json/__init__.py)" -- bash jobs/pre.sh -c "'from json import nothing'"
failure py-module.m "/usr/bin/python3: No module named report_tool" "No module named report_tool" -- bash jobs/pre.sh -m report_tool

file jobs/export.py <<'E'
import argparse, os, sys, time
print("export: pid %d, %s" % (os.getpid(), time.strftime("%c")), file=sys.stderr)
p = argparse.ArgumentParser(prog="export")
p.add_argument("--format", choices=["csv", "json"])
p.add_argument("--limit", type=int)
p.add_argument("table")
p.parse_args()
E
failure py-argparse.choice "argument --format: invalid choice: 'xml' (choose from 'csv', 'json')" -- python3 jobs/export.py --format xml orders
failure py-argparse.int "argument --limit: invalid int value: 'many'" -- python3 jobs/export.py --limit many orders
failure py-argparse.missing "the following arguments are required: table" -- python3 jobs/export.py
failure py-argparse.unknown "unrecognized arguments: --since" -- python3 jobs/export.py --since orders

file jobs/pool.py <<'E'
import multiprocessing, os, sys, random
from concurrent.futures import ThreadPoolExecutor, ProcessPoolExecutor
from common import setup, progress
log = setup("pool")

def work(n):
    if n == 7:
        raise ValueError("bad record")
    return n

def proc(n):
    log.info("worker %d", os.getpid())
    work(n)

if __name__ == "__main__":
    progress(log, "batches")
    if sys.argv[1] == "pool":
        with multiprocessing.Pool(2) as p:
            p.map(work, [1, 7])
    elif sys.argv[1] == "future":
        with ThreadPoolExecutor(2) as p:
            list(p.map(work, [1, 7]))
    elif sys.argv[1] == "process":
        p = multiprocessing.Process(target=proc, args=(7,))
        p.start()
        p.join()
        sys.exit(p.exitcode)
E
failure py-pool.pool "bad record" -- python3 jobs/pool.py pool
failure py-pool.future "bad record" -- python3 jobs/pool.py future
failure py-pool.process "bad record" -- python3 jobs/pool.py process

file jobs/thread.py <<'E'
import threading, sys, random, time, os
def work(kind):
    if kind == "index":
        return [1, 2][5]
    obj = object()
    obj.size
ts = [threading.Thread(target=work, args=(sys.argv[1],))
      for _ in range(1)]
sys.stderr.write("%s: start\n" % time.strftime("%Y-%m-%dT%H:%M:%S%z"))
for i in range(random.randint(1, 50)):
    t = threading.Thread(target=lambda: None); t.start(); t.join()
ts = [threading.Thread(target=work, args=(sys.argv[1],))]
for t in ts: t.start()
for t in ts: t.join()
sys.exit(3)
E
failure py-thread.index "list index out of range" -- python3 jobs/thread.py index
failure py-thread.attr "'object' object has no attribute 'size'" -- python3 jobs/thread.py attr
