#!/usr/bin/perl
# runner-notify without a network: Maildir and sendmail, and jobs that are
# none.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use NotifyTest;
use Test::More;
use Time::HiRes qw(time);

chomp(my $host = `hostname`);
(my $local = $MESSAGE) =~ s/\r\n/\n/g;

sub to_maildir {
	my ($path, %more) = @_;
	return notify(job(url => "maildir:$path", %more), $MESSAGE);
}

sub files {
	my ($directory) = @_;
	opendir my $handle, $directory or return ();
	return sort grep { !/^\.\.?$/ } readdir $handle;
}

{
	my $dir = scratch();
	my $box = "$dir/mail";
	my $name = "1764000000.1.0.$host";
	umask 022;
	my $r = to_maildir($box);
	is_result($r, EX_OK, qr/^delivered to \Q$box\/new\/$name\E$/,
	    'a Maildir that is missing is made');
	is_deeply([files($box)], [qw(cur new tmp)], 'with its three directories');
	is(sprintf('%04o', (stat "$box/$_")[2] & 07777), '0700',
	    "mode 0700: ./$_") for '.', 'cur', 'new', 'tmp';
	is_deeply([files("$box/new")], [$name], 'and one message in new');
	is_deeply([files("$box/tmp")], [], 'and nothing in tmp');
	is(slurp("$box/new/$name"), $local,
	    'whose lines end as lines of files do');
	is(sprintf('%04o', (stat "$box/new/$name")[2] & 07777), '0600',
	    'only its owner can read it');

	my $inode = (stat "$box/new/$name")[1];
	is_result(to_maildir($box), EX_OK,
	    qr/^delivered before to \Q$box\/new\/$name\E$/,
	    'delivered again it is recognised');
	is((stat "$box/new/$name")[1], $inode, 'and not touched');
	rename "$box/new/$name", "$box/cur/$name:2,S" or die;
	is_result(to_maildir($box), EX_OK, qr/^delivered before .*\/cur\//,
	    'in cur as well, whatever its flags');
	is_deeply([files("$box/new")], [], 'so that nothing is twice');
	is_result(to_maildir($box, unique => '1764000000.1.00'), EX_OK,
	    qr/^delivered to /, 'another message is another one');
	is_result(to_maildir($box, unique => '1764000000.1'), EX_OK,
	    qr/^delivered to /, 'also when its name is a part of the first');
	is_result(to_maildir($box, unique => '.hidden'), EX_OK,
	    qr/^delivered to \Q$box\/new\/\E[^.]/,
	    'no name starts with a dot, since readers skip those');

	spew("$box/tmp/1764000000.1.9.$host,4242", 'half of it');
	spew("$box/tmp/somebody.elses,1", 'not ours');
	is_result(to_maildir($box, unique => '1764000000.1.9'), EX_OK,
	    qr/^delivered to /, 'what a killed attempt left is no obstacle');
	is_deeply([files("$box/tmp")], ['somebody.elses,1'],
	    'and is cleared away, other things are not');
}

# Killed at any moment, and tried again: exactly one whole message.
{
	my $home = scratch();
	my $box = "$home/mail";
	# What those leave that are killed.
	local $ENV{TMPDIR} = $home;
	my $bad = 0;
	for my $n (1 .. 40) {
		my $pid = fork // die;
		if (!$pid) {
			to_maildir($box, unique => "kill.$n");
			exit 0;
		}
		# notify() forks again: end its whole process group.
		setpgrp $pid, $pid;
		select undef, undef, undef, $n / 1000;
		kill 'KILL', -$pid;
		waitpid $pid, 0;
		my $r = to_maildir($box, unique => "kill.$n");
		$bad++ unless $r->{status} eq EX_OK
		    && (slurp("$box/new/kill.$n.$host") // '') eq $local;
	}
	is($bad, 0, 'killed at 40 different moments: whole after the retry');
	is(@{[files("$box/new")]}, 40, 'never twice');
	is_deeply([files("$box/tmp")], [], 'and nothing is left in tmp');
}

# What cannot be a Maildir.
{
	my $dir = scratch();
	is_result(to_maildir("$dir/no/such/mail"), EX_CONFIG,
	    qr/^maildir \Q$dir\E\/no\/such\/mail: No such file/,
	    'a parent that is missing is not made');
	spew("$dir/file", '');
	is_result(to_maildir("$dir/file"), EX_CONFIG, qr/Not a directory/,
	    'a file is no Maildir');
	mkdir "$dir/odd";
	spew("$dir/odd/new", '');
	is_result(to_maildir("$dir/odd"), EX_CONFIG, qr/Not a directory/,
	    'nor is a directory with a file for new');
	SKIP: {
		skip 'needs a small file system: root and namespaces', 3
		    if $> || system('unshare -m true 2>/dev/null');
		mkdir "$dir/small";
		spew("$dir/wrapper", <<~"END", 0755);
		#!/bin/sh
		mount -t tmpfs -o size=64k none $dir/small || exit 99
		mkdir -m 700 $dir/small/m
		"\$@"
		status=\$?
		find $dir/small/m -type f >$dir/left
		exit \$status
		END
		local $ENV{NOTIFY_WRAPPER} = "unshare -m $dir/wrapper";
		my $r = notify(job(url => "maildir:$dir/small/m"),
		    $MESSAGE x 2000);
		skip 'cannot mount', 3 if $r->{status} eq 99;
		is_result($r, EX_TEMPFAIL, qr/No space left/, 'a full disk');
		is(slurp("$dir/left"), '', 'leaves no half message');
		skip 'needs root', 1 if $>;
		my $box = "$dir/bens";
		mkdir $box, 0700;
		chown 65534, 65534, $box;
		delete $ENV{NOTIFY_WRAPPER};
		to_maildir($box);
		is((stat "$box/new/1764000000.1.0.$host")[4], 65534,
		    'in a Maildir of somebody else\'s the message is his');
	}
}

# sendmail.
my $dir = scratch();

sub to_sendmail {
	my ($script, @more) = @_;
	my $path = spew("$dir/sendmail", "#!/bin/sh\n$script\n", 0755);
	@more = (rcpt => 'anna@example.test', rcpt => '-ben@example.test')
	    unless @more;
	return notify(job(url => "sendmail:$path", @more), $MESSAGE);
}

{
	my $r = to_sendmail("printf '%s\\n' \"\$@\" >$dir/argv
cat >$dir/message
ls -l /proc/self/fd >$dir/fds
grep -E 'Sig(Ign|Blk)' /proc/self/status >$dir/signals");
	is_result($r, EX_OK, qr/^\Q$dir\E\/sendmail: accepted$/,
	    'sendmail takes it');
	is(slurp("$dir/argv"), join("\n", '-i', '-f', 'runner@example.test',
	    '--', 'anna@example.test', '-ben@example.test', ''),
	    'its arguments, no recipient can be an option');
	is(slurp("$dir/message"), $local, 'and its input');
	my $fds = () = slurp("$dir/fds") =~ / [3-9] ->/g;
	is($fds, 1, 'it inherits no descriptor (one is ls\'s own)')
	    or diag slurp("$dir/fds");
	unlike(slurp("$dir/signals"), qr/SigBlk:\t\d*[1-9a-f]/,
	    'and no blocked signal');
	ok((hex((slurp("$dir/signals") =~ /SigIgn:\t\S*(\S{4})$/m)[0]) & 0x1000) == 0,
	    'nor SIGPIPE ignored') or diag slurp("$dir/signals");
}

for my $status (0 .. 255) {
	my %map = (0, EX_OK, 65, EX_UNAVAILABLE, 67, EX_UNAVAILABLE, 69,
	    EX_UNAVAILABLE, 64, EX_CONFIG, 77, EX_CONFIG, 78, EX_CONFIG);
	next unless exists $map{$status} || $status % 16 == 3
	    || ($status >= 60 && $status < 80);
	is_result(to_sendmail("echo first >&2; echo why it is so >&2
exit $status"), $map{$status} // EX_TEMPFAIL,
	    qr/: (accepted|exit status $status): why it is so$/,
	    "sendmail that exits $status");
}
is_result(to_sendmail('kill -9 $$'), EX_TEMPFAIL, qr/killed by signal 9/,
    'sendmail that is killed');
is_result(to_sendmail('printf "\033[31mred\007\377\n"; exit 69'),
    EX_UNAVAILABLE, qr/: \\x1b\[31mred\\x07\\xff$/, 'its words are escaped');
is_result(to_sendmail('exec yes "$(printf %3000s x)"', timeout_ms => 600,
    rcpt => 'a@b'), EX_TEMPFAIL, qr/did not end in time/,
    'output without end is bounded');
is_result(to_sendmail('head -c 300000 /dev/zero | tr "\0" x; exit 75'),
    EX_TEMPFAIL, qr/exit status 75: x+$/, 'so is a long line');
is_result(to_sendmail('exec <&-; sleep 0.1; exit 0'), EX_OK, qr/accepted/,
    'one that reads nothing is no SIGPIPE to us');
{
	my $r = to_sendmail("sleep 60 & echo \$! >$dir/pid; trap '' TERM
sleep 60", timeout_ms => 500, rcpt => 'a@b');
	is_result($r, EX_TEMPFAIL, qr/did not end in time/,
	    'one that hangs is killed in time');
	ok($r->{seconds} < 6.5, 'in time') or diag $r->{seconds};
	my $pid = slurp("$dir/pid") + 0;
	ok(wait_for(5, sub {
		(slurp("/proc/$pid/stat") // 'x (sleep) Z') =~ /\) Z/;
	}), 'with all its group') or diag `ps -fp $pid`;
	my $start = time;
	$r = to_sendmail("setsid sleep 30 & echo \$! >$dir/pid; exit 0");
	is_result($r, EX_OK, qr/accepted/,
	    'one that leaves a daemon behind is not waited for');
	ok(time - $start < 10, 'indeed');
	kill 'KILL', slurp("$dir/pid");
}
is_result(notify(job(url => "sendmail:$dir/none", rcpt => 'a@b'), $MESSAGE),
    EX_CONFIG, qr/cannot be executed: No such file/, 'no such sendmail');
spew("$dir/plain", 'no program', 0644);
is_result(notify(job(url => "sendmail:$dir/plain", rcpt => 'a@b'), $MESSAGE),
    EX_CONFIG, qr/cannot be executed: Permission denied/, 'not executable');

# Jobs that are none; the rest is t/unit/notify_job.
my $good = job(url => "maildir:$dir/m");
for my $row (
	['', qr/^job: kind is missing/, 'an empty job'],
	["kind mail\n", qr/^job: from is missing/, 'half a job'],
	[$good . "colour red\n", qr/unknown key/, 'an unknown key'],
	[substr($good, 0, -1), qr/ends within a line/, 'a cut one'],
	[$good . "rcpt x\n" x 5000, qr/too long/, 'a long one'],
	[$good . "rcpt a\0b\n", qr/NUL/, 'one with a NUL'],
    ) {
	is_result(notify($row->[0], $MESSAGE), EX_USAGE, $row->[1], $row->[2]);
}
is_result(notify($good, ''), EX_USAGE, qr/^message: is empty/,
    'an empty message');
is_result(notify($good, undef), EX_USAGE, qr/^message: Bad file/,
    'no message');
done_testing();
