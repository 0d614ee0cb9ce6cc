#!/bin/bash
# node.sh: Node and what is written for it.
# Debian: nodejs node-typescript; npm: pino winston bunyan.
. "${0%/*}/lib.sh"

file js/sync.js <<'E'
const fs = require('fs'), os = require('os'), path = require('path');
const what = process.argv[2];
for (let i = 0; i < 2 + Math.random() * 6; i++)
  console.error(`${new Date().toISOString()} [${process.pid}] page ${i} done in ${(Math.random() * 90).toFixed(1)}ms`);

class QuotaError extends Error {
  constructor(m) { super(m); this.name = 'QuotaError'; }
}
function order(o) { return o.customer.name; }
function ship(o) { return o.address.street; }
async function pull(url) { const r = await fetch(url); return r.json(); }

if (what === 'customer') order({});
else if (what === 'address') ship({});
else if (what === 'ref') console.log(tariff);
else if (what === 'func') fs.readfileSync('x');
else if (what === 'enoent') fs.readFileSync('/srv/app/in/stock.json');
else if (what === 'eacces') { process.setuid(1500); fs.readFileSync('/srv/app/locked/today.db'); }
else if (what === 'tmp') fs.readFileSync(path.join(fs.mkdtempSync(os.tmpdir() + '/sync-'), 'stock.json'));
else if (what === 'json') JSON.parse('{"id": ' + process.pid + ', }');
else if (what === 'json2') JSON.parse('<html>');
else if (what === 'reject') Promise.reject(new QuotaError('quota of shop "north" used up'));
else if (what === 'reject2') Promise.reject(new QuotaError('quota of shop "south" used up'));
else if (what === 'plain') Promise.reject('no connection to queue');
else if (what === 'refused') require('net').connect(6991, '127.0.0.1');
else if (what === 'fetch') pull('http://127.0.0.1:6992/stock');
else if (what === 'cause') { try { ship({}); } catch (e) { throw new Error('export failed', { cause: e }); } }
else if (what === 'cause2') { try { order({}); } catch (e) { throw new Error('export failed', { cause: e }); } }
else if (what === 'assert') require('assert').strictEqual(process.pid % 1, 1);
else if (what === 'aggregate') Promise.any([Promise.reject(new Error('a')), Promise.reject(new Error('b'))]);
else if (what === 'string') throw 'stock is negative';
else if (what === 'inuse') { const s = require('net').createServer().listen(7311, () => require('net').createServer().listen(7311)); }
else if (what === 'spawn') require('child_process').spawn('pg_dumpx');
else if (what === 'exec') require('child_process').execSync('ls /srv/app/nope', { stdio: 'pipe' });
else if (what === 'range') new Array(-1);
else if (what === 'stack') (function f() { f(); })();
else if (what === 'uri') decodeURIComponent('%E0%A4%A');
else if (what === 'timer') setTimeout(function flush() { null.length; }, 5);
else if (what === 'emit') new (require('events'))().emit('error', new Error('mailbox locked'));
E
n() { failure "node-$1" "${@:2}" -- node js/sync.js "${1#*.}"; }
n undef.customer "Cannot read properties of undefined (reading 'name')"
n undef.address "Cannot read properties of undefined (reading 'street')"
n undef.ref "tariff is not defined"
n undef.func "fs.readfileSync is not a function"
n fs.enoent "ENOENT: no such file or directory, open '/srv/app/in/stock.json'"
n fs.eacces "EACCES: permission denied, open '/srv/app/locked/today.db'"
n fs.tmp "ENOENT: no such file or directory, open '/tmp/sync-<*>/stock.json'"
n json.json "Expected double-quoted property name in JSON at position <*>" "Expected double-quoted property name in JSON at position <*> (line 1 column <*>)"
n json.json2 "Unexpected token '<', \"<html>\" is not valid JSON" "Unexpected token < in JSON at position 0"
n reject.reject 'quota of shop "north" used up'
n reject.reject2 'quota of shop "south" used up'
n plain "This error originated either by throwing inside of an async function without a catch block, or by rejecting a promise which was not handled with .catch(). The promise rejected with the reason \"no connection to queue\"." "[UnhandledPromiseRejection: This error originated either by throwing inside of an async function without a catch block, or by rejecting a promise which was not handled with .catch(). The promise rejected with the reason \"no connection to queue\".]"
n net.refused "connect ECONNREFUSED 127.0.0.1:6991"
n net.fetch "fetch failed"
n net.inuse "listen EADDRINUSE: address already in use :::7311"
n cause.cause "export failed"
n cause.cause2 "export failed"
n assert "Expected values to be strictly equal:"
n aggregate "All promises were rejected" "[AggregateError: All promises were rejected]"
n string "stock is negative"
n child.spawn "spawn pg_dumpx ENOENT"
n child.exec "Command failed: ls /srv/app/nope"
n range "Invalid array length"
n stack "Maximum call stack size exceeded"
n uri "URI malformed"
n timer "Cannot read properties of null (reading 'length')"
n emit "mailbox locked"

file js/pre.sh <<'E'
echo "[$(date '+%d/%b/%Y:%T %z')] $1 started by $$" >&2
exec "$@"
E
file js/broken.js <<'E'
const a = 1;
function f( {
E
file js/esm.mjs <<'E'
import { tariff } from './tariff.mjs';
E
file js/dup.js <<'E'
let a = 1;
let a = 2;
E
failure node-syntax.broken "Unexpected end of input" -- bash js/pre.sh node js/broken.js
failure node-syntax.dup "Identifier 'a' has already been declared" -- bash js/pre.sh node js/dup.js
failure node-module.cjs "Cannot find module 'leftpadx'" -- bash js/pre.sh node -e "'require(\"leftpadx\")'"
failure node-module.main "Cannot find module '/srv/app/js/gone.js'" -- bash js/pre.sh node js/gone.js
failure node-module.esm "Cannot find module '/srv/app/js/tariff.mjs' imported from /srv/app/js/esm.mjs" -- bash js/pre.sh node js/esm.mjs
failure node-option "node: bad option: --inspectx" "bad option: --inspectx" -- bash js/pre.sh node --inspectx
file js/heap.js <<'E'
const all = [];
for (;;) all.push(1);
E
failure node-heap "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory" "Reached heap limit Allocation failed - JavaScript heap out of memory" -- 'exec node --max-old-space-size=60 js/heap.js'

# Loggers that write JSON.
test -d node_modules/pino || npm install --no-audit --no-fund --silent pino winston bunyan >/dev/null
file js/log.js <<'E'
const [lib, what] = process.argv.slice(2);
let log, end = () => process.exit(1);
if (lib === 'pino') log = require('pino')({ name: 'mailer' }, require('pino').destination({ dest: 2, sync: true }));
if (lib === 'bunyan') log = require('bunyan').createLogger({ name: 'mailer', stream: process.stderr, serializers: require('bunyan').stdSerializers });
if (lib === 'winston') {
  const w = require('winston');
  log = w.createLogger({ format: w.format.combine(w.format.timestamp(), w.format.json()),
    transports: [new w.transports.Console({ stderrLevels: ['info', 'warn', 'error'] })] });
  end = () => setTimeout(() => process.exit(1), 50);
}
const n = 1 + Math.floor(Math.random() * 5);
for (let i = 0; i < n; i++) log.info('sent batch ' + i);
if (Math.random() < 0.5) log.warn('slow smtp answer, ' + process.hrtime()[1] + ' ns');
const text = what === 'auth' ? 'Invalid login: 535 5.7.8 Error: authentication failed' : 'Invalid login: 534 5.7.9 Error: application password needed';
const e = lib === 'pino' ?
  new Error(text) :
  new Error(text);
if (lib === 'winston') log.error(e.message, { job: require('crypto').randomUUID() });
else log.error({ err: e, via: lib, job: require('crypto').randomUUID() }, lib === 'pino' ? 'mail not sent' : 'newsletter not sent');
end();
E
failure js-pino.auth "mail not sent" "Invalid login: 535 5.7.8 Error: authentication failed" "mail not sent: Invalid login: 535 5.7.8 Error: authentication failed" -- node js/log.js pino auth
failure js-pino.app "mail not sent" "Invalid login: 534 5.7.9 Error: application password needed" "mail not sent: Invalid login: 534 5.7.9 Error: application password needed" -- node js/log.js pino app
failure js-bunyan.auth "newsletter not sent" "Invalid login: 535 5.7.8 Error: authentication failed" "newsletter not sent: Invalid login: 535 5.7.8 Error: authentication failed" -- node js/log.js bunyan auth
failure js-bunyan.app "newsletter not sent" "Invalid login: 534 5.7.9 Error: application password needed" "newsletter not sent: Invalid login: 534 5.7.9 Error: application password needed" -- node js/log.js bunyan app
failure js-winston.auth "Invalid login: 535 5.7.8 Error: authentication failed" -- node js/log.js winston auth
failure js-winston.app "Invalid login: 534 5.7.9 Error: application password needed" -- node js/log.js winston app
