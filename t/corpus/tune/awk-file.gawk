exit 2
subject gawk: fatal: cannot open source file `awk/none.awk' for reading: No such file or directory
subject gawk: fatal: cannot open source file 'awk/none.awk' for reading: No such file or directory
subject fatal: cannot open source file `awk/none.awk' for reading: No such file or directory
subject cannot open source file `awk/none.awk' for reading: No such file or directory
subject fatal: cannot open source file 'awk/none.awk' for reading: No such file or directory
subject cannot open source file 'awk/none.awk' for reading: No such file or directory
output 120
Wed Mar  4 09:12:19 UTC 2026
gawk: fatal: cannot open source file `awk/none.awk' for reading: No such file or directory

output 121
Sun Jul 19 02:27:49 CEST 2026
gawk: fatal: cannot open source file `awk/none.awk' for reading: No such file or directory

