exit 1
subject newsletter not sent
subject Invalid login: 534 5.7.9 Error: application password needed
subject newsletter not sent: Invalid login: 534 5.7.9 Error: application password needed
output 1195
{"name":"mailer","hostname":"app1","pid":5873,"level":30,"msg":"sent batch 0","time":"2026-03-04T10:25:33.708Z","v":0}
{"name":"mailer","hostname":"app1","pid":5873,"level":30,"msg":"sent batch 1","time":"2026-03-04T10:25:33.739Z","v":0}
{"name":"mailer","hostname":"app1","pid":5873,"level":40,"msg":"slow smtp answer, 555129971 ns","time":"2026-03-04T10:25:33.739Z","v":0}
{"name":"mailer","hostname":"app1","pid":5873,"level":50,"err":{"message":"Invalid login: 534 5.7.9 Error: application password needed","name":"Error","stack":"Error: Invalid login: 534 5.7.9 Error: application password needed\n    at Object.<anonymous> (/srv/app/js/log.js:17:3)\n    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n    at Module.load (node:internal/modules/cjs/loader:1266:32)\n    at Module._load (node:internal/modules/cjs/loader:1091:12)\n    at Function.executeUserEntryPoint [as runMain] (node:internal/modules/run_main:164:12)\n    at node:internal/main/run_main_module:28:49"},"via":"bunyan","job":"55ad4b3b-ab4a-46a5-8c28-3bb380352b14","msg":"newsletter not sent","time":"2026-03-04T10:25:33.823Z","v":0}

output 1058
{"name":"mailer","hostname":"app1","pid":6218,"level":30,"msg":"sent batch 0","time":"2026-07-19T02:04:57.268Z","v":0}
{"name":"mailer","hostname":"app1","pid":6218,"level":30,"msg":"sent batch 1","time":"2026-07-19T02:04:57.289Z","v":0}
{"name":"mailer","hostname":"app1","pid":6218,"level":50,"err":{"message":"Invalid login: 534 5.7.9 Error: application password needed","name":"Error","stack":"Error: Invalid login: 534 5.7.9 Error: application password needed\n    at Object.<anonymous> (/srv/app/js/log.js:17:3)\n    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n    at Module.load (node:internal/modules/cjs/loader:1266:32)\n    at Module._load (node:internal/modules/cjs/loader:1091:12)\n    at Function.executeUserEntryPoint [as runMain] (node:internal/modules/run_main:164:12)\n    at node:internal/main/run_main_module:28:49"},"via":"bunyan","job":"f135c57c-c20d-4c9f-83aa-a090e96f3445","msg":"newsletter not sent","time":"2026-07-19T02:04:57.424Z","v":0}

