# runner report: one page, whole, self-contained, harmless, and drawn right by
# a browser on wide and narrow screens, in light and dark.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use Test::More;

my $make_state = "$RunnerTest::BUILD/tools/make-state";
BAIL_OUT("$make_state is not built") unless -x $make_state;

# Two hours of two tasks; the second goes down and stays so.
my $evil = '<script>document.title="owned"</script>"\'>&<img src=x onerror=1>';
my $scene = "chain mail\nset since -9000\nset ended 1\nset waiting 2\n"
    . "set answer 451 $evil\ntask send\nset started -50\nset ms 900\n"
    . "set success 1\nset runs 60\nset recent ......\ntask retry\n"
    . "set started -40\nset ms 40000\nset exit 1\nset runs 60\n"
    . "set failures 31\nset down 1\nset row 30\nset down_since -3600\n"
    . "set message \\x1b[31m$evil \\xff\\x00\nset signature 0xabc\n"
    . join('', map { my $bad = $_ % 2 && ($_ > 60 || $_ == 11);
	sprintf "run %d %d %d %d 0 %d %s\n", $_ % 2, -7200 + 60 * $_,
	    $_ % 2 ? 40000 : 900, $bad ? 1 : 0, !$bad, $bad ? "0xabc $evil" : 0 }
	0 .. 119)
    . "write\nfailure retry 0000000000000abc 31 -6540 -40 1 $evil\n"
    . "failure gone 0123456789abcdef 2 -9000 -8000 1 an old one\n";

my $p = RunnerTest->new->config("chain never { tasks = {\"send\"} }\n"
    . "task send { command = \"true\" }\n");
my $dir = $p->dir;
spew($p->root . '/script', $scene);
my $m = $p->start_command('/bin/sh', '-c',
    "exec $make_state '@{[$p->root]}' <'@{[$p->root]}/script'");
$m->wait;
is $m->err, '', 'the scene is set';
spew($p->root . '/bad.state', 'junk');

my ($status, $page, $err) = $p->run('report');
is $status, 1, 'a page is written to standard output';
is $err, "runner: bad: its state file is damaged; skipped\n",
    'and what is missing is said';

subtest 'where it is written' => sub {
	unlink $p->root . '/bad.state';
	my ($s, $out, $e) = $p->run('report', '-o', 'page.html');
	is "$s$out$e", '0', '-o: to the file, in silence';
	like slurp("$dir/page.html"), qr/^<!DOCTYPE html>.*<\/html>\n\z/s, 'whole';
	is sprintf('%o', (stat "$dir/page.html")[2] & 0777),
	    sprintf('%o', 0666 & ~umask), 'others may read it as any file';
	my $inode = (stat _)[1];
	$p->run('report', '-o', 'page.html');
	isnt +(stat "$dir/page.html")[1], $inode, 'it is replaced, not rewritten';
	chmod 0604, "$dir/page.html";
	chown 65534, 65534, "$dir/page.html" unless $>;
	my @before = (stat "$dir/page.html")[2, 4, 5];
	$p->run('report', '-o', 'page.html');
	is_deeply [(stat "$dir/page.html")[2, 4, 5]], \@before,
	    'its mode and its owner stay';
	is_deeply [glob "$dir/page.html*"], ["$dir/page.html"],
	    'and nothing is left beside it';
	($s, $out, $e) = $p->run('report', '-o', 'none/page.html');
	is $s, 1, 'a directory that is not there: 1';
	like $e, qr/^runner: cannot write none\/page\.html: No such/, 'named';
	($s, $out, $e) = $p->run('report', '-o', '/dev/full');
	is $s, 1, 'a full disk: 1';
	like $e, qr/^runner: cannot write \/dev\/full: No space/, 'named';
	ok -c '/dev/full', 'a device is not replaced';
	is +(lines_of(($p->run('report', '-o', '-'))[1], qr/<html/)), 1,
	    '-o - is standard output';
};

subtest 'what is in it' => sub {
	ok $page !~ qr/<script|<img|onerror="|javascript:|<link|<iframe/i,
	    'no script and nothing that would load';
	ok $page !~ qr/<[^>]*\s(?:src|action|data|poster|on\w+)\s*=/i
	    && $page !~ qr/\bhref\s*=\s*"?[^"#]/i, 'no address but within it';
	ok $page !~ qr/url\(|\@import|https?:/i, 'none in its style either';
	ok $page !~ qr/[\x00-\x08\x0b-\x1f\x7f]/, 'no control character';
	ok utf8::decode(my $copy = $page), 'it is UTF-8';
	ok $page =~ qr/&lt;script&gt;document\.title=&quot;owned&quot;/,
	    'foreign markup is text';
	my %ids = map { $_ => 1 } $page =~ /\bid="([^"]*)"/g;
	my @to = $page =~ /href="#([^"]*)"/g;
	is_deeply [grep { !$ids{$_} } @to], [], 'every link leads somewhere';
	is scalar(grep { $_ eq 'failing' } @to), 1, 'a tile to what fails';
	is scalar(grep { $_ eq 'mail/' } @to), 1, 'an index of the chains';
	like $page, qr/class="key".*<h2>What\ fails.*href="\#mail\/retry"
	    .*<h2>Chains.*<article\ id="mail\/retry".*<article\ id="mail\/send"
	    /sx, 'the legend, what fails, the chains, and failing ones first';
	ok $page =~ qr/<b>1<\/b> chain does not run/, 'how many do not run';
	ok $page =~ qr/<b>1<\/b> task fails/, 'how many tasks fail';
	ok $page =~ qr/its state file is damaged/, 'a chain that is unreadable';
	ok $page =~ qr/2 messages wait in the outbox: 451/, 'the outbox';
	is lines_of($page, qr/<svg class="line"/), 2, 'a time line per task';
	is lines_of($page, qr/<svg class="bars"/), 2, 'durations of each';
	is lines_of($page, qr/^<rect class="fail"/), 62, 'each failed run, twice';
	is lines_of($page, qr/^<rect class="ok"/), 178, 'each good one';
	ok $page =~ qr/still down/, 'the open downtime';
	is lines_of($page, qr/data-of="Failures">(?:30|1)<\/td>/), 2,
	    'two downtimes with their failures';
	ok $page =~ qr/<code>0123456789abcdef<\/code>/,
	    'kept failures of tasks that are gone';
};

# What a browser makes of it: a page of ours loads it in frames of several
# widths, measures them, and writes down what it saw.
my $probe = <<'HTML';
<!DOCTYPE html><body><script>
const seen = {};
const widths = [1200, 800, 500, 360];
const css = (w, e, k) => w.getComputedStyle(e)[k];
// Relative luminance and contrast: WCAG 2.2, 1.4.3.
const light = c => { const v = c.match(/[\d.]+/g).slice(0, 3).map(x => {
	x /= 255; return x <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4; });
	return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; };
const behind = (w, e) => { for (; e; e = e.parentElement) {
	const c = css(w, e, 'backgroundColor');
	if (c !== 'rgba(0, 0, 0, 0)') return c; } return 'rgb(255,255,255)'; };
function measure(frame) {
	const w = frame.contentWindow, d = frame.contentDocument, out = {};
	out.title = d.title;
	out.overflow = d.documentElement.scrollWidth - d.documentElement.clientWidth;
	out.rects = d.querySelectorAll('svg rect').length;
	out.unseen = [...d.querySelectorAll('svg rect[class=ok],svg rect[class=fail]')]
		.filter(r => r.getBoundingClientRect().width < .4).length;
	out.untitled = [...d.querySelectorAll('svg')]
		.filter(s => s.getAttribute('role') !== 'img' ||
		!s.querySelector(':scope>title')).length;
	out.outside = [...d.querySelectorAll('svg rect')].filter(r => {
		const a = r.getBoundingClientRect();
		const b = r.ownerSVGElement.getBoundingClientRect();
		return a.left < b.left - 1 || a.right > b.right + 1 ||
			a.top < b.top - 1 || a.bottom > b.bottom + 1; }).length;
	const words = [...d.querySelectorAll('h1,h2,h3,h4,p,td,th,dt,dd,.pill,.axis span,.scale span,b')]
		.filter(e => e.textContent.trim());
	out.words = words.length;
	out.faint = words.filter(e => { const a = light(css(w, e, 'color')),
		b = light(behind(w, e));
		return (Math.max(a, b) + .05) / (Math.min(a, b) + .05) < 4.5; })
		.map(e => e.textContent.slice(0, 20));
	out.small = words.filter(e => parseFloat(css(w, e, 'fontSize')) < 11).length;
	out.dark = light(css(w, d.body, 'backgroundColor')) < .2;
	out.cut = [...d.querySelectorAll('h2,h3,p,dd')]
		.filter(e => e.scrollWidth > e.clientWidth + 1 &&
		css(w, e, 'display') !== 'inline').length;
	// Where a table is too wide for the page its text has its own line.
	out.squeezed = [...d.querySelectorAll('td.text')].filter(e => {
		const row = e.parentElement.getBoundingClientRect();
		const cell = e.getBoundingClientRect();
		return cell.right > d.documentElement.clientWidth ||
			(cell.width < 220 && cell.width < row.width - 1); }).length;
	out.widest = Math.max(...[...d.querySelectorAll('.bars rect')]
		.map(r => r.getBoundingClientRect().width));
	out.loaded = w.performance.getEntriesByType('resource').length;
	return out;
}
let left = widths.length;
for (const width of widths) {
	const f = document.createElement('iframe');
	f.style.cssText = `width:${width}px;height:900px;border:0`;
	f.onload = () => { try { seen[width] = measure(f); }
		catch (e) { seen[width] = {error: String(e)}; }
		if (!--left) { const out = document.createElement('pre');
			out.id = 'seen'; out.textContent = 'SEEN' +
			JSON.stringify(seen) + 'NEES';
			document.body.replaceChildren(out); } };
	f.src = 'page.html';
	document.body.append(f);
}
</script>
HTML

sub browse {
	my @options = @_;
	my $run = $p->start_command('timeout', 240, 'chromium', '--headless',
	    '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage',
	    '--no-first-run', '--allow-file-access-from-files',
	    "--user-data-dir=$dir/chromium", @options);
	$run->wait(250);
	return $run;
}

subtest 'in a browser' => sub {
	require JSON::PP;
	spew("$dir/page.html", $page);
	spew("$dir/probe.html", $probe);
	for my $scheme ('light', 'dark') {
		my $run = browse('--dump-dom', '--virtual-time-budget=20000',
		    $scheme eq 'dark'
			? '--blink-settings=preferredColorScheme=0' : (),
		    "file://$dir/probe.html");
		my ($json) = $run->out =~ />SEEN(.*)NEES</s;
		ok defined $json, "$scheme: it is loaded"
		    or return diag $run->out . $run->err;
		$json =~ s/&lt;/</g;
		$json =~ s/&gt;/>/g;
		$json =~ s/&amp;/&/g;
		my $seen = JSON::PP::decode_json($json);
		for my $width (1200, 800, 500, 360) {
			my $s = $seen->{$width};
			my $at = "$scheme, $width pixels";
			like $s->{title}, qr/^runner on /, "$at: its own title";
			is $s->{overflow}, 0, "$at: it does not scroll sideways";
			is $s->{rects}, 240 + 2, "$at: every run and downtime";
			is $s->{unseen}, 0, "$at: each is wide enough to be seen";
			is $s->{outside}, 0, "$at: within its drawing";
			is $s->{untitled}, 0, "$at: each drawing has a title";
			cmp_ok $s->{words}, '>', 40, "$at: there is text";
			is_deeply $s->{faint}, [], "$at: all of it is readable";
			is $s->{small}, 0, "$at: none is tiny";
			is $s->{cut}, 0, "$at: none is cut";
			is $s->{squeezed}, 0, "$at: tables show their text";
			cmp_ok $s->{widest}, '<', 16, "$at: no bar is a wall";
			is $s->{loaded}, 0, "$at: nothing is loaded";
			is !!$s->{dark}, $scheme eq 'dark', "$at: its colours"
			    or diag JSON::PP::encode_json($s);
		}
	}
};

subtest 'a picture of it' => sub {
	my $run = browse('--hide-scrollbars', '--window-size=900,1400',
	    "--screenshot=$dir/page.png", "file://$dir/page.html");
	like slurp("$dir/page.png"), qr/^\x89PNG\r\n\x1a\n/, 'is a picture'
	    or diag $run->err;
	cmp_ok -s "$dir/page.png", '>', 20000, 'and not an empty one';
	$run = browse("--print-to-pdf=$dir/page.pdf", '--no-pdf-header-footer',
	    "file://$dir/page.html");
	like slurp("$dir/page.pdf"), qr/^%PDF-/, 'it can be printed'
	    or diag $run->err;
};

subtest 'a hundred chains with all the runs that are kept' => sub {
	my $q = RunnerTest->new->config('');
	my $many = '';
	for my $chain (1 .. 100) {
		$many .= "chain c$chain\nset since -90000\nset ended 1\ntask t\n"
		    . "set started -50\nset success 1\n";
		for my $run (0 .. 1023) {
			my $bad = $run * $chain % 31 == 7;
			$many .= sprintf "run 0 %d %d %d 0 %d %s\n",
			    -90000 + 87 * $run, 300 + $run * 7 % 900, $bad,
			    !$bad, $bad ? '0xabc Error: it is away' : 0;
		}
		$many .= "write\n";
	}
	mkdir $q->root;
	spew($q->root . '/script', $many);
	system("$make_state '@{[$q->root]}' <'@{[$q->root]}/script'") == 0
	    or die 'cannot make the states';
	my ($s, $out) = $q->run('report', '-o', 'page.html');
	is $s, 0, 'become a page';
	my $page_size = -s $q->dir . '/page.html';
	cmp_ok $page_size, '<', 12e6, "of a size that a browser takes"
	    or diag $page_size;
	# What is drawn as one is not lost: each drawing says how many runs.
	is lines_of(slurp($q->dir . '/page.html'), qr/: 1024 runs, \d+ failed</),
	    100, 'with every run';
};

subtest 'nothing to report' => sub {
	my $q = RunnerTest->new->config('');
	my ($s, $out) = $q->run('report');
	is $s, 0, 'is a page too';
	like $out, qr/No chain has run here/, 'that says so';
};

subtest 'of one who may not read it' => sub {
	plan skip_all => 'only root can be somebody else' if $>;
	my $q = RunnerTest->new->config("chain c { tasks = a }\n");
	$q->task(a => "#!/bin/sh\nexit 1\n");
	$q->run('once', '-n', 'c');
	chmod 0755, $q->dir, $q->root;
	my $r = $q->start_command('setpriv', '--reuid=65534', '--regid=65534',
	    '--clear-groups', $RunnerTest::RUNNER, 'report');
	$r->wait;
	is $r->status, 1, 'status 1';
	like $r->err, qr/^runner: cannot read .*failures, it is not yours to see/m,
	    'said of the failures';
	like $r->err, qr/^runner: c: it is not yours to see/m, 'and of the chain';
	unlike $r->out, qr/<b>0<\/b> (?:tasks fail|distinct)|None is kept/,
	    'what is not known is not told';
	is lines_of($r->out, qr/<b>\?<\/b> (?:tasks fail|distinct)/), 2,
	    'but said to be unknown';
	like $r->out, qr/<b>1<\/b> chain cannot be read/, 'and why';
	like $r->out, qr/They cannot be read/, 'also below';
};

done_testing;
