exit 1
subject queue b is gone
subject mailer died
subject "mailer died"
output 352
[1772617640.505319] page 0 of 8702
[1772617640.505319] page 1 of 8702
[1772617640.505319] page 2 of 8702
[1772617640.505319] page 3 of 8702
[1772617640.505319] page 4 of 8702

thread 'mailer' (8747) panicked at /srv/app/rs/job.rs:32:84:
queue b is gone
note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace
Error: "mailer died"

output 282
[1784426040.702167] page 0 of 8757
[1784426040.702167] page 1 of 8757
[1784426040.702167] page 2 of 8757

thread 'mailer' (8800) panicked at /srv/app/rs/job.rs:32:84:
queue b is gone
note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace
Error: "mailer died"

