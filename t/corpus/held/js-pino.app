exit 1
subject mail not sent
subject Invalid login: 534 5.7.9 Error: application password needed
subject mail not sent: Invalid login: 534 5.7.9 Error: application password needed
output 1015
{"level":30,"time":1772614446864,"pid":31202,"hostname":"app1","name":"mailer","msg":"sent batch 0"}
{"level":40,"time":1772614446864,"pid":31202,"hostname":"app1","name":"mailer","msg":"slow smtp answer, 569966412 ns"}
{"level":50,"time":1772614446869,"pid":31202,"hostname":"app1","name":"mailer","err":{"type":"Error","message":"Invalid login: 534 5.7.9 Error: application password needed","stack":"Error: Invalid login: 534 5.7.9 Error: application password needed\n    at Object.<anonymous> (/srv/app/js/log.js:14:11)\n    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n    at Module.load (node:internal/modules/cjs/loader:1266:32)\n    at Module._load (node:internal/modules/cjs/loader:1091:12)\n    at Function.executeUserEntryPoint [as runMain] (node:internal/modules/run_main:164:12)\n    at node:internal/main/run_main_module:28:49"},"via":"pino","job":"c5ee285f-7ad7-4cf4-8aac-782dfb9ccfcb","msg":"mail not sent"}

output 1116
{"level":30,"time":1784420506808,"pid":31212,"hostname":"app1","name":"mailer","msg":"sent batch 0"}
{"level":30,"time":1784420506810,"pid":31212,"hostname":"app1","name":"mailer","msg":"sent batch 1"}
{"level":40,"time":1784420506810,"pid":31212,"hostname":"app1","name":"mailer","msg":"slow smtp answer, 752525334 ns"}
{"level":50,"time":1784420506814,"pid":31212,"hostname":"app1","name":"mailer","err":{"type":"Error","message":"Invalid login: 534 5.7.9 Error: application password needed","stack":"Error: Invalid login: 534 5.7.9 Error: application password needed\n    at Object.<anonymous> (/srv/app/js/log.js:14:11)\n    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n    at Module.load (node:internal/modules/cjs/loader:1266:32)\n    at Module._load (node:internal/modules/cjs/loader:1091:12)\n    at Function.executeUserEntryPoint [as runMain] (node:internal/modules/run_main:164:12)\n    at node:internal/main/run_main_module:28:49"},"via":"pino","job":"8301cce6-e08c-4797-8c0e-808f725f74a3","msg":"mail not sent"}

