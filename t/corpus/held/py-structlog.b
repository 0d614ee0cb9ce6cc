exit 1
subject cannot store mail
subject mailbox is locked
subject mailbox hr is locked
output 346
{"batch": 0, "event": "batch done", "level": "info", "timestamp": "2026-03-04T09:19:07.580306Z"}
{"mailbox": "hr", "pid": 3726, "event": "mailbox is locked", "level": "error", "timestamp": "2026-03-04T09:19:07.580698Z"}
{"error": "mailbox hr is locked", "event": "cannot store mail", "level": "error", "timestamp": "2026-03-04T09:19:07.580746Z"}

output 346
{"batch": 0, "event": "batch done", "level": "info", "timestamp": "2026-07-19T01:17:28.850220Z"}
{"mailbox": "hr", "pid": 4150, "event": "mailbox is locked", "level": "error", "timestamp": "2026-07-19T01:17:28.850585Z"}
{"error": "mailbox hr is locked", "event": "cannot store mail", "level": "error", "timestamp": "2026-07-19T01:17:28.850635Z"}

