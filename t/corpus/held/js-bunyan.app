exit 1
subject mail not sent
output 1041
{"name":"mailer","hostname":"app1","pid":23096,"level":30,"msg":"sent batch 0","time":"2026-03-04T08:13:05.398Z","v":0}
{"name":"mailer","hostname":"app1","pid":23096,"level":30,"msg":"sent batch 1","time":"2026-03-04T08:13:05.399Z","v":0}
{"name":"mailer","hostname":"app1","pid":23096,"level":50,"err":{"message":"Invalid login: 534 5.7.9 Error: application password needed","name":"Error","stack":"Error: Invalid login: 534 5.7.9 Error: application password needed\n    at Object.<anonymous> (/srv/app/js/log.js:14:11)\n    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n    at Module.load (node:internal/modules/cjs/loader:1266:32)\n    at Module._load (node:internal/modules/cjs/loader:1091:12)\n    at Function.executeUserEntryPoint [as runMain] (node:internal/modules/run_main:164:12)\n    at node:internal/main/run_main_module:28:49"},"job":"ceec84de-12a3-406e-b32a-289db2739aa4","msg":"mail not sent","time":"2026-03-04T08:13:05.411Z","v":0}

output 1299
{"name":"mailer","hostname":"app1","pid":23112,"level":30,"msg":"sent batch 0","time":"2026-07-19T00:12:45.248Z","v":0}
{"name":"mailer","hostname":"app1","pid":23112,"level":30,"msg":"sent batch 1","time":"2026-07-19T00:12:45.252Z","v":0}
{"name":"mailer","hostname":"app1","pid":23112,"level":30,"msg":"sent batch 2","time":"2026-07-19T00:12:45.252Z","v":0}
{"name":"mailer","hostname":"app1","pid":23112,"level":40,"msg":"slow smtp answer, 819802961 ns","time":"2026-07-19T00:12:45.252Z","v":0}
{"name":"mailer","hostname":"app1","pid":23112,"level":50,"err":{"message":"Invalid login: 534 5.7.9 Error: application password needed","name":"Error","stack":"Error: Invalid login: 534 5.7.9 Error: application password needed\n    at Object.<anonymous> (/srv/app/js/log.js:14:11)\n    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n    at Module.load (node:internal/modules/cjs/loader:1266:32)\n    at Module._load (node:internal/modules/cjs/loader:1091:12)\n    at Function.executeUserEntryPoint [as runMain] (node:internal/modules/run_main:164:12)\n    at node:internal/main/run_main_module:28:49"},"job":"3fc831fd-033c-4ca7-8354-89b2418d7708","msg":"mail not sent","time":"2026-07-19T00:12:45.259Z","v":0}

