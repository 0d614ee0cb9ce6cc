exit 1
subject Cannot find module 'leftpadx'
output 784
[04/Mar/2026:08:41:52 +0000] node started by 19782
node:internal/modules/cjs/loader:1210
  throw err;
  ^

Error: Cannot find module 'leftpadx'
Require stack:
- /srv/app/[eval]
    at Module._resolveFilename (node:internal/modules/cjs/loader:1207:15)
    at Module._load (node:internal/modules/cjs/loader:1038:27)
    at Module.require (node:internal/modules/cjs/loader:1289:19)
    at require (node:internal/modules/helpers:182:18)
    at [eval]:1:1
    at runScriptInThisContext (node:internal/vm:209:10)
    at node:internal/process/execution:118:14
    at [eval]-wrapper:6:24
    at runScript (node:internal/process/execution:101:62)
    at evalScript (node:internal/process/execution:133:3) {
  code: 'MODULE_NOT_FOUND',
  requireStack: [ '/srv/app/[eval]' ]
}

Node.js v20.20.2

output 784
[19/Jul/2026:01:34:27 +0200] node started by 19796
node:internal/modules/cjs/loader:1210
  throw err;
  ^

Error: Cannot find module 'leftpadx'
Require stack:
- /srv/app/[eval]
    at Module._resolveFilename (node:internal/modules/cjs/loader:1207:15)
    at Module._load (node:internal/modules/cjs/loader:1038:27)
    at Module.require (node:internal/modules/cjs/loader:1289:19)
    at require (node:internal/modules/helpers:182:18)
    at [eval]:1:1
    at runScriptInThisContext (node:internal/vm:209:10)
    at node:internal/process/execution:118:14
    at [eval]-wrapper:6:24
    at runScript (node:internal/process/execution:101:62)
    at evalScript (node:internal/process/execution:133:3) {
  code: 'MODULE_NOT_FOUND',
  requireStack: [ '/srv/app/[eval]' ]
}

Node.js v20.20.2

