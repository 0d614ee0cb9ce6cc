#!/usr/bin/python3
"""The mails and JSON documents of message.c, as other people's parsers read
them: Python's email package with its strict policy, and reformime of Courier.
What they decode must be what went in, whatever bytes a task wrote."""
import email
import email.policy
import html
import json
import os
import random
import re
import subprocess
import sys
import tempfile

BUILD = os.environ.get('RUNNER_BUILD') or os.path.join(
    os.path.dirname(os.path.abspath(__file__)), '..', 'build')
COMPOSE = os.path.join(BUILD, 'tools', 'compose')
DIRECTORY = tempfile.TemporaryDirectory()
REASONS = {1: 'first', 2: 'new', 3: 'downtime', 4: 'downtime again',
           5: 'healed', 6: 'digest', 7: 'test'}
WORDS = {1: b'First exception caught: ', 2: b'New exception caught: ',
         3: b'Non recoverable downtime reached',
         4: b'Non recoverable downtime reached again',
         5: b'Process healed', 6: b'Notifications were held back',
         7: b'Test message'}
HEAD, TAIL, SHOWN_HEAD, SHOWN_TAIL = 192 << 10, 64 << 10, 16 << 10, 48 << 10
tests = failed = 0


def ok(good, name, *evidence):
    """One TAP line, with evidence when it is not good."""
    global tests, failed
    tests += 1
    print('%sok %d - %s' % ('' if good else 'not ', tests, name))
    if not good:
        failed += 1
        for e in evidence:
            print('#', repr(e)[:1500])
    return good


def shown(data, lines=False):
    """What is shown for foreign bytes."""
    out, i = [], 0
    while i < len(data):
        for n in (1, 2, 3, 4):
            try:
                c = data[i:i + n].decode('utf-8')
                break
            except UnicodeDecodeError:
                c = None
        if c is None:
            out.append('\\x%02x' % data[i])
            i += 1
            continue
        code = ord(c)
        keep = code >= 0x20 and not 0x7f <= code < 0xa0
        if code in (0x2028, 0x2029):
            keep = False
        if keep or c == '\t' or (c == '\n' and lines):
            out.append(c)
        else:
            out.append(''.join('\\x%02x' % b for b in c.encode()))
        i += n
    return ''.join(out)


def spew(name, data):
    path = os.path.join(DIRECTORY.name, name)
    with open(path, 'wb') as f:
        f.write(data)
    return path


def compose(kind, reason=1, err=b'', out=b'', admins=(), **keys):
    argv = [COMPOSE, kind, 'reason=%d' % reason,
            'stderr=' + spew('err', err), 'stdout=' + spew('out', out)]
    argv += [b'admin=' + a for a in admins]
    for key, value in keys.items():
        if not isinstance(value, bytes):
            value = str(value).encode()
        argv.append(key.encode() + b'=' + value)
    return subprocess.run(argv, check=True, stdout=subprocess.PIPE,
                          timeout=60).stdout


def defects_of(message):
    found = []
    for part in message.walk():
        found += part.defects
        for name, value in part.items():
            found += [(name, d) for d in value.defects]
    return found


def text_of(message):
    part = message.get_body(('plain',)) if message.is_multipart() else message
    return part.get_content().replace('\r\n', '\n')


def reformime(raw, section):
    """The decoded content of a section, as Courier sees it."""
    return subprocess.run(['reformime', '-e', '-s', section], input=raw,
                          stdout=subprocess.PIPE, timeout=60,
                          check=True).stdout


def cut(data, most):
    """The first bytes, not cut within a character."""
    if len(data) <= most:
        return data
    for back in (0, 1, 2, 3):
        start = most - back
        for n in range(back + 1, 5):
            try:
                if back and len(data[start:start + n].decode()) == 1:
                    return data[:start]
            except UnicodeDecodeError:
                pass
    return data[:most]


def subject_of(reason, message, task, prefix):
    what = WORDS[reason]
    if reason in (1, 2):
        what += cut(message, 1100)
    whole = prefix + b'[' + task + b'] ' + what
    short = cut(whole, 1100)
    return shown(short) + ('...' if len(short) < len(whole) else '')


def check(name, reason=1, err=b'', message=b'it failed', task=b'task',
          prefix=b'', exact=True, **keys):
    """Composes, parses with everybody, compares with what went in."""
    raw = compose('mail', reason, err, message=message, task=task,
                  prefix=prefix, **keys)
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    bad = []

    def must(good, what, *evidence):
        if not good:
            bad.append((what,) + evidence)

    must(not defects_of(mail), 'no defects', defects_of(mail))
    must(all(c in b'\t\r\n' or 0x20 <= c < 0x7f for c in raw), 'ASCII')
    must(b'\r' not in raw.replace(b'\r\n', b'')
         and b'\n' not in raw.replace(b'\r\n', b''), 'CRLF')
    head, _, body = raw.partition(b'\r\n\r\n')
    must(all(len(s) <= 78 for s in head.split(b'\r\n')), 'header lines', head)
    must(all(len(s) <= 76 for s in body.split(b'\r\n')), 'body lines')
    must(not re.search(rb'^(From |\.)', body, re.M), 'From and dots')
    must(mail['Auto-Submitted'] == 'auto-generated', 'Auto-Submitted')
    must(mail['X-Runner-Reason'] == REASONS[reason], 'reason')
    must(mail['Bcc'] is None and mail['X-Evil'] is None, 'foreign fields')
    want = subject_of(reason, message, task, prefix)
    must(str(mail['Subject']) == want, 'subject', str(mail['Subject']), want)
    must(mail['X-Runner-Task'] == shown(task), 'task')
    must(mail['Date'].datetime is not None, 'date')
    for field in ('From', 'To', 'Subject', 'Date', 'Message-ID',
                  'MIME-Version'):
        must(len(mail.get_all(field)) == 1, 'once', field)
    text = text_of(mail)
    if 1 <= reason <= 5 and len(err) <= SHOWN_HEAD + SHOWN_TAIL and err:
        whole = shown(err, True)
        whole += '' if whole.endswith('\n') else '\n'
        must('---- stderr, %d byte%s ----\n' % (
            len(err), '' if len(err) == 1 else 's') + whole in text,
            'stderr as it was', text)
    attached = [p.get_content() for p in mail.iter_attachments()]
    if 1 <= reason <= 5 and len(err) > SHOWN_HEAD + SHOWN_TAIL:
        kept = err
        if len(err) > HEAD + TAIL:
            left = len(err) - HEAD - TAIL
            kept = b'%s\n[... %d byte%s left out ...]\n%s' % (
                err[:HEAD], left, b'' if left == 1 else b's', err[-TAIL:])
        must(attached == [kept], 'the attachment is what was kept')
        must(reformime(raw, '1.2') == kept, 'for reformime too')
    else:
        must(attached == [], 'nothing is attached')
    section = '1.1' if mail.is_multipart() else '1'
    seen = reformime(raw, section).decode('utf-8').replace('\r\n', '\n')
    must(seen == text, 'both parsers read the same text', seen, text)
    ok(not bad, name, *bad)
    return mail, text


EDGES = [
    ('an ordinary traceback', dict(
        message=b'integer division or modulo by zero',
        task=b'divide_by_zero',
        err=b'Traceback (most recent call last):\n  File "a.py", line 1\n'
            b'ZeroDivisionError: integer division or modulo by zero\n')),
    ('nothing on stderr', dict()),
    ('no newline at the end', dict(err=b'abc')),
    ('NUL bytes', dict(err=b'a\0b\0\0\n' * 20)),
    ('invalid UTF-8', dict(err=b'\xff\xfe \xc3\n\xe2\x82\n' + bytes(
        range(256)) * 4, message=b'bad \xff\xc3 bytes')),
    ('UTF-8, mostly', dict(err='Ошибка: файл не найден\n'.encode() * 50,
                           message='Ошибка: файл'.encode())),
    ('a letter here and there', dict(err='na\u00efve caf\u00e9\n'.encode() * 9,
                                     message='na\u00efve \u2603'.encode())),
    ('From lines, dots, boundaries', dict(
        err=b'From me\n.\n..\nFrom \n--=_runner_part\n--=_runner_part--\n'
            b'=_runner_part\n\n.\n')),
    ('line ends of every kind', dict(err=b'a\r\nb\rc\n\r\r\n\n')),
    ('blanks at line ends', dict(err=b'a \nb\t\n \n\t\n  ')),
    ('controls and colours', dict(err=b'\x1b[31mred\x1b[0m\x07\x7f\xc2\x85'
                                  b'\xe2\x80\xa8\n')),
    ('a header in the message', dict(
        message=b'x\r\nBcc: victim@example.org\r\nX-Evil: 1\r\n\r\nbody',
        task=b't\r\nX-Evil: 1', prefix=b'\nX-Evil: 2\n')),
    ('an encoded word in the message', dict(
        message=b'=?utf-8?Q?not?= =?iso-8859-1?B?bm90?=')),
    ('blanks in the message', dict(message=b'  two  blanks  ')),
    ('a message of one huge word', dict(message=b'x' * 900)),
    ('a message of many words', dict(message=b'word ' * 180 + b'end')),
    ('a message that is cut', dict(message='\u00e9'.encode() * 5000)),
    ('a message that is empty', dict(message=b'')),
    ('a prefix', dict(prefix=b'[prod] ', message='\u65e5\u672c'.encode())),
    ('a line of a megabyte', dict(err=b'x' * (1 << 20))),
    ('a megabyte without letters', dict(err=b'\xff' * (1 << 20))),
    ('as much as the text shows', dict(err=b'line of text\n' * 5041)),
    ('a little more', dict(err=b'line of text\n' * 5050)),
    ('as much as is kept', dict(err=b'0123456789abcde\n' * (1 << 14))),
    ('a byte more', dict(err=b'0123456789abcde\n' * (1 << 14) + b'!')),
    ('characters on every seam', dict(
        err='\u20ac'.encode() * 100000)),
]
for title, keys in EDGES:
    check(title, **keys)
for number in REASONS:
    check('reason %s' % REASONS[number], reason=number, err=b'some\n')


def noise(rng, most):
    """Bytes as a task might write them, and as none should."""
    pool = [b'\r\n', b'\n', b'.', b'From ', b'=?', b'?=', b' ', b'\t', b'\xff',
            '\u00e9\u65e5'.encode(), b'\x1b[0m', b'word', b'Bcc: a@b.c',
            b'--=_runner_part', b'"', b'\\', b'<>', b'\xc2\x85']
    data, size = b'', rng.randrange(most)
    while len(data) < size:
        data += rng.choice(pool) if rng.random() < .7 else bytes(
            [rng.randrange(1, 256)])
    return data


rng = random.Random(20261124)
before, parsed = failed, 0
for i in range(int(os.environ.get('MESSAGE_ROUNDS', 150))):
    err = noise(rng, rng.choice((10, 300, 5000)))
    if i % 25 == 0:
        err = err * (1 + 300000 // (len(err) + 1))
    keys = dict(reason=rng.randrange(1, 8), err=err,
                message=noise(rng, rng.choice((30, 700))),
                task=noise(rng, 40) or b't', prefix=noise(rng, 20),
                host=noise(rng, 60), chain=noise(rng, 60),
                command=noise(rng, 2000))
    check('noise', **keys)
    parsed += 1
    if failed > before + 3:
        break
ok(failed == before, '%d mails of noise are read as they were meant' % parsed)

# The decisive lines come first.
mail, text = check('a mail for a telephone', task=b'nightly', err=b'boom\n',
                   message=b'boom', exit=3, in_row=7, host=b'web1',
                   started=1795489560000, duration=1200,
                   down_since=1795482364479, downtime=7200000,
                   next=1795490764479, signature='1234567890abcdef',
                   admins=[b'ops@example.org', 'J\u00fcrgen <j@x.org>'.encode(),
                           b'root'])
lines = text.split('\n')
ok(lines[1] == 'boom' and lines[:8] == [
    'nightly failed, for the first time in this process:', 'boom', '',
    'Result: exit status 3, after 1.2 s', 'Consecutive failures: 7',
    'Down since: 2026-11-24 01:06:04 UTC (2 h)',
    'Next run: 2026-11-24 03:26:04 UTC (in 20 m)', 'Host: web1'],
   'the first lines decide', lines[:9])
ok('runner failures --show 1234567890abcdef' in text, 'how to see more')
ok(mail['X-Runner-Signature'] == '1234567890abcdef', 'the signature')
ok([str(a) for a in mail['To'].addresses] == [
    'ops@example.org', 'J\u00fcrgen <j@x.org>', 'root@web1'],
   'every admin is named', str(mail['To']))
ok(mail['Date'].datetime.isoformat() == '2026-11-24T03:06:04+00:00',
   'the date is the instant', mail['Date'])
mail, text = check('a healed downtime', reason=5, in_row=36, downtime=43200000,
                   down_since=1795446364479, message=b'boom')
ok('Downtime: 12 h, 36 failures\n' in text and 'Last failure: boom\n' in text,
   'healed tells how long and how often', text)
mail, text = check('a digest', reason=6, held=40)
ok('held back before: 40 ----' in text and '[task3] new; the newest: held '
   'subject 33\n' in text and ', signature 0000000000000001\n' in text
   and 'and 16 more, of other failures\n' in text,
   'a digest tells of everything that was held back', text)
mail, text = check('many failures', failures=120)
ok('distinct failures of this process: 120' in text
   and '[... 70 more left out ...]' in text, 'the list of failures is bounded')

# What is left out is counted to the byte.
err = b''.join(b'line %06d of the output\n' % i for i in range(20000))
mail, text = check('half a megabyte', err=err)
stream = text.split('---- stderr, %d bytes ----\n' % len(err))[1]
stream = stream.split('---- more of it is attached')[0]
first, left, last = re.split(r'\[\.\.\. (\d+) bytes left out \.\.\.\]\n', stream)
ok(err.startswith(first.encode()) and err.endswith(last.encode())
   and len(first) + len(last) + int(left) == len(err)
   and len(first) > 15000 and len(last) > 48000,
   'head, tail and what is left out add up', len(first), left, len(last))

# A downtime is one thread.
one = email.message_from_bytes(compose('mail', id='<a@h>', thread='<a@h>'),
                               policy=email.policy.default)
two = email.message_from_bytes(compose('mail', id='<b@h>', thread='<a@h>'),
                               policy=email.policy.default)
ok(one['References'] is None and two['References'] == '<a@h>'
   and two['In-Reply-To'] == '<a@h>' and two['Message-ID'] == '<b@h>',
   'the second mail of a downtime refers to the first')
ok(str(one['To']) == 'undisclosed-recipients:;', 'without admins')

FIELDS = ['text', 'summary', 'subject', 'reason', 'severity', 'host', 'chain',
          'task', 'command', 'message', 'signature', 'id', 'thread', 'version',
          'time', 'expires', 'result', 'exit', 'signal', 'timed_out', 'run', 'started', 'seconds', 'down_since',
          'downtime_seconds', 'consecutive_failures', 'next_run',
          'stderr_bytes', 'stderr', 'failures', 'failures_left_out',
          'held_back', 'held', 'acknowledged_by', 'acknowledged_why']
bad = []
for i in range(150):
    err = noise(rng, rng.choice((10, 3000, 60000)))
    message = noise(rng, 300)
    raw = compose('json', rng.randrange(1, 8), err=err, message=message,
                  task=noise(rng, 40), host=noise(rng, 40),
                  command=noise(rng, 3000), failures=rng.randrange(40),
                  held=rng.randrange(60))
    try:
        doc = json.loads(raw.decode('utf-8'))
        if list(doc) != FIELDS:
            bad.append(list(doc))
        if message.decode('utf-8', 'replace') and 'message' not in doc:
            bad.append(message)
        if re.search('[<>]', doc['text']):
            bad.append(doc['text'])
        if not err.endswith(b'\xff') and err[-5:].isascii() and not (
                doc['stderr'].endswith(err[-5:].decode())):
            bad.append((err[-20:], doc['stderr'][-20:]))
    except ValueError as fault:
        bad.append((fault, raw))
ok(not bad, '150 JSON documents of noise are documents', *bad[:3])
doc = json.loads(compose(
    'json', 1, err=b'Error: <!channel> & co\n', message=b'<!channel> & co',
    task='t', host='h', chain='c', exit=2, in_row=3, run=9, duration=1500,
    started=1795489560000, signature='00000000000000ff', failures=20, held=3))
ok(doc['message'] == '<!channel> & co'
   and doc['text'].startswith('[t] First exception caught: '
                              '&lt;!channel&gt; &amp; co\n')
   and html.unescape(doc['text']).count('\n') == 2,
   'the summary calls nobody', doc['text'])
ok(doc['exit'] == 2 and doc['signal'] is None and doc['timed_out'] is False
   and doc['run'] == 9 and doc['seconds'] == 1.5
   and doc['started'] == '2026-11-24T03:06:00.000Z'
   and doc['next_run'] is None and doc['signature'] == '00000000000000ff'
   and len(doc['failures']) == 16 and doc['failures_left_out'] == 4
   and doc['held_back'] == 3 and doc['held'][2]['task'] == 'task2',
   'the fields have their values', doc)
doc = json.loads(compose('json', 3, signal=15, timed_out=1))
ok(doc['exit'] is None and doc['signal'] == 15 and doc['timed_out'] is True
   and doc['result'] == 'timed out, killed by signal 15 (SIGTERM)',
   'a signal is told', doc['result'])
print('1..%d' % tests)
sys.exit(failed != 0)
