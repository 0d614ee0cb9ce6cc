exit 1
subject Opening and ending tag mismatch: a and b, line <*>, column <*>
subject Opening and ending tag mismatch: a and b<*>
output 219
Traceback (most recent call last):
  File "/srv/feed.py", line 4, in <module>
    etree.parse("feed.xml")
  File "feed.xml", line 3
lxml.etree.XMLSyntaxError: Opening and ending tag mismatch: a and b, line 3, column 17

output 222
Traceback (most recent call last):
  File "/srv/feed.py", line 4, in <module>
    etree.parse("feed.xml")
  File "feed.xml", line 812
lxml.etree.XMLSyntaxError: Opening and ending tag mismatch: a and b, line 812, column 5

