#!/usr/bin/perl
# runner-notify run by root: it is the user of the job, or nobody on a network.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use NotifyTest;
use Test::More;

plan skip_all => 'only root can become somebody else' if $>;
delete @ENV{grep { /_proxy$/i } keys %ENV};
my $json = '{"chain": "c", "task": "t", "reason": "first"}';
my $nobody = getpwnam 'nobody';
my $dir = scratch();
my $secret = spew("$dir/secret", "Bearer x\n", 0600);

sub command {
	my ($words, @more) = @_;
	return notify(job(kind => 'command', (map { (word => "\"$_\"") }
	    @$words), @more), $json);
}

is_result(command(['id', '-u'], user => 'nobody'), EX_OK,
    qr/^id: accepted: $nobody$/, 'a program runs as the user');
is_result(command(['id', '-G'], user => 'nobody'), EX_OK,
    qr/^id: accepted: \d+$/, 'with no group of root');
is_result(command(['id', '-u']), EX_OK, qr/^id: accepted: 0$/,
    'and as root where nobody else is named');
is_result(command(['id'], user => 'nosuchuser'), EX_CONFIG, qr/nosuchuser/,
    'a user that is not there');
is_result(command(["$dir/none"]), EX_CONFIG, qr/cannot be executed/,
    'a program that is not there');

# The users of the processes that come of a process.
sub users_below {
	my ($top) = @_;
	my (%parent, %user);
	for my $status (glob '/proc/[0-9]*/status') {
		my $text = slurp($status) // next;
		my ($pid) = $status =~ /(\d+)/;
		($parent{$pid}) = $text =~ /^PPid:\s+(\d+)/m;
		($user{$pid}) = $text =~ /^Uid:\s+\d+\s+(\d+)/m;
	}
	my %below = ($top => 1);
	for (1 .. 4) {
		$below{$_} = 1 for grep { $below{$parent{$_} // 0} } keys %parent;
	}
	return map { $user{$_} // () } keys %below;
}

for my $row (
	[[kind => 'webhook', header => "Authorization: \@$secret"], 'http',
	    'a webhook'],
	[[kind => 'ping'], 'http', 'a ping'],
	[[rcpt => 'a@example.test'], 'smtp', 'a mail'],
    ) {
	my ($job, $scheme, $name) = @$row;
	my $s = $scheme eq 'http' ? start_server('http-server', '--act', 'hang')
	    : start_server('smtp-server', '--at', 'mail=hang');
	my $pid = fork // die;
	if (!$pid) {
		notify(job(@$job, timeout_ms => 4000,
		    url => "$scheme://127.0.0.1:$s->{port}/"), $json);
		POSIX::_exit(0);
	}
	ok(wait_for(3, sub { grep { $_ == $nobody } users_below($pid) }),
	    "$name is sent by nobody");
	waitpid $pid, 0;
	stop_server($s);
}

is_result(notify(job(kind => 'webhook', url => 'http://127.0.0.1:1/',
    user => 'nobody', header => "Authorization: \@$secret"), $json), EX_CONFIG,
    qr/secret: Permission denied$/, 'a secret is read as the user');

done_testing();
