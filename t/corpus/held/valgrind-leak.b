exit 9
subject <*> bytes in 1 blocks are definitely lost in loss record 1 of 1
output 1131
==32225== Memcheck, a memory error detector
==32225== Copyright (C) 2002-2022, and GNU GPL'd, by Julian Seward et al.
==32225== Using Valgrind-3.19.0 and LibVEX; rerun with -h for copyright info
==32225== Command: c/plain leak2
==32225== 
job 32225 at 0x1fff000b2c
==32225== 
==32225== HEAP SUMMARY:
==32225==     in use at exit: 15 bytes in 1 blocks
==32225==   total heap usage: 2 allocs, 1 frees, 4,111 bytes allocated
==32225== 
==32225== 15 bytes in 1 blocks are definitely lost in loss record 1 of 1
==32225==    at 0x48417B4: malloc (in /usr/libexec/valgrind/vgpreload_memcheck-amd64-linux.so)
==32225==    by 0x1092F2: leak_table (san.c:13)
==32225==    by 0x10947C: main (san.c:25)
==32225== 
==32225== LEAK SUMMARY:
==32225==    definitely lost: 15 bytes in 1 blocks
==32225==    indirectly lost: 0 bytes in 0 blocks
==32225==      possibly lost: 0 bytes in 0 blocks
==32225==    still reachable: 0 bytes in 0 blocks
==32225==         suppressed: 0 bytes in 0 blocks
==32225== 
==32225== For lists of detected and suppressed errors, rerun with: -s
==32225== ERROR SUMMARY: 1 errors from 1 contexts (suppressed: 0 from 0)

output 1131
==32247== Memcheck, a memory error detector
==32247== Copyright (C) 2002-2022, and GNU GPL'd, by Julian Seward et al.
==32247== Using Valgrind-3.19.0 and LibVEX; rerun with -h for copyright info
==32247== Command: c/plain leak2
==32247== 
job 32247 at 0x1fff000b1c
==32247== 
==32247== HEAP SUMMARY:
==32247==     in use at exit: 37 bytes in 1 blocks
==32247==   total heap usage: 2 allocs, 1 frees, 4,133 bytes allocated
==32247== 
==32247== 37 bytes in 1 blocks are definitely lost in loss record 1 of 1
==32247==    at 0x48417B4: malloc (in /usr/libexec/valgrind/vgpreload_memcheck-amd64-linux.so)
==32247==    by 0x1092F2: leak_table (san.c:13)
==32247==    by 0x10947C: main (san.c:25)
==32247== 
==32247== LEAK SUMMARY:
==32247==    definitely lost: 37 bytes in 1 blocks
==32247==    indirectly lost: 0 bytes in 0 blocks
==32247==      possibly lost: 0 bytes in 0 blocks
==32247==    still reachable: 0 bytes in 0 blocks
==32247==         suppressed: 0 bytes in 0 blocks
==32247== 
==32247== For lists of detected and suppressed errors, rerun with: -s
==32247== ERROR SUMMARY: 1 errors from 1 contexts (suppressed: 0 from 0)

