# The metrics that a chain keeps in metrics_dir, and what is made of them: the
# alerting rules and the dashboard in share/ name only metrics that there are.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use JSON::PP ();
use RunnerTest;
use Test::More;

my $share = "$FindBin::Bin/../supervisor/share";
my $p = RunnerTest->new;
my $dir = $p->dir;
mkdir "$dir/metrics";
my $file = "$dir/metrics/runner-c.prom";

# What promtool says of a file: nothing.
sub is_fit {
	my ($text, $name) = @_;
	spew("$dir/checked", $text);
	my $check = $p->start_command('/bin/sh', '-c',
	    "promtool check metrics <$dir/checked");
	$check->wait;
	is $check->status . $check->out . $check->err, '0', $name
	    or diag $text;
	return;
}

# A sample's value.
sub value {
	my ($sample) = @_;
	my ($value) = slurp($file) =~ /^\Q$sample\E (\S+)$/m;
	return $value;
}

$p->config("log { format = plain }\nmetrics_dir = metrics\n"
    . "success_cooldown = 50ms\nfail_cooldown = 1h\n"
    . "mail { max_per_hour = 0 }\n");
$p->task(good => "#!/bin/sh\nsleep 0.2\n");
$p->task(bad => "#!/bin/sh\nexit 3\n");
my $task = 'chain="c",task=';
my $run = $p->start('run', '-n', 'c', 'good', 'bad');
$run->wait_log(qr/\[bad\] Sleeping/);
ok wait_for { (value('runner_notifications_waiting{chain="c"}') // 1) == 0
    && value(qq(runner_task_runs_total{${task}"bad"})) },
    'a delivery is told of too' or diag -e $file ? slurp($file) : $run->err;
is_fit slurp($file), 'promtool finds nothing wrong, and says nothing';
is sprintf('%o', (stat $file)[2] & 0777), '644', 'all may read it';
is value('runner_chain_running{chain="c"}'), 1, 'the chain runs';
is value(qq(runner_task_run_duration_seconds_count{${task}"good"})), 1,
    'one run is counted';
my $sum = value(qq(runner_task_run_duration_seconds_sum{${task}"good"}));
ok $sum >= 0.1 && $sum < 30, 'with its duration' or diag $sum;
my $at = value(qq(runner_task_last_success_timestamp_seconds{${task}"good"}));
ok abs($at - time) < 60, 'it succeeded just now' or diag $at;
is value(qq(runner_task_last_success_timestamp_seconds{${task}"bad"})), undef,
    'the other never did';
is value(qq(runner_task_last_exit_status{${task}"bad"})), 3, 'how it ended';
is slurp($file) =~ /runner_info/, '',
    'what is of no chain is in no file: two files may not have one series';
is $run->stop, 0, 'it stops';
is value('runner_chain_running{chain="c"}'), 0, 'which is told of as well';
is_deeply [map { s/.*\///r } glob "$dir/metrics/{,.}*[a-z]*"], ['runner-c.prom'],
    'nothing else is left there';

my ($status, $all) = $p->run('status', '--prometheus');
is_fit $all, 'promtool finds nothing wrong with all of them';
my %known = map { $_ => 1 } $all =~ /^# TYPE (\S+)/mg;
delete $known{runner_info};
my %in_file = map { $_ => 1 } slurp($file) =~ /^# TYPE (\S+)/mg;
is_deeply [sort keys %in_file], [sort keys %known],
    'the file has every metric that status has';
$at = value(qq(runner_task_last_success_timestamp_seconds{${task}"good"}));
$run = $p->start('run', '-n', 'c', 'good', 'bad');
ok wait_for { value('runner_chain_running{chain="c"}') }, 'a new start';
is value(qq(runner_task_last_success_timestamp_seconds{${task}"good"})), $at,
    'knows the last success of the runner before it';
$run->stop;

subtest 'a directory that is not there' => sub {
	my $q = RunnerTest->new;
	$q->config("log { format = plain }\nmetrics_dir = none\n"
	    . "success_cooldown = 20ms\n");
	$q->task(t => "#!/bin/sh\n");
	my $r = $q->start('run', 't');
	ok $r->wait_log(qr/Sleeping/, 3), 'the chain runs on';
	mkdir $q->dir . '/none';
	ok $r->wait_log(qr/^INFO The metrics of t are written again/),
	    'until it is';
	$r->stop;
	is lines_of($r->err, qr/^WARNING Could not write \S*\/none\/runner-t\.prom/),
	    1, 'it is said once';
};

# Every name in an expression: of a metric that is told, with what a summary
# adds to it.
sub names_of {
	my ($text) = @_;
	return grep { my $name = s/_(?:sum|count)\z//r;
	    !$known{$_} && !$known{$name} } $text =~ /\b(runner_\w+)/g;
}

subtest 'alerting rules' => sub {
	my $rules = "$share/prometheus/runner.rules.yml";
	my $check = $p->start_command('promtool', 'check', 'rules', $rules);
	$check->wait;
	is $check->status, 0, 'promtool takes them'
	    or diag $check->out . $check->err;
	like $check->out, qr/SUCCESS: 9 rules found/, 'all of them';
	is_deeply [names_of(slurp($rules))], [], 'they name what there is';
};

subtest 'the rules, on metrics of a chain that is ill' => sub {
	spew("$dir/rules.yml", slurp("$share/prometheus/runner.rules.yml"));
	spew("$dir/test.yml", <<'YAML');
rule_files: [rules.yml]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - {series: 'runner_chain_running{chain="c"}', values: '0x1500'}
      - {series: 'runner_chain_declared{chain="c"}', values: '1x1500'}
      - {series: 'runner_notifications_waiting{chain="c"}', values: '2x1500'}
      - {series: 'runner_notifications_refused{chain="c"}', values: '0x20 1x1480'}
      - {series: 'runner_task_down_since_timestamp_seconds{chain="c",task="a"}',
         values: '60x1500'}
      - {series: 'runner_task_down_since_timestamp_seconds{chain="c",task="b"}',
         values: '60x1500'}
      - {series: 'runner_task_acknowledged{chain="c",task="a"}', values: '0x1500'}
      - {series: 'runner_task_acknowledged{chain="c",task="b"}', values: '1x1500'}
      - {series: 'runner_task_last_success_timestamp_seconds{chain="c",task="a"}',
         values: '30x1500'}
    promql_expr_test:
      - {expr: 'count(ALERTS{alertname="RunnerChainDown",alertstate="firing"})',
         eval_time: 10m, exp_samples: [{labels: '{}', value: 1}]}
      - {expr: 'count by (task) (ALERTS{alertname="RunnerTaskDown"})',
         eval_time: 3h, exp_samples: [{labels: '{task="a"}', value: 1}]}
      - {expr: 'count(ALERTS{alertname="RunnerTaskWithoutSuccess"})',
         eval_time: 25h, exp_samples: [{labels: '{}', value: 1}]}
      - {expr: 'count(ALERTS{alertname="RunnerTaskWithoutSuccess"})',
         eval_time: 23h, exp_samples: []}
      - {expr: 'count(ALERTS{alertname="RunnerNotificationsWait",alertstate="firing"})',
         eval_time: 40m, exp_samples: [{labels: '{}', value: 1}]}
      - {expr: 'count(ALERTS{alertname="RunnerNotificationsRefused"})',
         eval_time: 10m, exp_samples: []}
      - {expr: 'count(ALERTS{alertname="RunnerNotificationsRefused"})',
         eval_time: 30m, exp_samples: [{labels: '{}', value: 1}]}
YAML
	my $check = $p->start_command('promtool', 'test', 'rules',
	    "$dir/test.yml");
	$check->wait;
	is $check->status, 0, 'fire when they should'
	    or diag $check->out . $check->err;
};

subtest 'the dashboard' => sub {
	my $text = slurp("$share/grafana/runner.json");
	my $board = eval { JSON::PP::decode_json($text) };
	ok $board, 'is JSON' or diag $@;
	cmp_ok scalar(@{$board->{panels}}), '>', 5, 'with panels';
	my @exprs = map { map { $_->{expr} } @{$_->{targets}} }
	    @{$board->{panels}};
	is_deeply [map { names_of($_) } @exprs], [], 'that name what there is';
	is_deeply [names_of($_->{query})], [], "as does \$$_->{name}"
	    for @{$board->{templating}{list}};
};

done_testing;
