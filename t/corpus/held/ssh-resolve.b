exit 255
subject ssh: Could not resolve hostname db2.shop.invalid: Name or service not known
output 316
2026-03-04T09:20:14+00:00 nightly[11803]: running
2026-03-04T09:20:14+00:00 nightly[11803]: step 0 took 0.2242 s
2026-03-04T09:20:14+00:00 nightly[11803]: step 1 took 0.407 s
2026-03-04T09:20:14+00:00 nightly[11803]: step 2 took 0.25990 s
ssh: Could not resolve hostname db2.shop.invalid: Name or service not known

output 378
2026-07-19T02:52:31+02:00 nightly[11821]: running
2026-07-19T02:52:31+02:00 nightly[11821]: step 0 took 0.7716 s
2026-07-19T02:52:31+02:00 nightly[11821]: step 1 took 0.8361 s
2026-07-19T02:52:32+02:00 nightly[11821]: step 2 took 0.237 s
2026-07-19T02:52:32+02:00 nightly[11821]: step 3 took 0.4143 s
ssh: Could not resolve hostname db2.shop.invalid: Name or service not known

