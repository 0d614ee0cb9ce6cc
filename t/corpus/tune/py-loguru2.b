exit 1
subject mailbox hr is locked
subject __main__:<module>:<*> - mailbox hr is locked
output 300
2026-03-04 10:06:29.903 | INFO     | __main__:<module>:25 - batch 0 done
2026-03-04 10:06:29.903 | INFO     | __main__:<module>:25 - batch 1 done
2026-03-04 10:06:29.920 | INFO     | __main__:<module>:25 - batch 2 done
2026-03-04 10:06:29.920 | ERROR    | __main__:<module>:26 - mailbox hr is locked

output 373
2026-07-19 02:44:32.704 | INFO     | __main__:<module>:25 - batch 0 done
2026-07-19 02:44:32.705 | INFO     | __main__:<module>:25 - batch 1 done
2026-07-19 02:44:32.705 | INFO     | __main__:<module>:25 - batch 2 done
2026-07-19 02:44:32.705 | INFO     | __main__:<module>:25 - batch 3 done
2026-07-19 02:44:32.705 | ERROR    | __main__:<module>:26 - mailbox hr is locked

