exit 32
subject mount: /mnt: unknown filesystem type 'shopfs'.
output 314
2026-03-04 09:27:22,963 INFO start 7764
2026-03-04 09:27:22,974 DEBUG chunk 10547 of 40000
2026-03-04 09:27:22,985 DEBUG chunk 12336 of 40000
2026-03-04 09:27:22,997 DEBUG chunk 21701 of 40000
mount: /mnt: unknown filesystem type 'shopfs'.
       dmesg(1) may have more information after failed mount system call.

output 463
2026-07-19 02:51:17,731 INFO start 7771
2026-07-19 02:51:17,763 DEBUG chunk 16749 of 40000
2026-07-19 02:51:17,781 DEBUG chunk 23723 of 40000
2026-07-19 02:51:17,797 DEBUG chunk 862 of 40000
2026-07-19 02:51:17,814 DEBUG chunk 2760 of 40000
2026-07-19 02:51:17,829 DEBUG chunk 8360 of 40000
2026-07-19 02:51:17,845 DEBUG chunk 32188 of 40000
mount: /mnt: unknown filesystem type 'shopfs'.
       dmesg(1) may have more information after failed mount system call.

