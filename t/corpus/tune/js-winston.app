exit 1
subject Invalid login: 534 5.7.9 Error: application password needed
output 597
{"level":"info","message":"sent batch 0","timestamp":"2026-03-04T08:48:48.139Z"}
{"level":"info","message":"sent batch 1","timestamp":"2026-03-04T08:48:48.141Z"}
{"level":"info","message":"sent batch 2","timestamp":"2026-03-04T08:48:48.141Z"}
{"level":"info","message":"sent batch 3","timestamp":"2026-03-04T08:48:48.141Z"}
{"level":"warn","message":"slow smtp answer, 731331144 ns","timestamp":"2026-03-04T08:48:48.141Z"}
{"job":"f8b2b4fd-934e-4b81-8096-54d7267f1009","level":"error","message":"Invalid login: 534 5.7.9 Error: application password needed","timestamp":"2026-03-04T08:48:48.145Z"}

output 417
{"level":"info","message":"sent batch 0","timestamp":"2026-07-19T00:52:17.691Z"}
{"level":"info","message":"sent batch 1","timestamp":"2026-07-19T00:52:17.694Z"}
{"level":"info","message":"sent batch 2","timestamp":"2026-07-19T00:52:17.694Z"}
{"job":"9d4cf438-a549-4a05-b60e-ce44f642cccd","level":"error","message":"Invalid login: 534 5.7.9 Error: application password needed","timestamp":"2026-07-19T00:52:17.698Z"}

