exit 1
subject backup of shop failed: login refused
subject ERROR: backup of shop failed: login refused
output 218
2026-03-04 09:01:23 [6626] start of run 29335180
2026-03-04 09:01:23 [6626] chunk 1 of 40 (32 MB)
2026-03-04 09:01:23 [6626] chunk 2 of 40 (12 MB)
2026-03-04 09:01:23 [6626] ERROR: backup of shop failed: login refused

output 366
2026-07-19 02:35:35 [6632] start of run 214519785
2026-07-19 02:35:35 [6632] chunk 1 of 40 (26 MB)
2026-07-19 02:35:35 [6632] chunk 2 of 40 (63 MB)
2026-07-19 02:35:35 [6632] chunk 3 of 40 (23 MB)
2026-07-19 02:35:35 [6632] chunk 4 of 40 (72 MB)
2026-07-19 02:35:35 [6632] chunk 5 of 40 (16 MB)
2026-07-19 02:35:35 [6632] ERROR: backup of shop failed: login refused

