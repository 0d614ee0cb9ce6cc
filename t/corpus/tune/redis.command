exit 1
subject ERR unknown command 'gett', with args beginning with: 'a' 
subject ERR unknown command 'gett', with args beginning with: 'a'
subject unknown command 'gett', with args beginning with: 'a'
subject (error) ERR unknown command 'gett', with args beginning with: 'a'
output 299
2026-11-24T08:11:36+00:00 nightly[29280]: running
2026-11-24T08:11:36+00:00 nightly[29280]: step 0 took 0.4085 s
2026-11-24T08:11:36+00:00 nightly[29280]: step 1 took 0.1245 s
2026-11-24T08:11:36+00:00 nightly[29280]: step 2 took 0.20900 s
ERR unknown command 'gett', with args beginning with: 'a' 

output 491
2026-11-24T09:11:37+01:00 nightly[29370]: running
2026-11-24T09:11:37+01:00 nightly[29370]: step 0 took 0.20820 s
2026-11-24T09:11:38+01:00 nightly[29370]: step 1 took 0.13952 s
2026-11-24T09:11:38+01:00 nightly[29370]: step 2 took 0.12449 s
2026-11-24T09:11:38+01:00 nightly[29370]: step 3 took 0.20144 s
2026-11-24T09:11:38+01:00 nightly[29370]: step 4 took 0.9311 s
2026-11-24T09:11:38+01:00 nightly[29370]: step 5 took 0.9800 s
ERR unknown command 'gett', with args beginning with: 'a' 

