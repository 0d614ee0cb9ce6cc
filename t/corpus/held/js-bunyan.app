exit 1
subject newsletter not sent
subject Invalid login: 534 5.7.9 Error: application password needed
subject newsletter not sent: Invalid login: 534 5.7.9 Error: application password needed
output 1422
{"name":"mailer","hostname":"app1","pid":31243,"level":30,"msg":"sent batch 0","time":"2026-03-04T08:41:43.132Z","v":0}
{"name":"mailer","hostname":"app1","pid":31243,"level":30,"msg":"sent batch 1","time":"2026-03-04T08:41:43.134Z","v":0}
{"name":"mailer","hostname":"app1","pid":31243,"level":30,"msg":"sent batch 2","time":"2026-03-04T08:41:43.134Z","v":0}
{"name":"mailer","hostname":"app1","pid":31243,"level":30,"msg":"sent batch 3","time":"2026-03-04T08:41:43.134Z","v":0}
{"name":"mailer","hostname":"app1","pid":31243,"level":30,"msg":"sent batch 4","time":"2026-03-04T08:41:43.134Z","v":0}
{"name":"mailer","hostname":"app1","pid":31243,"level":50,"err":{"message":"Invalid login: 534 5.7.9 Error: application password needed","name":"Error","stack":"Error: Invalid login: 534 5.7.9 Error: application password needed\n    at Object.<anonymous> (/srv/app/js/log.js:14:11)\n    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n    at Module.load (node:internal/modules/cjs/loader:1266:32)\n    at Module._load (node:internal/modules/cjs/loader:1091:12)\n    at Function.executeUserEntryPoint [as runMain] (node:internal/modules/run_main:164:12)\n    at node:internal/main/run_main_module:28:49"},"via":"bunyan","job":"79765692-80cd-4e56-86ba-1b3eb74725bd","msg":"newsletter not sent","time":"2026-03-04T08:41:43.147Z","v":0}

output 1200
{"name":"mailer","hostname":"app1","pid":31252,"level":30,"msg":"sent batch 0","time":"2026-07-19T01:07:40.262Z","v":0}
{"name":"mailer","hostname":"app1","pid":31252,"level":30,"msg":"sent batch 1","time":"2026-07-19T01:07:40.264Z","v":0}
{"name":"mailer","hostname":"app1","pid":31252,"level":40,"msg":"slow smtp answer, 647925767 ns","time":"2026-07-19T01:07:40.264Z","v":0}
{"name":"mailer","hostname":"app1","pid":31252,"level":50,"err":{"message":"Invalid login: 534 5.7.9 Error: application password needed","name":"Error","stack":"Error: Invalid login: 534 5.7.9 Error: application password needed\n    at Object.<anonymous> (/srv/app/js/log.js:14:11)\n    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n    at Module.load (node:internal/modules/cjs/loader:1266:32)\n    at Module._load (node:internal/modules/cjs/loader:1091:12)\n    at Function.executeUserEntryPoint [as runMain] (node:internal/modules/run_main:164:12)\n    at node:internal/main/run_main_module:28:49"},"via":"bunyan","job":"45c32e34-5838-4611-9dc9-b6b60c1ceebf","msg":"newsletter not sent","time":"2026-07-19T01:07:40.273Z","v":0}

