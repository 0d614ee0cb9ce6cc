exit 1
subject Invalid login: 534 5.7.9 Error: application password needed
output 336
{"level":"info","message":"sent batch 0","timestamp":"2026-03-04T09:23:54.338Z"}
{"level":"info","message":"sent batch 1","timestamp":"2026-03-04T09:23:54.361Z"}
{"job":"addaff35-f2c4-477f-82fe-3b552af0cce8","level":"error","message":"Invalid login: 534 5.7.9 Error: application password needed","timestamp":"2026-03-04T09:23:54.390Z"}

output 516
{"level":"info","message":"sent batch 0","timestamp":"2026-07-19T01:10:40.345Z"}
{"level":"info","message":"sent batch 1","timestamp":"2026-07-19T01:10:40.388Z"}
{"level":"info","message":"sent batch 2","timestamp":"2026-07-19T01:10:40.388Z"}
{"level":"warn","message":"slow smtp answer, 559128176 ns","timestamp":"2026-07-19T01:10:40.388Z"}
{"job":"776b4be1-fa78-4fd8-a3c2-9b61e11fcf61","level":"error","message":"Invalid login: 534 5.7.9 Error: application password needed","timestamp":"2026-07-19T01:10:40.445Z"}

