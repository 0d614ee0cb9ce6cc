# The manual and the example say what the tables say: each command with its
# options in the synopsis of runner(1), each key in runner.conf(5) and in
# runner.conf.example, and nothing that is not there.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use RunnerTest;
use Test::More;

my $man = "$RunnerTest::TOP/supervisor/man";
my $runner = slurp("$man/runner.1");
my ($overview) = `$RunnerTest::RUNNER --help` =~ /\n\n(.*?)\n\n/s;
my @commands = $overview =~ /^  (\S+)/mg;
cmp_ok scalar @commands, '>', 10, 'there are commands';

# The options of each command by their long names, those of every command and
# -h apart; and the long name of a letter.
my (%options, %letters);
for my $command (@commands) {
	my $page = `$RunnerTest::RUNNER help $command`;
	unlike $page, qr/(?<!Exit )\b(?:@{[join '|', @commands]}):\s/,
	    "help of `$command` speaks of no other command's options";
	while ($page =~ /^  (?:-(\w), )?--([\w-]+)/mg) {
		$letters{$command}{$1} = $2 if $1;
		$options{$command}{$2} = 1 unless $2 =~ /^(?:config|run-root)$/;
	}
}

# The same as the synopsis has it.
my %shown;
my ($synopsis) = $runner =~ /^\.Sh SYNOPSIS\n(.*?)^\.Sh /ms;
for my $block (split /^\.Nm.*\n/m, $synopsis) {
	my ($names) = $block =~ /^\.Cm (.*)/m or next;
	for my $name (split / \| /, $names) {
		$shown{$name} //= {};
		while ($block =~ /\bFl (Fl )?([\w-]+)/g) {
			$shown{$name}{$1 ? $2 : $letters{$name}{$2} // $2} = 1;
		}
	}
}
for my $command (grep { $_ ne 'help' } @commands) {
	is_deeply [sort keys %{$shown{$command} // {none => 1}}],
	    [sort keys %{$options{$command} // {}}],
	    "the synopsis of `$command` has its options";
}
my %known = map { $_ => 1 } qw(help version config run-root),
    map { keys %$_ } values %options;
my @strange = grep { !$known{$_} } $runner =~ /\bFl Fl ([\w-]+)/g;
is_deeply \@strange, [], 'the manual has no option that runner has not';
my ($commands) = $runner =~ /^\.Sh COMMANDS\n(.*?)^\.Sh /ms;
my %told = map { $_ => 1 } map { split / \| / }
    $commands =~ /^\.It Cm (.*?)(?: Ar| O[op]|$)/mg;
is_deeply [grep { !$told{$_} } @commands], [], 'and tells of each command';

# The keys.
my %title = ('TOP LEVEL' => '', TASKS => 'task', LOG => 'log', MAIL => 'mail',
    WEBHOOK => 'webhook', CHAINS => 'chain');
my (%keys, %documented, %example);
for (split /\n/, `$RunnerTest::BUILD/tools/keys`) {
	my ($section, $key) = split /\t/;
	$keys{$section}{$key} = 1;
}
my $conf = slurp("$man/runner.conf.5");
while ($conf =~ /^\.Sh ([^\n]*)\n(.*?)(?=^\.Sh |\z)/msg) {
	my ($head, $text) = ($1, $2);
	next unless defined $title{$head};
	for ($text =~ /^\.It Ic (.*?)(?: No\b.*| Ns\b.*)?$/mg) {
		$documented{$title{$head}}{$_} = 1 for split / , /;
	}
}
my $section = '';
for (split /\n/, slurp("$FindBin::Bin/../runner.conf.example")) {
	s/^(\t*)#(?=[a-z}\t])/$1/ for $_, $_;
	$section = $1 if /^(\w+)(?: \w+)? \{/;
	$example{$section}{$1} = 1 if /^\t?(\w+) = /;
	$section = '' if /^\}/;
}
delete $documented{''}{include};
for my $section (sort keys %keys) {
	my $name = $section || 'the top level';
	is_deeply [sort keys %{$documented{$section}}],
	    [sort keys %{$keys{$section}}],
	    "runner.conf(5) has the keys of $name";
	# Those of a task stand at the top level, as everybody's default.
	my %there = (%{$example{$section} // {}},
	    $section eq 'task' ? %{$example{''}} : ());
	is_deeply [grep { !$there{$_} } sort keys %{$keys{$section}}], [],
	    "runner.conf.example has the keys of $name";
}

done_testing;
