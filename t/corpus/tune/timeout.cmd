exit 127
subject timeout: failed to run command ‘pg_dumpx’: No such file or directory
output 373
2026-03-04T08:50:43+00:00 nightly[9325]: running
2026-03-04T08:50:43+00:00 nightly[9325]: step 0 took 0.3436 s
2026-03-04T08:50:43+00:00 nightly[9325]: step 1 took 0.11453 s
2026-03-04T08:50:43+00:00 nightly[9325]: step 2 took 0.18400 s
2026-03-04T08:50:43+00:00 nightly[9325]: step 3 took 0.23084 s
timeout: failed to run command ‘pg_dumpx’: No such file or directory

output 495
2026-07-19T02:58:47+02:00 nightly[9333]: running
2026-07-19T02:58:47+02:00 nightly[9333]: step 0 took 0.7820 s
2026-07-19T02:58:47+02:00 nightly[9333]: step 1 took 0.4171 s
2026-07-19T02:58:47+02:00 nightly[9333]: step 2 took 0.9315 s
2026-07-19T02:58:47+02:00 nightly[9333]: step 3 took 0.18375 s
2026-07-19T02:58:47+02:00 nightly[9333]: step 4 took 0.2770 s
2026-07-19T02:58:47+02:00 nightly[9333]: step 5 took 0.4270 s
timeout: failed to run command ‘pg_dumpx’: No such file or directory

