exit 1
subject disk 'b' is full
output 405
Mar 04, 2026 8:23:54 AM Job main
INFO: page 0 of job 07f13f07-079b-4f1e-aab2-bb325980ebd9 (481)
Mar 04, 2026 8:23:55 AM Job main
INFO: page 1 of job db66032d-f4e9-436c-a657-983e17133885 (481)
Mar 04, 2026 8:23:55 AM Job main
INFO: page 2 of job 4615f4c9-814a-4274-99f3-efbf17d83ac3 (481)
Mar 04, 2026 8:23:55 AM Job main
SEVERE: run failed
java.io.IOException: disk 'b' is full
	at Job.main(Job.java:62)


output 597
Jul 19, 2026 2:40:08 AM Job main
INFO: page 0 of job b351d46f-21d5-4814-af3e-e1b14123ea71 (615)
Jul 19, 2026 2:40:08 AM Job main
INFO: page 1 of job ce6e55de-c8b8-4363-9de8-a74253165fa2 (615)
Jul 19, 2026 2:40:08 AM Job main
INFO: page 2 of job 40427fe8-f535-45f3-8115-a3991a768628 (615)
Jul 19, 2026 2:40:08 AM Job main
INFO: page 3 of job ecc40cc4-ce5d-49ed-92a0-b46423e94170 (615)
Jul 19, 2026 2:40:08 AM Job main
INFO: page 4 of job cf94f881-955f-4b44-81cd-c08ed503f29e (615)
Jul 19, 2026 2:40:09 AM Job main
SEVERE: run failed
java.io.IOException: disk 'b' is full
	at Job.main(Job.java:62)


