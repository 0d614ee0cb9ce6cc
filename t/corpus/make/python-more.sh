#!/bin/bash
# python-more.sh: one failure a line.  Run python.sh first: it writes
# jobs/common.py.  Debian: python3.
. "${0%/*}/lib.sh"

file jobs/misc.py <<'E'
import sys, os, random, json, subprocess, decimal, ssl, http.client, urllib.request, sqlite3, tempfile, time, warnings, faulthandler, csv
from common import setup, progress
log = setup("misc")
progress(log, "steps")
what = sys.argv[1]
scratch = tempfile.mkdtemp(prefix="misc-")
def deep(n):
    return deep(n + 1)
class Handle:
    def close(self): raise RuntimeError("%r is already closed" % self)
if what == "recursion": deep(0)
elif what == "json": json.loads('{"a": ' + "1" * random.randint(3, 9) + ",}")
elif what == "json2": json.loads("")
elif what == "child": subprocess.run(["sh", "-c", "exit 4"], check=True)
elif what == "childsig": subprocess.run(["sh", "-c", "kill -9 $$"], check=True)
elif what == "child5": subprocess.run(["sh", "-c", "exit 5"], check=True)
elif what == "timeout": subprocess.run(["sleep", "9"], timeout=0.1)
elif what == "nocmd": subprocess.run(["pg_dumpx", "shop"])
elif what == "unicode": open(scratch + "/a", "wb").write(b"x" * random.randint(9, 99) + b"\xff\xfe"); open(scratch + "/a").read()
elif what == "repr": Handle().close()
elif what == "sqlite": sqlite3.connect(":memory:").execute("select * from orders")
elif what == "sqlite2": sqlite3.connect(":memory:").execute("select * from order_lines")
elif what == "sqlitelock": sqlite3.connect("/srv/app/none/x.db")
elif what == "tmp": open(scratch + "/input.csv")
elif what == "assert": assert len(scratch) == 0, "scratch not empty"
elif what == "exit": sys.exit("misc: nothing to do for store 'north'")
elif what == "interrupt": raise KeyboardInterrupt
elif what == "multi": raise RuntimeError("import stopped\nrow %d: bad date\nrow %d: bad date" % (random.randint(10, 999), random.randint(10, 999)))
elif what == "note":
    e = ValueError("cannot parse price"); e.add_note("run %d" % os.getpid()); raise e
elif what == "empty": raise NotImplementedError
elif what == "memory": raise MemoryError
elif what == "warn":
    for i in range(random.randint(1, 4)): warnings.warn("old call %d" % i, DeprecationWarning, stacklevel=2)
    raise LookupError("no plan for tariff 'B2'")
elif what == "fault": faulthandler.enable(); os.abort()
elif what == "segv": faulthandler.enable(); import ctypes; ctypes.string_at(8)
elif what == "del":
    class D:
        def __del__(self): raise OSError("late")
    d = D(); del d; sys.exit(2)
elif what == "decimal": decimal.Decimal("12,50")
E
m() { failure "py-$1" "${@:2}" -- python3 jobs/misc.py "${1#*.}"; }
m child.child "Command '['sh', '-c', 'exit 4']' returned non-zero exit status 4."
m child.child5 "Command '['sh', '-c', 'exit 5']' returned non-zero exit status 5."
m child.childsig "Command '['sh', '-c', 'kill -9 \$\$']' died with <Signals.SIGKILL: 9>."
REAL_CLOCK=1 m child.timeout "Command '['sleep', '9']' timed out after 0.1 seconds" "Command '['sleep', '9']' timed out after 0.<*> seconds"
m child.nocmd "[Errno 2] No such file or directory: 'pg_dumpx'"
m json.json "Expecting property name enclosed in double quotes: line 1 column <*> (char <*>)"
m json.json2 "Expecting value: line 1 column 1 (char 0)"
m sqlite.sqlite "no such table: orders"
m sqlite.sqlite2 "no such table: order_lines"
m sqlite.sqlitelock "unable to open database file"
m recursion "maximum recursion depth exceeded"
m unicode "'utf-8' codec can't decode byte 0xff in position <*>: invalid start byte"
m repr "<__main__.Handle object at <*>> is already closed"
m tmp "[Errno 2] No such file or directory: '/tmp/misc-<*>/input.csv'"
m assert "scratch not empty"
m exit "misc: nothing to do for store 'north'"
m interrupt "KeyboardInterrupt"
m multi "import stopped"
m note "cannot parse price"
m empty "NotImplementedError"
m memory "MemoryError"
m warn "no plan for tariff 'B2'"
m del "late"
m decimal "[<class 'decimal.ConversionSyntax'>]"
m fault.fault "Fatal Python error: Aborted" "Aborted"
m fault.segv "Fatal Python error: Segmentation fault" "Segmentation fault"
