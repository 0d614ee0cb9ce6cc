exit 1
subject Job$StoreException: store 'north' failed
output 1085
Mar 04, 2026 8:49:12 AM Job main
INFO: page 0 of job ef75f046-f6ae-457c-888e-b6760f2625d8 (32552)
Mar 04, 2026 8:49:12 AM Job main
INFO: page 1 of job 505e8247-9a6d-470c-8f7e-76ebcdbf9b88 (32552)
Exception in thread "main" java.util.concurrent.ExecutionException: Job$StoreException: store 'north' failed
	at java.base/java.util.concurrent.FutureTask.report(FutureTask.java:122)
	at java.base/java.util.concurrent.FutureTask.get(FutureTask.java:191)
	at Job.main(Job.java:50)
Caused by: Job$StoreException: store 'north' failed
	at Job.wrap(Job.java:27)
	at Job.lambda$main$1(Job.java:50)
	at java.base/java.util.concurrent.Executors$RunnableAdapter.call(Executors.java:539)
	at java.base/java.util.concurrent.FutureTask.run(FutureTask.java:264)
	at java.base/java.util.concurrent.ThreadPoolExecutor.runWorker(ThreadPoolExecutor.java:1136)
	at java.base/java.util.concurrent.ThreadPoolExecutor$Worker.run(ThreadPoolExecutor.java:635)
	at java.base/java.lang.Thread.run(Thread.java:840)
Caused by: java.lang.IllegalStateException: no route to beta
	at Job.wrap(Job.java:24)
	... 6 more

output 1281
Jul 19, 2026 2:11:15 AM Job main
INFO: page 0 of job cce88d37-5afe-4582-bb37-6b717383de80 (32574)
Jul 19, 2026 2:11:15 AM Job main
INFO: page 1 of job 55c5db0d-0bce-4bb7-98d4-8feef27e3a25 (32574)
Jul 19, 2026 2:11:15 AM Job main
INFO: page 2 of job b7bf5132-3923-4dc6-895e-32c5e06b1841 (32574)
Jul 19, 2026 2:11:15 AM Job main
INFO: page 3 of job 56479ffd-4b42-42dc-810d-31e964a25767 (32574)
Exception in thread "main" java.util.concurrent.ExecutionException: Job$StoreException: store 'north' failed
	at java.base/java.util.concurrent.FutureTask.report(FutureTask.java:122)
	at java.base/java.util.concurrent.FutureTask.get(FutureTask.java:191)
	at Job.main(Job.java:50)
Caused by: Job$StoreException: store 'north' failed
	at Job.wrap(Job.java:27)
	at Job.lambda$main$1(Job.java:50)
	at java.base/java.util.concurrent.Executors$RunnableAdapter.call(Executors.java:539)
	at java.base/java.util.concurrent.FutureTask.run(FutureTask.java:264)
	at java.base/java.util.concurrent.ThreadPoolExecutor.runWorker(ThreadPoolExecutor.java:1136)
	at java.base/java.util.concurrent.ThreadPoolExecutor$Worker.run(ThreadPoolExecutor.java:635)
	at java.base/java.lang.Thread.run(Thread.java:840)
Caused by: java.lang.IllegalStateException: no route to beta
	at Job.wrap(Job.java:24)
	... 6 more

