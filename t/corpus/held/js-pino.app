exit 1
subject mail not sent
output 1406
{"level":30,"time":1772615195948,"pid":20563,"hostname":"app1","name":"mailer","msg":"sent batch 0"}
{"level":30,"time":1772615195950,"pid":20563,"hostname":"app1","name":"mailer","msg":"sent batch 1"}
{"level":30,"time":1772615195950,"pid":20563,"hostname":"app1","name":"mailer","msg":"sent batch 2"}
{"level":30,"time":1772615195950,"pid":20563,"hostname":"app1","name":"mailer","msg":"sent batch 3"}
{"level":30,"time":1772615195950,"pid":20563,"hostname":"app1","name":"mailer","msg":"sent batch 4"}
{"level":40,"time":1772615195950,"pid":20563,"hostname":"app1","name":"mailer","msg":"slow smtp answer, 243949828 ns"}
{"level":50,"time":1772615195959,"pid":20563,"hostname":"app1","name":"mailer","err":{"type":"Error","message":"Invalid login: 534 5.7.9 Error: application password needed","stack":"Error: Invalid login: 534 5.7.9 Error: application password needed\n    at Object.<anonymous> (/srv/app/js/log.js:14:11)\n    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n    at Module.load (node:internal/modules/cjs/loader:1266:32)\n    at Module._load (node:internal/modules/cjs/loader:1091:12)\n    at Function.executeUserEntryPoint [as runMain] (node:internal/modules/run_main:164:12)\n    at node:internal/main/run_main_module:28:49"},"job":"b5240787-48bd-461f-9dc1-e110fc90abca","msg":"mail not sent"}

output 1103
{"level":30,"time":1784418328968,"pid":20599,"hostname":"app1","name":"mailer","msg":"sent batch 0"}
{"level":30,"time":1784418328972,"pid":20599,"hostname":"app1","name":"mailer","msg":"sent batch 1"}
{"level":40,"time":1784418328972,"pid":20599,"hostname":"app1","name":"mailer","msg":"slow smtp answer, 502500395 ns"}
{"level":50,"time":1784418328978,"pid":20599,"hostname":"app1","name":"mailer","err":{"type":"Error","message":"Invalid login: 534 5.7.9 Error: application password needed","stack":"Error: Invalid login: 534 5.7.9 Error: application password needed\n    at Object.<anonymous> (/srv/app/js/log.js:14:11)\n    at Module._compile (node:internal/modules/cjs/loader:1521:14)\n    at Module._extensions..js (node:internal/modules/cjs/loader:1623:10)\n    at Module.load (node:internal/modules/cjs/loader:1266:32)\n    at Module._load (node:internal/modules/cjs/loader:1091:12)\n    at Function.executeUserEntryPoint [as runMain] (node:internal/modules/run_main:164:12)\n    at node:internal/main/run_main_module:28:49"},"job":"d6d83d9f-0703-41a7-8ce7-9c636e959676","msg":"mail not sent"}

