#!/bin/bash
# db.sh: clients of databases, with real servers on loopback.
# Debian: postgresql mariadb-server sqlite3 redis-server libdbd-pg-perl
# python3-psycopg2 python3-sqlalchemy php-pgsql ruby-pg ruby-sqlite3.
. "${0%/*}/lib.sh"
export LIMIT=40
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
rm -rf /srv/pg && mkdir -p /srv/pg && chown app /srv/pg
as() { setpriv --reuid 1500 --regid 1500 --clear-groups env HOME=/home/app "$@"; }
chown 1500 /srv/pg
as "$bin/initdb" -D /srv/pg -U shop -A trust >/tmp/pg.log 2>&1
as "$bin/pg_ctl" -D /srv/pg -w -o '-p 5544 -k /srv/pg' -l /srv/pg/log start >>/tmp/pg.log 2>&1
rm -rf /srv/my; mkdir -p /srv/my && chown 1500 /srv/my
as mariadb-install-db --datadir=/srv/my/data --auth-root-authentication-method=normal >/tmp/my.log 2>&1
as mariadbd --no-defaults --datadir=/srv/my/data --socket=/srv/my/sock --port=3399 --bind-address=127.0.0.1 --pid-file=/srv/my/pid >/tmp/my2.log 2>&1 &
redis-server --port 6399 --bind 127.0.0.1 --save '' --requirepass x --daemonize no >/tmp/redis.log 2>&1 &
trap 'as "$bin/pg_ctl" -D /srv/pg -m fast stop >/tmp/pg.log; mariadb-admin -h 127.0.0.1 -P 3399 -u root shutdown; kill $(jobs -p) 2>/dev/null' EXIT
sleep 5
PG='psql -h 127.0.0.1 -p 5544 -U shop -v ON_ERROR_STOP=1 -q'
$PG -d postgres <<'E'
create database shop;
\c shop
create table orders (id int primary key, name text not null, price numeric check (price > 0));
create table lines (id serial primary key, orders_id int references orders (id));
insert into orders values (1, 'a', 2);
create role reader login; create role locked nologin;
E
mariadb -h 127.0.0.1 -P 3399 -u root <<'E'
create database shop; use shop;
create table orders (id int primary key, name varchar(20) not null);
insert into orders values (1, 'a');
drop user if exists ''@'localhost'; drop user if exists ''@'app1'; delete from mysql.global_priv where User = ''; flush privileges;
create user 'reader'@'%' identified by 'right';
E

# SQL files as a nightly import has them: what is right comes first, and how
# much of it differs.
sql() {
	printf '%s\n' '#!/bin/bash' \
	    'echo "$(date -Is) import $$ starts" >&2' \
	    'for ((i = 0; i < RUN * 4 + RANDOM % 3; i++)); do echo "select $i;"; done >/tmp/import.$$.sql' \
	    'echo "$1" >>/tmp/import.$$.sql; shift; exec "$@" </tmp/import.$$.sql' >"$ROOT/bin/import"
	chmod +x "$ROOT/bin/import"
}
sql
p() { failure "psql-$1" "$2" "$3" -- bin/import "$(printf %q "$4")" ${PSQL:-$PG shop}; }
p relation.customers 'relation "customers" does not exist' 'ERROR:  relation "customers" does not exist' 'select * from customers;'
p relation.invoices 'relation "invoices" does not exist' 'ERROR:  relation "invoices" does not exist' 'select * from invoices;'
p column 'column "prize" does not exist' 'ERROR:  column "prize" does not exist' 'select prize from orders;'
p syntax 'syntax error at or near "selec"' 'ERROR:  syntax error at or near "selec"' 'selec 1;'
p constraint.key 'duplicate key value violates unique constraint "orders_pkey"' 'ERROR:  duplicate key value violates unique constraint "orders_pkey"' "insert into orders values (1, 'b', 3);"
p constraint.null 'null value in column "name" of relation "orders" violates not-null constraint' 'ERROR:  null value in column "name" of relation "orders" violates not-null constraint' 'insert into orders values ((random() * 10000)::int + 7, null, 1);'
p constraint.check 'new row for relation "orders" violates check constraint "orders_price_check"' 'ERROR:  new row for relation "orders" violates check constraint "orders_price_check"' "insert into orders values ((random() * 10000)::int + 7, 'x', 0);"
p constraint.foreign 'insert or update on table "lines" violates foreign key constraint "lines_orders_id_fkey"' 'ERROR:  insert or update on table "lines" violates foreign key constraint "lines_orders_id_fkey"' 'insert into lines (orders_id) values ((random() * 10000)::int + 70);'
p zero 'division by zero' 'ERROR:  division by zero' 'select 1 / (random() < 0)::int;'
p type 'invalid input syntax for type integer: "abc"' 'ERROR:  invalid input syntax for type integer: "abc"' "select 'abc'::int;"
p timeout 'canceling statement due to statement timeout' 'ERROR:  canceling statement due to statement timeout' "set statement_timeout = 20; select pg_sleep(2);"
p raise 'no rates loaded' 'ERROR:  no rates loaded' "do \$\$ begin raise exception 'no rates loaded' using hint = 'load them', errcode = 'P0007'; end \$\$;"
PSQL="psql -h 127.0.0.1 -p 5544 -U reader -v ON_ERROR_STOP=1 -q shop"
p permission.orders 'permission denied for table orders' 'ERROR:  permission denied for table orders' 'select * from orders;'
p permission.lines 'permission denied for table lines' 'ERROR:  permission denied for table lines' 'select * from lines;'
u() { failure "$1" "$2" "${@:3:${#}-4}" -- "bin/${*: -2:1}" "${*: -1}"; }
PQ='psql -q -p 5544 -h 127.0.0.1'
u psql-login.db 'psql: error: connection to server at "127.0.0.1", port 5544 failed: FATAL:  database "news" does not exist' 'connection to server at "127.0.0.1", port 5544 failed: FATAL: database "news" does not exist' iso "$PQ -U shop news"
u psql-login.role 'psql: error: connection to server at "127.0.0.1", port 5544 failed: FATAL:  role "nobody" does not exist' 'connection to server at "127.0.0.1", port 5544 failed: FATAL: role "nobody" does not exist' iso "$PQ -U nobody shop"
u psql-login.nologin 'psql: error: connection to server at "127.0.0.1", port 5544 failed: FATAL:  role "locked" is not permitted to log in' 'connection to server at "127.0.0.1", port 5544 failed: FATAL: role "locked" is not permitted to log in' iso "$PQ -U locked shop"
u psql-server.5545 'psql: error: connection to server at "127.0.0.1", port 5545 failed: Connection refused' 'connection to server at "127.0.0.1", port 5545 failed: Connection refused' iso "psql -q -p 5545 -h 127.0.0.1 -U shop shop"
u psql-server.5546 'psql: error: connection to server at "127.0.0.1", port 5546 failed: Connection refused' 'connection to server at "127.0.0.1", port 5546 failed: Connection refused' iso "psql -q -p 5546 -h 127.0.0.1 -U shop shop"
u psql-socket 'psql: error: connection to server on socket "/srv/none/.s.PGSQL.5544" failed: No such file or directory' 'connection to server on socket "/srv/none/.s.PGSQL.5544" failed: No such file or directory' iso "psql -q -p 5544 -h /srv/none -U shop shop"
u psql-file 'psql: error: data/none.sql: No such file or directory' 'data/none.sql: No such file or directory' iso "$PQ -U shop -f data/none.sql shop"
u pg_dump.table 'pg_dump: error: no matching tables were found' 'no matching tables were found' syslog "pg_dump -p 5544 -h 127.0.0.1 -U shop -t customers shop"
u pg_dump.file 'pg_dump: error: could not open output file "/srv/none/shop.sql": No such file or directory' 'could not open output file "/srv/none/shop.sql": No such file or directory' syslog "pg_dump -p 5544 -h 127.0.0.1 -U shop -f /srv/none/shop.sql shop"
u pg_dump.perm 'pg_dump: error: query failed: ERROR:  permission denied for table lines' 'query failed: ERROR: permission denied for table lines' 'query failed: ERROR: permission denied for table orders' 'pg_dump: error: query failed: ERROR:  permission denied for table orders' 'pg_dump: error: query failed: ERROR:  permission denied for sequence lines_id_seq' syslog "pg_dump -p 5544 -h 127.0.0.1 -U reader shop"
u pg_restore.format 'pg_restore: error: input file does not appear to be a valid archive' 'input file does not appear to be a valid archive' 'pg_restore: error: input file does not appear to be a valid archive (too short?)' 'input file does not appear to be a valid archive (too short?)' syslog "pg_restore -d shop data/noise"
u pg_restore.file 'pg_restore: error: could not open input file "data/none.dump": No such file or directory' 'could not open input file "data/none.dump": No such file or directory' syslog "pg_restore -d shop data/none.dump"
u vacuumdb 'vacuumdb: error: connection to server at "127.0.0.1", port 5545 failed: Connection refused' 'connection to server at "127.0.0.1", port 5545 failed: Connection refused' level "vacuumdb -h 127.0.0.1 -p 5545 -U shop shop"

file data/rows.sh <<'E'
for ((i = 0; i < RUN * 5; i++)); do printf '%d\tn%d\t2\n' $((i + 100)) $i; done; printf 'x%d\tb\t2\n' $RUN
E
failure psql-copy 'invalid input syntax for type integer: "x"' 'ERROR:  invalid input syntax for type integer: "x"' -- "bash data/rows.sh | sed 's/^x.*\t/x\t/' | $PG -c 'copy orders from stdin' shop"

MY='mariadb -h 127.0.0.1 -P 3399'
m() { failure "mysql-$1" "$2" "${2#*: }" -- bin/import "$(printf %q "$3")" ${MYSQL:-$MY -u root shop}; }
m table.customers "ERROR 1146 (42S02) at line <*>: Table 'shop.customers' doesn't exist" 'select * from customers;'
m table.invoices "ERROR 1146 (42S02) at line <*>: Table 'shop.invoices' doesn't exist" 'select * from invoices;'
m column "ERROR 1054 (42S22) at line <*>: Unknown column 'prize' in 'SELECT'" 'select prize from orders;'
m duplicate "ERROR 1062 (23000) at line <*>: Duplicate entry '1' for key 'PRIMARY'" "insert into orders values (1, 'b');"
m syntax "ERROR 1064 (42000) at line <*>: You have an error in your SQL syntax; check the manual that corresponds to your MariaDB server version for the right syntax to use near 'selec 1' at line 1" 'selec 1;'
u mysql-login.password "ERROR 1045 (28000): Access denied for user 'reader'@'localhost' (using password: YES)" "Access denied for user 'reader'@'localhost' (using password: YES)" iso "$MY -ureader -pwrong shop"
u mysql-login.db "ERROR 1049 (42000): Unknown database 'news'" "Unknown database 'news'" iso "$MY -u root news"
u mysql-login.denied "ERROR 1044 (42000): Access denied for user 'reader'@'%' to database 'shop'" "Access denied for user 'reader'@'%' to database 'shop'" iso "$MY -ureader -pright shop"
u mysql-server.3398 "ERROR 2002 (HY000): Can't connect to server on '127.0.0.1' (115)" "ERROR 2002 (HY000): Can't connect to MySQL server on '127.0.0.1' (111)" "Can't connect to server on '127.0.0.1' (115)" iso "mariadb -h 127.0.0.1 -P 3398 -u root"
u mysql-server.socket "ERROR 2002 (HY000): Can't connect to local server through socket '/srv/none/sock' (2)" "ERROR 2002 (HY000): Can't connect to local MySQL server through socket '/srv/none/sock' (2)" "Can't connect to local server through socket '/srv/none/sock' (2)" iso "mariadb -S /srv/none/sock -u root"
u mysqldump.table "mysqldump: Couldn't find table: \"customers\"" "mariadb-dump: Couldn't find table: \"customers\"" syslog "mariadb-dump -h 127.0.0.1 -P 3399 -u root shop customers"
u mysqldump.db "mysqldump: Got error: 1049: \"Unknown database 'news'\" when selecting the database" "mariadb-dump: Got error: 1049: \"Unknown database 'news'\" when selecting the database" syslog "mariadb-dump -h 127.0.0.1 -P 3399 -u root news"

s() { failure "sqlite-$1" "$2" "$3" "$4" -- bin/import "$(printf %q "$5")" sqlite3 -bail ${DB:-/srv/app/data/shop.db}; }
rm -f data/shop.db; sqlite3 data/shop.db 'create table orders (id integer primary key, name text not null); insert into orders values (1, 2);'
s table.customers "Parse error near line <*>: no such table: customers" "no such table: customers" "near line <*>: no such table: customers" 'select * from customers;'
s table.invoices "Parse error near line <*>: no such table: invoices" "no such table: invoices" "near line <*>: no such table: invoices" 'select * from invoices;'
s constraint.key "Runtime error near line <*>: UNIQUE constraint failed: orders.id (19)" "UNIQUE constraint failed: orders.id (19)" "UNIQUE constraint failed: orders.id" "insert into orders values (1, 'b');"
s constraint.null "Runtime error near line <*>: NOT NULL constraint failed: orders.name (19)" "NOT NULL constraint failed: orders.name (19)" "NOT NULL constraint failed: orders.name" "insert into orders values (random(), null);"
DB=data/noise s notadb "Parse error near line <*>: file is not a database (26)" "file is not a database (26)" "Parse error: file is not a database (26)" 'select * from customers;'

rd='redis-cli -h 127.0.0.1 --no-auth-warning'
REAL_CLOCK=1 u redis.connect "Could not connect to Redis at 127.0.0.1:6398: Connection refused" iso "$rd -p 6398 -e ping"
REAL_CLOCK=1 u redis.auth "NOAUTH Authentication required." "(error) NOAUTH Authentication required." iso "redis-cli -p 6399 -e get a 1>&2"
REAL_CLOCK=1 u redis.command "ERR unknown command 'gett', with args beginning with: 'a' " "ERR unknown command 'gett', with args beginning with: 'a'" "unknown command 'gett', with args beginning with: 'a'" "(error) ERR unknown command 'gett', with args beginning with: 'a'" iso "$rd -a x -p 6399 -e gett a 1>&2"

file dbx/py.py <<'E'
import sys, random, datetime
print(datetime.datetime.now().isoformat(), "import", random.getrandbits(40), file=sys.stderr)
what, sql = sys.argv[1:]
url = "postgresql://shop@127.0.0.1:5544/shop"
if what == "psycopg":
    import psycopg2
    psycopg2.connect(url).cursor().execute(sql)
elif what == "alchemy":
    import sqlalchemy
    with sqlalchemy.create_engine(url).connect() as c:
        c.execute(sqlalchemy.text(sql), {"id": random.randint(100, 9999)})
elif what == "down":
    import psycopg2
    psycopg2.connect("postgresql://shop@127.0.0.1:%s/shop" % sql)
elif what == "redis":
    import redis
    redis.Redis(port=6399, password=sql).get("a")
E
y() { failure "pydb-$1" "$2" -- python3 dbx/py.py $3 "'$4'"; }
y psycopg.customers 'relation "customers" does not exist' psycopg 'select * from customers'
y psycopg.invoices 'relation "invoices" does not exist' psycopg 'select * from invoices'
y down.5545 'connection to server at "127.0.0.1", port 5545 failed: Connection refused' down 5545
y down.5546 'connection to server at "127.0.0.1", port 5546 failed: Connection refused' down 5546
y alchemy.table '(psycopg2.errors.UndefinedTable) relation "customers" does not exist' alchemy 'select * from customers where id = :id'
y alchemy.null '(psycopg2.errors.NotNullViolation) null value in column "name" of relation "orders" violates not-null constraint' alchemy 'insert into orders (id) values (:id)'
y redis 'WRONGPASS invalid username-password pair or user is disabled.' redis wrong
file dbx/pg.pl <<'E'
use DBI; print STDERR scalar(localtime), " $$\n";
my $db = DBI->connect("dbi:Pg:host=127.0.0.1;port=$ARGV[0];dbname=shop", 'shop', '', { RaiseError => 1, PrintError => 0 });
$db->do($ARGV[1], undef, int rand 9999);
E
failure dbi-pg.table 'DBD::Pg::db do failed: ERROR:  relation "customers" does not exist' -- perl dbx/pg.pl 5544 "'select * from customers where id = ?'"
failure dbi-pg.table2 'DBD::Pg::db do failed: ERROR:  relation "invoices" does not exist' -- perl dbx/pg.pl 5544 "'select * from invoices where id = ?'"
failure dbi-connect "DBI connect('host=127.0.0.1;port=5545;dbname=shop','shop',...) failed: connection to server at \"127.0.0.1\", port 5545 failed: Connection refused" -- perl dbx/pg.pl 5545 x
