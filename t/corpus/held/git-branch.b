exit 128
subject fatal: couldn't find remote ref weekly
subject couldn't find remote ref weekly
subject fatal: couldn't find remote ref weekly
output 215
2026-03-04T08:26:26+00:00 nightly[16286]: running
2026-03-04T08:26:26+00:00 nightly[16286]: step 0 took 0.21869 s
2026-03-04T08:26:26+00:00 nightly[16286]: step 1 took 0.877 s
fatal: couldn't find remote ref weekly

output 472
2026-07-19T02:02:52+02:00 nightly[16293]: running
2026-07-19T02:02:52+02:00 nightly[16293]: step 0 took 0.18226 s
2026-07-19T02:02:52+02:00 nightly[16293]: step 1 took 0.20251 s
2026-07-19T02:02:52+02:00 nightly[16293]: step 2 took 0.1827 s
2026-07-19T02:02:52+02:00 nightly[16293]: step 3 took 0.19326 s
2026-07-19T02:02:52+02:00 nightly[16293]: step 4 took 0.15192 s
2026-07-19T02:02:52+02:00 nightly[16293]: step 5 took 0.27011 s
fatal: couldn't find remote ref weekly

