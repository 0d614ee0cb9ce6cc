#!/bin/bash
# scripts.sh: Perl, Ruby, PHP, Lua, Tcl, awk, Guile.
# Debian: perl liblog-log4perl-perl libdbd-sqlite3-perl ruby php-cli
# php-sqlite3 lua5.4 tcl gawk mawk guile-3.0.
. "${0%/*}/lib.sh"

file pl/load.pl <<'E'
use strict; use warnings; use Carp; use Time::HiRes 'time';
my $what = shift; my $arg = shift;
my @t = gmtime;
printf STDERR "[%04d-%02d-%02d %02d:%02d:%02d] load[%d]: start\n", $t[5] + 1900, $t[4] + 1, @t[3, 2, 1, 0], $$;
print STDERR "load: $_ rows read\n" for map { $_ * 1000 } 1 .. 1 + rand 5;
sub check { croak "tariff '$_[0]' is not known" }
sub deep { confess "tariff '$_[0]' is not known" }
sub field {
	open my $fh, '<', '/srv/app/pl/rows.csv' or die;
	my $n = 2 + int rand 6;
	while (<$fh>) { last if $. == $n }
	die "bad price" if $what eq 'field';
	warn "bad price"; die { code => 7 } if $what eq 'hash';
	my $x = 1 / ($n - $n);
}
if ($what eq 'die') { die "cannot find customer\n" }
elsif ($what eq 'line') { die "no rate for $arg" }
elsif ($what eq 'croak') { check($arg) }
elsif ($what eq 'confess') { deep($arg) }
elsif ($what eq 'open') { open my $f, '<', $arg or die "$arg: $!" }
elsif ($what eq 'field' || $what eq 'zero') { field() }
elsif ($what eq 'undef') { my $x; $x->price }
elsif ($what eq 'method') { Shop->price }
elsif ($what eq 'ref') { my $x = 'abc'; print @$x }
elsif ($what eq 'object') { die bless {}, 'Shop::Error' }
elsif ($what eq 'module') { require Shop::Prices }
elsif ($what eq 'warn') { my $x; print "a" . $x; exit 4 }
elsif ($what eq 'dbi') {
	require DBI;
	my $db = DBI->connect('dbi:SQLite:dbname=:memory:', '', '', { RaiseError => 1, PrintError => 0 });
	$db->do("select * from $arg");
}
E
file pl/rows.csv < <(seq 10)
R='perl pl/load.pl'
failure perl-die.customer "cannot find customer" -- $R die
failure perl-rate.eur "no rate for EUR" -- $R line EUR
failure perl-rate.usd "no rate for USD" -- $R line USD
failure perl-carp.croak "tariff 'B2' is not known" -- $R croak B2
failure perl-carp.confess "tariff 'B2' is not known" -- $R confess B2
failure perl-carp.c1 "tariff 'C1' is not known" -- $R confess C1
failure perl-open.enoent "/srv/app/in/rows.csv: No such file or directory" -- $R open /srv/app/in/rows.csv
failure perl-open.enotdir "/srv/app/pl/rows.csv/x: Not a directory" -- $R open /srv/app/pl/rows.csv/x
AS=1500 failure perl-open.eacces "/srv/app/locked/rows.csv: Permission denied" -- $R open /srv/app/locked/rows.csv
failure perl-data.field "bad price" -- $R field
failure perl-data.zero "Illegal division by zero" -- $R zero
failure perl-call.undef "Can't call method \"price\" on an undefined value" -- $R undef
failure perl-call.method "Can't locate object method \"price\" via package \"Shop\"" -- $R method
failure perl-call.ref "Can't use string (\"abc\") as an ARRAY ref while \"strict refs\" in use" -- $R ref
failure perl-object "Shop::Error=HASH(<*>)" -- $R object
failure perl-module "Can't locate Shop/Prices.pm in @INC (you may need to install the Shop::Prices module) (@INC contains: /etc/perl /usr/local/lib/x86_64-linux-gnu/perl/5.36.0 /usr/local/share/perl/5.36.0 /usr/lib/x86_64-linux-gnu/perl5/5.36 /usr/share/perl5 /usr/lib/x86_64-linux-gnu/perl-base /usr/lib/x86_64-linux-gnu/perl/5.36 /usr/share/perl/5.36 /usr/local/lib/site_perl)" -- $R module
failure perl-dbi.orders "DBD::SQLite::db do failed: no such table: orders" -- $R dbi orders
failure perl-dbi.lines "DBD::SQLite::db do failed: no such table: order_lines" -- $R dbi order_lines
file pl/broken.pl <<'E'
use strict;
$total = 1;
print "x" 
E
file pl/log4.pl <<'E'
use Log::Log4perl qw(:easy);
Log::Log4perl->easy_init({ level => $INFO, layout => '%d [%P] %p %c - %m%n', file => 'STDERR' });
INFO("page $_") for 1 .. 1 + rand 6;
WARN("retry in " . int(rand 900) . " s") if rand() < 0.7;
ERROR("queue 'outgoing' is full") if shift eq 'full';
FATAL("giving up on peer mx1");
exit 1;
E
file pl/pre.sh <<'E'
echo "$(date -R) $0[$$]: running $*" >&2
exec "$@"
E
failure perl-syntax 'Global symbol "$total" requires explicit package name (did you forget to declare "my $total"?)' -- sh pl/pre.sh perl pl/broken.pl
failure perl-log4.full "queue 'outgoing' is full" -- perl pl/log4.pl full
failure perl-log4.peer "giving up on peer mx1" -- perl pl/log4.pl peer

file rb/job.rb <<'E'
require 'logger'; require 'securerandom'; require 'json'; require 'socket'; require 'tmpdir'
log = Logger.new($stderr)
what, arg = ARGV
(1 + rand(6)).times { |i| log.info("batch #{i}: #{rand(5000)} rows") }
log.warn("slow query (#{rand.round(3)} s)") if rand < 0.6
class StoreError < StandardError; end
def fetch(h, k) = h.fetch(k)
def wrap(m)
  yield
rescue => e
  raise StoreError, "store '#{m}' failed"
end
case what
when 'key' then fetch({}, arg.to_sym)
when 'nil' then nil.upcase
when 'nil2' then nil.length
when 'cause' then wrap('north') { Integer(arg) }
when 'cause2' then wrap('north') { [].fetch(7) }
when 'raise' then raise ArgumentError, "unknown tariff #{arg}"
when 'file' then File.read(arg)
when 'tmp' then File.read(File.join(Dir.mktmpdir, 'x.yml'))
when 'json' then JSON.parse('{"a": }')
when 'refused' then TCPSocket.new('127.0.0.1', 6981)
when 'name' then tarif
when 'method' then Object.new.price
when 'require' then require arg
when 'abort' then abort "rb: nothing to do for #{arg}"
when 'logger' then log.error("mailbox #{arg} is locked"); exit 1
when 'fatal' then log.fatal(StoreError.new("no space in store '#{arg}'")); exit 1
when 'thread' then Thread.new { raise "worker lost" }.join
when 'stack' then def f = f; f
when 'zero' then 1 / 0
end
E
r() { failure "ruby-$1" "$2" -- ruby rb/job.rb "${@:3}"; }
r key.customer 'key not found: :customer' key customer
r key.address 'key not found: :address' key address
r nil.upcase "undefined method \`upcase' for nil:NilClass" nil
r nil.length "undefined method \`length' for nil:NilClass" nil2
r nil.object "undefined method \`price' for #<Object:<*>>" method
r nil.name "undefined local variable or method \`tarif' for main:Object" name
r cause.value "store 'north' failed" cause x
r cause.index "store 'north' failed" cause2
r raise.b2 "unknown tariff B2" raise B2
r raise.c1 "unknown tariff C1" raise C1
r file.enoent "No such file or directory @ rb_sysopen - /srv/app/in/x.yml" file /srv/app/in/x.yml
r file.isdir "Is a directory @ io_fread - /srv/app/rb" file /srv/app/rb
r file.tmp "No such file or directory @ rb_sysopen - /tmp/d<*>/x.yml" tmp
failure ruby-json "859: unexpected token at '{\"a\": }'" "unexpected token at '{\"a\": }'" -- ruby rb/job.rb json
r refused "Connection refused - connect(2) for \"127.0.0.1\" port 6981" refused
r require "cannot load such file -- storage_x" require storage_x
r abort "rb: nothing to do for north" abort north
r logger.sales "mailbox sales is locked" logger sales
r logger.hr "mailbox hr is locked" logger hr
r logger.fatal "no space in store 'north' (StoreError)" fatal north
r thread "worker lost" thread
r stack "stack level too deep" stack
r zero "divided by 0" zero

file ph/job.php <<'E'
<?php
declare(strict_types=1);
[$_, $what, $arg] = $argv + [2 => ''];
ini_set('display_errors', 'stderr'); ini_set('log_errors', $what == 'logged' ? '1' : '0');
if ($what == 'logged') { ini_set('display_errors', '0'); }
for ($i = 0; $i < rand(1, 6); $i++) fprintf(STDERR, "%s job[%d] page %d\n", date('c'), getmypid(), $i);
class StoreError extends RuntimeException {}
function tariff(int $x) { return $x; }
function wrap($f) { try { $f(); } catch (Throwable $e) { throw new StoreError("store 'north' failed", 3, $e); } }
switch ($what) {
case 'throw': throw new StoreError("unknown tariff $arg");
case 'type': tariff($arg);
case 'null': $x = null; $x->price();
case 'func': price_of($arg);
case 'class': new Shop\Price;
case 'prev': wrap(fn() => intdiv(1, 0)); 
case 'prev2': wrap(fn() => json_decode('{', flags: JSON_THROW_ON_ERROR));
case 'logged': throw new StoreError("unknown tariff $arg");
case 'memory': $a = []; while (true) $a[] = str_repeat('x', 100000);
case 'require': require $arg;
case 'pdo': (new PDO('sqlite::memory:'))->query("select * from $arg");
case 'warn': file_get_contents($arg); exit(4);
case 'zero': echo 5 % 0;
case 'match': echo match($arg) { 'a' => 1 };
}
E
file ph/broken.php <<'E'
<?php
function f( {
E
p() { failure "php-$1" "$2" -- php ph/job.php "${@:3}"; }
p throw.b2 "unknown tariff B2" throw B2
p throw.c1 "unknown tariff C1" throw C1
p throw.logged "unknown tariff B2" logged B2
failure php-type "tariff(): Argument #1 (\$x) must be of type int, string given, called in /srv/app/ph/job.php on line 12 and defined" "tariff(): Argument #1 (\$x) must be of type int, string given, called in /srv/app/ph/job.php on line 12 and defined in /srv/app/ph/job.php:8" "tariff(): Argument #1 (\$x) must be of type int, string given, called" -- php ph/job.php type abc
p call.null "Call to a member function price() on null" null
p call.func "Call to undefined function price_of()" func 3
p call.class 'Class "Shop\Price" not found' class
p previous.zero "store 'north' failed" prev
p previous.json "store 'north' failed" prev2
failure php-memory "Allowed memory size of 16777216 bytes exhausted (tried to allocate <*> bytes)" -- php -d memory_limit=16M ph/job.php memory
p pdo.orders "SQLSTATE[HY000]: General error: 1 no such table: orders" pdo orders
p pdo.lines "SQLSTATE[HY000]: General error: 1 no such table: order_lines" pdo order_lines
p warn "file_get_contents(/srv/app/in/p.json): Failed to open stream: No such file or directory" warn /srv/app/in/p.json
p zero "Modulo by zero" zero
p match "Unhandled match case '...'" match x
failure php-syntax 'syntax error, unexpected token "{", expecting variable' -- sh pl/pre.sh php -d display_errors=stderr ph/broken.php

file lua/job.lua <<'E'
io.stderr:write(os.date("%Y-%m-%d %H:%M:%S"), " start ", tostring({}), "\n")
local what, arg = ...
local function price(o) return o.customer.name end
if what == "nil" then price({})
elseif what == "error" then error("unknown tariff " .. arg)
elseif what == "table" then error({ code = 2 })
elseif what == "call" then shop.price()
elseif what == "arith" then return {} + 1
elseif what == "open" then assert(io.open(arg))
elseif what == "require" then require(arg)
end
E
failure lua-error.b2 "unknown tariff B2" "lua/job.lua:<*>: unknown tariff B2" -- lua5.4 lua/job.lua error B2
failure lua-error.c1 "unknown tariff C1" "lua/job.lua:<*>: unknown tariff C1" -- lua5.4 lua/job.lua error C1
failure lua-nil.field "attempt to index a nil value (field 'customer')" "lua/job.lua:<*>: attempt to index a nil value (field 'customer')" -- lua5.4 lua/job.lua nil
failure lua-nil.global "attempt to index a nil value (global 'shop')" "lua/job.lua:<*>: attempt to index a nil value (global 'shop')" -- lua5.4 lua/job.lua call
failure lua-open "/srv/app/in/x: No such file or directory" "lua5.4: /srv/app/in/x: No such file or directory" -- lua5.4 lua/job.lua open /srv/app/in/x
failure lua-require "module 'shop.price' not found:" "lua5.4: module 'shop.price' not found:" -- lua5.4 lua/job.lua require shop.price

file tcl/job.tcl <<'E'
puts stderr "[clock format [clock seconds]] job [pid]: start"
proc price {o} { dict get $o price }
switch [lindex $argv 0] {
	key { price {a 1} }
	error { error "unknown tariff [lindex $argv 1]" }
	open { open [lindex $argv 1] }
	cmd { shop::price }
	var { puts $tariff }
	exec { exec sh -c {echo disk full >&2; exit 3} }
}
E
failure tcl-error.b2 "unknown tariff B2" -- tclsh tcl/job.tcl error B2
failure tcl-error.c1 "unknown tariff C1" -- tclsh tcl/job.tcl error C1
failure tcl-name.key 'key "price" not known in dictionary' -- tclsh tcl/job.tcl key
failure tcl-name.cmd 'invalid command name "shop::price"' -- tclsh tcl/job.tcl cmd
failure tcl-name.var 'can'"'"'t read "tariff": no such variable' -- tclsh tcl/job.tcl var
failure tcl-open.enoent 'couldn'"'"'t open "/srv/app/in/x": no such file or directory' -- tclsh tcl/job.tcl open /srv/app/in/x
AS=1500 failure tcl-open.eacces 'couldn'"'"'t open "/srv/app/locked/x": permission denied' -- tclsh tcl/job.tcl open /srv/app/locked/x
failure tcl-exec "disk full" -- tclsh tcl/job.tcl exec

file awk/sum.awk <<'E'
{ total += $2 / $3 }
E
file awk/in.txt <<'E'
a 1 2
b 3 0
E
failure awk-zero "gawk: awk/sum.awk:1: (FILENAME=awk/in.txt FNR=2) fatal: division by zero attempted" "division by zero attempted" "fatal: division by zero attempted" -- 'seq $((RUN * 3)) | sed "s/^/row done: /" >&2; echo "$(date +%s) $$" >&2; gawk -f awk/sum.awk awk/in.txt'
failure awk-file.gawk "gawk: fatal: cannot open source file \`awk/none.awk' for reading: No such file or directory" "gawk: fatal: cannot open source file 'awk/none.awk' for reading: No such file or directory" "fatal: cannot open source file \`awk/none.awk' for reading: No such file or directory" "cannot open source file \`awk/none.awk' for reading: No such file or directory" "fatal: cannot open source file 'awk/none.awk' for reading: No such file or directory" "cannot open source file 'awk/none.awk' for reading: No such file or directory" -- 'date >&2; gawk -f awk/none.awk awk/in.txt'
failure awk-file.data "gawk: fatal: cannot open file \`awk/gone.txt' for reading: No such file or directory" "gawk: fatal: cannot open file 'awk/gone.txt' for reading: No such file or directory" "fatal: cannot open file \`awk/gone.txt' for reading: No such file or directory" "cannot open file \`awk/gone.txt' for reading: No such file or directory" "gawk: awk/sum.awk:1: fatal: cannot open file 'awk/gone.txt' for reading: No such file or directory" "gawk: awk/sum.awk:1: fatal: cannot open file \`awk/gone.txt' for reading: No such file or directory" -- 'date >&2; gawk -f awk/sum.awk awk/gone.txt'

file scm/job.scm <<'E'
(format (current-error-port) "~a ~a start\n" (strftime "%FT%T" (localtime (current-time))) (getpid))
(define (price o) (car o))
(case (string->symbol (cadr (command-line)))
  ((car) (price '()))
  ((error) (error "unknown tariff" (caddr (command-line))))
  ((unbound) (shop-price 1))
  ((open) (open-input-file "/srv/app/in/x")))
E
failure guile-error.b2 'unknown tariff "B2"' 'In procedure unknown tariff: "B2"' -- guile --no-auto-compile scm/job.scm error B2
failure guile-error.c1 'unknown tariff "C1"' -- guile --no-auto-compile scm/job.scm error C1
failure guile-unbound "Unbound variable: shop-price" -- guile --no-auto-compile scm/job.scm unbound
