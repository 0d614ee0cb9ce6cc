exit 1
subject error: pathspec 'weekly' did not match any file(s) known to git
subject error: pathspec 'weekly' did not match any file(s) known to git
subject pathspec 'weekly' did not match any file(s) known to git
output 369
2026-03-04T09:26:43+00:00 nightly[16321]: running
2026-03-04T09:26:43+00:00 nightly[16321]: step 0 took 0.24921 s
2026-03-04T09:26:43+00:00 nightly[16321]: step 1 took 0.29774 s
2026-03-04T09:26:43+00:00 nightly[16321]: step 2 took 0.22813 s
2026-03-04T09:26:43+00:00 nightly[16321]: step 3 took 0.8229 s
error: pathspec 'weekly' did not match any file(s) known to git

output 432
2026-07-19T02:03:16+02:00 nightly[16328]: running
2026-07-19T02:03:16+02:00 nightly[16328]: step 0 took 0.24634 s
2026-07-19T02:03:16+02:00 nightly[16328]: step 1 took 0.9836 s
2026-07-19T02:03:16+02:00 nightly[16328]: step 2 took 0.28784 s
2026-07-19T02:03:16+02:00 nightly[16328]: step 3 took 0.1978 s
2026-07-19T02:03:16+02:00 nightly[16328]: step 4 took 0.20078 s
error: pathspec 'weekly' did not match any file(s) known to git

