exit 1
subject there is no package called ‘shopb’
subject Error in library(a[2], character.only = TRUE) : there is no package called ‘shopb’
output 137
2026-03-04 09:23:09 job 20055
Error in library(a[2], character.only = TRUE) : 
  there is no package called ‘shopb’
Execution halted

output 137
2026-07-19 02:53:07 job 20908
Error in library(a[2], character.only = TRUE) : 
  there is no package called ‘shopb’
Execution halted

