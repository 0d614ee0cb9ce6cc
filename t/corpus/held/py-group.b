exit 1
subject some hosts (1 sub-exception)
output 1649
2026-03-04 09:07:01,268 INFO [fan-out:14785] hosts 0 of 400 in 0.046 s
2026-03-04 09:07:01,268 INFO [fan-out:14785] hosts 37 of 400 in 0.615 s
2026-03-04 09:07:01,268 INFO [fan-out:14785] hosts 74 of 400 in 0.530 s
2026-03-04 09:07:01,268 INFO [fan-out:14785] hosts 111 of 400 in 0.894 s
2026-03-04 09:07:01,268 INFO [fan-out:14785] hosts 148 of 400 in 0.700 s
2026-03-04 09:07:01,268 INFO [fan-out:14785] hosts 185 of 400 in 0.708 s
2026-03-04 09:07:01,268 INFO [fan-out:14785] hosts 222 of 400 in 0.740 s
  + Exception Group Traceback (most recent call last):
  |   File "/srv/app/jobs/group.py", line 30, in <module>
  |     group(sys.argv[1])
  |   File "/srv/app/jobs/group.py", line 24, in group
  |     raise ExceptionGroup("%s hosts" % "some", errors)
  | ExceptionGroup: some hosts (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/srv/app/jobs/group.py", line 21, in group
    |     asyncio.run(ping(h))
    |   File "/usr/lib/python3.11/asyncio/runners.py", line 190, in run
    |     return runner.run(main)
    |            ^^^^^^^^^^^^^^^^
    |   File "/usr/lib/python3.11/asyncio/runners.py", line 118, in run
    |     return self._loop.run_until_complete(task)
    |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    |   File "/usr/lib/python3.11/asyncio/base_events.py", line 653, in run_until_complete
    |     return future.result()
    |            ^^^^^^^^^^^^^^^
    |   File "/srv/app/jobs/group.py", line 8, in ping
    |     raise ConnectionResetError("peer went away")
    | ConnectionResetError: peer went away
    +------------------------------------

output 1718
2026-07-19 02:18:19,432 INFO [fan-out:14793] hosts 0 of 400 in 0.617 s
2026-07-19 02:18:19,433 INFO [fan-out:14793] hosts 37 of 400 in 0.411 s
2026-07-19 02:18:19,433 INFO [fan-out:14793] hosts 74 of 400 in 0.867 s
2026-07-19 02:18:19,433 INFO [fan-out:14793] hosts 111 of 400 in 0.263 s
2026-07-19 02:18:19,433 INFO [fan-out:14793] hosts 148 of 400 in 0.586 s
2026-07-19 02:18:19,433 INFO [fan-out:14793] hosts 185 of 400 in 0.572 s
2026-07-19 02:18:19,433 INFO [fan-out:14793] hosts 222 of 400 in 0.251 s
2026-07-19 02:18:19,433 WARNING [fan-out:14793] slow answer: 2381 ms
  + Exception Group Traceback (most recent call last):
  |   File "/srv/app/jobs/group.py", line 30, in <module>
  |     group(sys.argv[1])
  |   File "/srv/app/jobs/group.py", line 24, in group
  |     raise ExceptionGroup("%s hosts" % "some", errors)
  | ExceptionGroup: some hosts (1 sub-exception)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/srv/app/jobs/group.py", line 21, in group
    |     asyncio.run(ping(h))
    |   File "/usr/lib/python3.11/asyncio/runners.py", line 190, in run
    |     return runner.run(main)
    |            ^^^^^^^^^^^^^^^^
    |   File "/usr/lib/python3.11/asyncio/runners.py", line 118, in run
    |     return self._loop.run_until_complete(task)
    |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    |   File "/usr/lib/python3.11/asyncio/base_events.py", line 653, in run_until_complete
    |     return future.result()
    |            ^^^^^^^^^^^^^^^
    |   File "/srv/app/jobs/group.py", line 8, in ping
    |     raise ConnectionResetError("peer went away")
    | ConnectionResetError: peer went away
    +------------------------------------

