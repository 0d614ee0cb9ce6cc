# NotifyTest: runs runner-notify by hand, as the supervisor would, against
# servers that t/lib starts.  Core modules only.
package NotifyTest;
use strict;
use warnings;
use Cwd qw(abs_path);
use Exporter 'import';
use File::Basename qw(dirname);
use File::Path qw(remove_tree);
use File::Temp qw(tempdir);
use POSIX qw(dup2);
use Test::More;
use Time::HiRes qw(time sleep);

# Tests write paths into scripts, without quotes.
BEGIN { delete $ENV{TMPDIR} if ($ENV{TMPDIR} // '') =~ m{[^\w./+-]} }

our @EXPORT = qw(scratch job notify is_result start_server stop_server slurp
    spew wait_for EX_OK EX_USAGE EX_UNAVAILABLE EX_TEMPFAIL EX_CONFIG $MESSAGE);
use constant {
	EX_OK => 0,
	EX_USAGE => 64,
	EX_UNAVAILABLE => 69,
	EX_TEMPFAIL => 75,
	EX_CONFIG => 78,
};

my $lib = abs_path(dirname(__FILE__));
my $program = $ENV{RUNNER_NOTIFY} ||
    ($ENV{RUNNER_BUILD} || "$lib/../../build") . '/runner-notify';
BAIL_OUT("$program is not built") unless -x $program;
$program = abs_path($program);
my %servers;
my $owner = $$;
# Ctrl-C too: what END ends and removes is ended and removed.
$SIG{$_} = sub { $$ == $owner ? exit 143 : POSIX::_exit(143) }
    for qw(INT TERM HUP);

our $MESSAGE = join "\r\n", 'From: runner@example.test',
    'To: anna@example.test', 'Subject: [t] First exception caught: x',
    'Message-ID: <1.2@example.test>', '', 'It failed.', '.', '..two dots',
    '. one dot and more', '', 'The end.', '';

# A directory of its own, that daemons of other users may walk through.
sub scratch {
	my $dir = tempdir(CLEANUP => 1);
	chmod 0755, $dir;
	return $dir;
}

sub slurp {
	my ($path) = @_;
	open my $file, '<:raw', $path or return undef;
	local $/;
	return scalar <$file>;
}

sub spew {
	my ($path, $content, $mode) = @_;
	open my $file, '>:raw', $path or die "$path: $!";
	print $file $content;
	close $file or die "$path: $!";
	chmod $mode, $path if defined $mode;
	return $path;
}

# True once the condition holds; false after `seconds`.
sub wait_for {
	my ($seconds, $condition) = @_;
	my $end = time + $seconds;
	until ($condition->()) {
		return 0 if time > $end;
		sleep 0.02;
	}
	return 1;
}

# The text of a job: pairs, defaults first; undef takes a default away.
sub job {
	my %given;
	my @pairs = @_;
	for (my $i = 0; $i < @pairs; $i += 2) {
		$given{$pairs[$i]} = 1;
	}
	my %default = (from => 'runner@example.test', timeout_ms => 10000,
	    unique => '1764000000.1.0');
	my $text = '';
	$text .= "kind mail\n" unless $given{kind};
	unshift @pairs, map { $given{$_} ? () : ($_, $default{$_}) }
	    sort keys %default unless $given{kind};
	push @pairs, timeout_ms => 10000
	    if $given{kind} && !$given{timeout_ms};
	while (my ($key, $value) = splice @pairs, 0, 2) {
		$text .= "$key $value\n" if defined $value;
	}
	return $text;
}

# Runs it with a job and a message (undef: descriptor 3 is closed).  Returns
# a result for is_result().
sub notify {
	my ($job, $message) = @_;
	my $dir = tempdir(CLEANUP => 1);
	my $start = time;
	spew("$dir/job", $job);
	# What stands before is not the message: an outbox file has more.
	my $before = "the envelope of an outbox file\n";
	spew("$dir/message", $before . $message) if defined $message;
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		open STDIN, '<', "$dir/job" or die;
		open STDOUT, '>', "$dir/out" or die;
		open STDERR, '>', "$dir/err" or die;
		POSIX::close(3);
		if (defined $message) {
			my $fd = POSIX::open("$dir/message",
			    POSIX::O_RDONLY()) // die;
			dup2($fd, 3) == 3 or die if $fd != 3;
			POSIX::lseek(3, length $before, 0);
		}
		my @wrapper = split ' ', $ENV{NOTIFY_WRAPPER} // '';
		my @argv = (@wrapper, $program);
		exec { $argv[0] } @argv or die "exec: $!";
	}
	waitpid $pid, 0;
	my %result = (
		status => $? & 127 ? "signal " . ($? & 127) : $? >> 8,
		seconds => time - $start,
		out => slurp("$dir/out"),
		err => slurp("$dir/err"),
		job => $job,
	);
	# Now, for a child that calls this ends without END.
	remove_tree($dir);
	$result{last} = (split /\n/, $result{out})[-1] // '';
	return \%result;
}

# One test: the exit status, what the last line is like, and that the answer
# is made of whole, bounded, clean lines.
sub is_result {
	my ($result, $status, $last, $name) = @_;
	my $why = '';
	$why .= "status is $result->{status}, not $status; "
	    if $result->{status} ne $status;
	$why .= 'last line differs; ' if $result->{last} !~ $last;
	$why .= 'something on stderr; ' if $result->{err} ne '';
	$why .= 'no whole line; ' if $result->{out} !~ /\n\z/;
	for my $line (split /\n/, $result->{out}) {
		$why .= 'overlong line; ' if length $line >= 1024;
		$why .= 'control character; ' if $line =~ /[\x00-\x1f\x7f]/;
		my $copy = $line;
		$why .= 'not UTF-8; ' unless utf8::decode($copy);
	}
	return ok(1, $name) if $why eq '';
	ok(0, $name);
	diag("$why\nwanted last line: $last");
	diag("$_: $result->{$_}") for qw(status seconds out err job);
	return 0;
}

# Starts t/lib/NAME with arguments; its directory comes last by itself.  Returns
# {port, dir}.
sub start_server {
	my ($name, @arguments) = @_;
	my $dir = scratch();
	my $pid = open(my $from, '-|', "$lib/$name", @arguments, $dir)
	    // die "$name: $!";
	my $port = <$from> // die "$name did not start";
	chomp $port;
	$servers{$pid} = 1;
	return {port => $port, dir => $dir, pid => $pid, from => $from};
}

sub stop_server {
	my ($server) = @_;
	kill 'TERM', $server->{pid};
	close $server->{from};
	delete $servers{$server->{pid}};
}

END {
	my $status = $?;
	kill 'TERM', keys %servers if %servers;
	waitpid $_, 0 for keys %servers;
	$? = $status;
}

1;
