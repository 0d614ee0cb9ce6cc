# What systemd is told: sd_notify(3).
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use IO::Select;
use IO::Socket::UNIX;
use RunnerTest;
use Socket qw(SOCK_DGRAM);
use Test::More;

my $p = RunnerTest->new;
$p->config('success_cooldown = 1h fail_cooldown = 1h');
$p->task(good => "#!/bin/sh\n");
$p->task(bad => "#!/bin/sh\necho lost >&2; exit 1\n");
my $socket = IO::Socket::UNIX->new(Type => SOCK_DGRAM,
    Local => $p->dir . '/notify') or BAIL_OUT("a socket: $!");
my $told = '';

# All that came so far, a line each.
sub told {
	while (IO::Select->new($socket)->can_read(0)) {
		$socket->recv(my $datagram, 4096);
		$told .= "$datagram\n";
	}
	return $told;
}

sub is_told {
	my ($pattern, $sentence) = @_;
	ok wait_for(sub { told() =~ $pattern }), $sentence or diag told();
}

my $run = $p->start_command('env', 'NOTIFY_SOCKET=' . $p->dir . '/notify',
    'WATCHDOG_USEC=100000', $RunnerTest::RUNNER, 'run', 'good', 'bad');
is_told(qr/\AREADY=1\n(?:WATCHDOG=1\n)*STATUS=running good\n/,
    'ready, then the first task');
is_told(qr/^STATUS=good succeeded; bad runs at 20\S+Z$/m,
    'how it went and what is next');
is_told(qr/^WATCHDOG=1\nWATCHDOG=1$/m, 'it lives');
kill USR1 => $run->pid;
is_told(qr/^STATUS=running bad$/m, 'the next task');
is_told(qr/^STATUS=bad failed, 1 in a row; good runs at 20\S+Z$/m,
    'how often it failed');
kill HUP => $run->pid;
is_told(qr/^RELOADING=1\nMONOTONIC_USEC=\d+\nREADY=1$/m, 'reloading');
kill TERM => $run->pid;
is_told(qr/^STOPPING=1$/m, 'stopping');
$run->wait;
is $run->status, 0, 'and stopped';

done_testing;
