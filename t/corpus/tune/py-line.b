exit 1
subject [Errno 2] No such file or directory: '/srv/app/in/orders.csv'
output 336
[14665] loading /srv/app/in/orders.csv at Wed Mar  4 08:01:52 2026
Traceback (most recent call last):
  File "/srv/app/jobs/lines.py", line 10, in <module>
    load("/srv/app/in/orders.csv")
  File "/srv/app/jobs/lines.py", line 5, in load
    open(path)
FileNotFoundError: [Errno 2] No such file or directory: '/srv/app/in/orders.csv'

output 336
[14668] loading /srv/app/in/orders.csv at Sun Jul 19 02:36:38 2026
Traceback (most recent call last):
  File "/srv/app/jobs/lines.py", line 10, in <module>
    load("/srv/app/in/orders.csv")
  File "/srv/app/jobs/lines.py", line 5, in load
    open(path)
FileNotFoundError: [Errno 2] No such file or directory: '/srv/app/in/orders.csv'

