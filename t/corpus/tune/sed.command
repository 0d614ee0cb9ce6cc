exit 1
subject sed: -e expression #1, char 3: unterminated `s' command
output 197
2026-03-04 09:06:58,205 INFO start 7530
2026-03-04 09:06:58,252 DEBUG chunk 18287 of 40000
2026-03-04 09:06:58,272 DEBUG chunk 3913 of 40000
sed: -e expression #1, char 3: unterminated `s' command

output 298
2026-07-19 02:06:31,555 INFO start 7536
2026-07-19 02:06:31,583 DEBUG chunk 4130 of 40000
2026-07-19 02:06:31,596 DEBUG chunk 5589 of 40000
2026-07-19 02:06:31,610 DEBUG chunk 24578 of 40000
2026-07-19 02:06:31,624 DEBUG chunk 23467 of 40000
sed: -e expression #1, char 3: unterminated `s' command

