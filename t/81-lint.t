# make lint fails when a rule of the house is broken: each row breaks one in a
# copy of the tree and says which line it expects.
use strict;
use warnings;
use FindBin;
use File::Temp qw(tempdir);
use Test::More;

my $top = "$FindBin::Bin/..";
our $build = $ENV{RUNNER_BUILD} // "$top/build";
my $copy = tempdir('lint.XXXXXX', TMPDIR => 1, CLEANUP => 1);

plan skip_all => 'needs nm and the objects of a build'
    unless -e "$build/base/text.o" && `nm --version 2>/dev/null`;
system 'cp', '-a', "$top/supervisor", "$top/include", "$copy/";
mkdir "$copy/t";
system 'cp', "$top/t/lint", "$copy/t/";
open my $makefile, '<', "$top/Makefile" or die;
my $text = do { local $/; <$makefile> };
my ($line) = $text =~ /^ROOMS := ((?:.*\\\n)*.*)$/m or die;
my @rooms = grep { $_ ne '\\' } split ' ', $line;

sub slurp {
	open my $file, '<', $_[0] or return '';
	local $/;
	return scalar <$file>;
}

sub spew {
	my ($path, @content) = @_;
	open my $file, '>', $path or die "$path: $!";
	print $file @content;
	return close $file;
}

sub lint {
	my ($check) = @_;
	open my $said, '-|', "$copy/t/lint", '--only', $check, $build, @rooms
	    or die;
	my $words = do { local $/; <$said> };
	close $said;
	return ($words, $? >> 8);
}

for my $check (qw(doors libraries circles openings opens layout symbols)) {
	my ($words, $status) = lint($check);
	is($words, "nothing wrong\n", "$check: the tree as it is");
	is($status, 0, "$check: exit status 0");
}

# [check, file, line at its top or a whole new file, what is said]
for my $row (
	['doors', 'base/text.c', '#include "chain/chain.h"',
	    'base/text.c: chain/chain.h is not of an earlier room'],
	['doors', 'policy/policy.c', '#include "no.h"',
	    'policy/policy.c: no no.h in its room'],
	['doors', 'policy/policy.c', '#include "base/no.h"',
	    'policy/policy.c: base/no.h is not of an earlier room'],
	['doors', 'deliver/job.c', '#include "config/settings.h"',
	    'deliver/job.c: deliver sees base and os alone'],
	['doors', 'attic/attic.c', '/* A room of nobody. */',
	    'attic/attic.c: attic is no room of the Makefile'],
	['doors', 'cli/help.c', "#include \"chain/a.h\"\n" .
	    "#include \"chain/b.h\"\n#include \"chain/c.h\"\n" .
	    '#include "chain/d.h"',
	    'chain has more than four public headers'],
	['libraries', 'cli/help.c', '#include <confuse.h>',
	    'cli/help.c: <confuse.h> belongs to config'],
	['libraries', 'os/process.h', '#include <pipeline.h>',
	    'os/process.h: <pipeline.h> belongs to task'],
	['libraries', 'notify/notify.c', '#include <curl/curl.h>',
	    'notify/notify.c: <curl/curl.h> belongs to deliver'],
	['circles', 'base/text.h', '#include "units.h"', 'a circle of includes',
	    'base/units.h', '#include "text.h"'],
	['openings', 'base/new.c', 'int x;',
	    'base/new.c: begins with no comment'],
	['openings', 'base/text.h', '#include <stdio.h>',
	    'base/text.h: begins with no comment'],
	['opens', 'base/text.c', 'int x = open(path, O_RDONLY | O_CLOEXEC);',
	    'base/text.c: open(path, O_RDONLY | O_CLOEXEC): how?'],
	['opens', 'base/text.c', 'int x = openat(d, n, O_CREAT | FILE_SAFE);',
	    'base/text.c: open(d, n, O_CREAT | FILE_SAFE): O_CREAT without'],
	['layout', 'base/text.c', "\t\t/* " . 'x' x 70 . ' */',
	    'base/text.c:1: longer than 80 columns'],
	['layout', 'base/text.c', 'int x; ', 'base/text.c:1: blanks at its end'],
	['layout', 'base/text.c', '// no', 'base/text.c:1: a // comment'],
	['layout', 'base/text.c', '/* NOLINT */',
	    'base/text.c:1: exempts itself from a check'],
	['symbols', 'base/new.c', '/* Never built. */',
	    'base/new.c: .*base/new.o is not built'],
) {
	my ($check, $file, $broken, $expected, @more) = @$row;
	my %before;
	my @edits = ([$file, $broken], @more ? [@more] : ());
	for my $edit (@edits) {
		my $path = "$copy/supervisor/$edit->[0]";
		(my $directory = $path) =~ s{/[^/]*$}{};
		mkdir $directory;
		$before{$path} = -e $path ? slurp($path) : undef;
		spew($path, "$edit->[1]\n", $before{$path} // '');
	}
	my @made = map { "$copy/supervisor/chain/$_.h" } qw(a b c d);
	spew($_, "/* made */\n") for @made;
	my ($words, $status) = lint($check);
	like($words, qr{^(?:supervisor/)?\Q$expected\E}m, "$check: $expected")
	    unless $expected =~ /\.\*/;
	like($words, qr{^supervisor/$expected}m, "$check: $expected")
	    if $expected =~ /\.\*/;
	is($status, 1, "$check: exit status 1");
	unlink @made;
	defined $before{$_} ? spew($_, $before{$_}) : unlink $_
	    for keys %before;
	rmdir "$copy/supervisor/attic";
}

# A call where it does not belong: an object of that name calls it.
my $objects = tempdir('lint.XXXXXX', TMPDIR => 1, CLEANUP => 1);
system "cd '$build' && cp --parents */*.o *.o '$objects'";
for my $row (['fork', 'policy/policy', 'which only cli deliver task may'],
    ['kill', 'chain/chain', 'which only deliver os may'],
    ['exit', 'base/text', 'which nobody may'],
    ['system', 'cli/help', 'which nobody may']) {
	my ($call, $module, $expected) = @$row;
	my $kept = slurp("$objects/$module.o");
	my $cc = $ENV{CC} // 'cc';
	open my $compile, '|-', "$cc -w -x c -c -o '$objects/$module.o' -"
	    or die;
	print $compile "void $call(int); void f(void) { $call(0); }\n";
	close $compile;
	local $build = $objects;
	my ($words, $status) = lint('symbols');
	like($words, qr/^supervisor\/$module\.c: calls $call, \Q$expected\E/m,
	    "symbols: $call in $module");
	is($status, 1, 'exit status 1');
	spew("$objects/$module.o", $kept);
}
done_testing();
