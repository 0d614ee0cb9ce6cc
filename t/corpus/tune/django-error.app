exit 2
subject No installed app with label 'shop'.
output 201
INFO 2026-03-04 03:21:47,526 17678 warmed cache part 0
INFO 2026-03-04 03:21:47,526 17678 warmed cache part 1
INFO 2026-03-04 03:21:47,527 17678 warmed cache part 2
No installed app with label 'shop'.

output 366
INFO 2026-07-18 20:34:09,530 18564 warmed cache part 0
INFO 2026-07-18 20:34:09,530 18564 warmed cache part 1
INFO 2026-07-18 20:34:09,530 18564 warmed cache part 2
INFO 2026-07-18 20:34:09,530 18564 warmed cache part 3
INFO 2026-07-18 20:34:09,531 18564 warmed cache part 4
INFO 2026-07-18 20:34:09,531 18564 warmed cache part 5
No installed app with label 'shop'.

