exit 1
subject mail not sent
subject Invalid login: 534 5.7.9 Error: application password needed
subject mail not sent: Invalid login: 534 5.7.9 Error: application password needed
output 1293
{"level":30,"time":1772620120912,"pid":4205,"hostname":"app1","name":"mailer","msg":"sent batch 0"}
{"level":30,"time":1772620120913,"pid":4205,"hostname":"app1","name":"mailer","msg":"sent batch 1"}
{"level":30,"time":1772620120913,"pid":4205,"hostname":"app1","name":"mailer","msg":"sent batch 2"}
{"level":30,"time":1772620120913,"pid":4205,"hostname":"app1","name":"mailer","msg":"sent batch 3"}
{"level":30,"time":1772620120913,"pid":4205,"hostname":"app1","name":"mailer","msg":"sent batch 4"}
{"level":50,"time":1772620120984,"pid":4205,"hostname":"app1","name":"mailer","err":{"type":"Error","message":"Invalid login: 534 5.7.9 Error: application password needed","stack":"Error: Invalid login: 534 5.7.9 Error: application password needed\n    at Object.<anonymous> (/srv/app/js/log.js:16:3)\n    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n    at Module.load (node:internal/modules/cjs/loader:1266:32)\n    at Module._load (node:internal/modules/cjs/loader:1091:12)\n    at Function.executeUserEntryPoint [as runMain] (node:internal/modules/run_main:164:12)\n    at node:internal/main/run_main_module:28:49"},"via":"pino","job":"772bcb6d-c5a2-4f3e-908c-d7061bbc3182","msg":"mail not sent"}

output 1193
{"level":30,"time":1784423867681,"pid":4574,"hostname":"app1","name":"mailer","msg":"sent batch 0"}
{"level":30,"time":1784423867682,"pid":4574,"hostname":"app1","name":"mailer","msg":"sent batch 1"}
{"level":30,"time":1784423867682,"pid":4574,"hostname":"app1","name":"mailer","msg":"sent batch 2"}
{"level":30,"time":1784423867682,"pid":4574,"hostname":"app1","name":"mailer","msg":"sent batch 3"}
{"level":50,"time":1784423867703,"pid":4574,"hostname":"app1","name":"mailer","err":{"type":"Error","message":"Invalid login: 534 5.7.9 Error: application password needed","stack":"Error: Invalid login: 534 5.7.9 Error: application password needed\n    at Object.<anonymous> (/srv/app/js/log.js:16:3)\n    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n    at Module.load (node:internal/modules/cjs/loader:1266:32)\n    at Module._load (node:internal/modules/cjs/loader:1091:12)\n    at Function.executeUserEntryPoint [as runMain] (node:internal/modules/run_main:164:12)\n    at node:internal/main/run_main_module:28:49"},"via":"pino","job":"8c91beea-2ec2-4718-a3d4-babedc6aee42","msg":"mail not sent"}

