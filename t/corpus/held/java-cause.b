exit 1
subject store 'north' failed
output 513
Mar 04, 2026 9:31:07 AM Job main
INFO: page 0 of job e803841e-5049-41ba-b3de-993f59bd1d89 (31813)
Mar 04, 2026 9:31:08 AM Job main
INFO: page 1 of job 6cfd9dbc-6033-4527-98b4-12aad9c87f21 (31813)
Mar 04, 2026 9:31:08 AM Job main
INFO: page 2 of job aa6eb244-ee94-4d52-a21b-ac128079328c (31813)
Exception in thread "main" Job$StoreException: store 'north' failed
	at Job.wrap(Job.java:27)
	at Job.main(Job.java:39)
Caused by: java.lang.IllegalStateException: no route to beta
	at Job.wrap(Job.java:24)
	... 1 more

output 317
Jul 19, 2026 2:16:05 AM Job main
INFO: page 0 of job 023a87e8-7be4-4496-8bbd-f2d4983dc89d (31837)
Exception in thread "main" Job$StoreException: store 'north' failed
	at Job.wrap(Job.java:27)
	at Job.main(Job.java:39)
Caused by: java.lang.IllegalStateException: no route to beta
	at Job.wrap(Job.java:24)
	... 1 more

