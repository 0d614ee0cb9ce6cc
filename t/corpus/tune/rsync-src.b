exit 23
subject rsync: [sender] link_stat "/srv/app/b.csv" failed: No such file or directory (2)
output 583
2026-03-04T09:28:53+00:00 nightly[20288]: running
2026-03-04T09:28:53+00:00 nightly[20288]: step 0 took 0.25484 s
2026-03-04T09:28:53+00:00 nightly[20288]: step 1 took 0.16919 s
2026-03-04T09:28:53+00:00 nightly[20288]: step 2 took 0.7874 s
sending incremental file list
rsync: [sender] link_stat "/srv/app/b.csv" failed: No such file or directory (2)
noise
          3,000 100%    0.00kB/s    0:00:00            3,000 100%    0.00kB/s    0:00:00 (xfr#1, to-chk=0/1)
rsync error: some files/attrs were not transferred (see previous errors) (code 23) at main.c(1394) [sender=3.5.0]

output 709
2026-07-19T02:03:00+02:00 nightly[20298]: running
2026-07-19T02:03:00+02:00 nightly[20298]: step 0 took 0.3117 s
2026-07-19T02:03:00+02:00 nightly[20298]: step 1 took 0.14412 s
2026-07-19T02:03:00+02:00 nightly[20298]: step 2 took 0.23063 s
2026-07-19T02:03:00+02:00 nightly[20298]: step 3 took 0.15300 s
2026-07-19T02:03:00+02:00 nightly[20298]: step 4 took 0.178 s
sending incremental file list
rsync: [sender] link_stat "/srv/app/b.csv" failed: No such file or directory (2)
noise
          3,000 100%    0.00kB/s    0:00:00            3,000 100%    0.00kB/s    0:00:00 (xfr#1, to-chk=0/1)
rsync error: some files/attrs were not transferred (see previous errors) (code 23) at main.c(1394) [sender=3.5.0]

