exit 1
subject store 'north' failed
output 889
2026-03-04T09:58:49.2060140+00:00 job 27316

Unhandled Exception:
StoreException: store 'north' failed ---> System.InvalidOperationException: no route to beta
  at Job.Wrap (System.String why) [0x0000b] in <2f0582359df74a55b4c63769dcd6448d>:0 
   --- End of inner exception stack trace ---
  at Job.Wrap (System.String why) [0x0001d] in <2f0582359df74a55b4c63769dcd6448d>:0 
  at Job.Main (System.String[] a) [0x0014a] in <2f0582359df74a55b4c63769dcd6448d>:0 
[ERROR] FATAL UNHANDLED EXCEPTION: StoreException: store 'north' failed ---> System.InvalidOperationException: no route to beta
  at Job.Wrap (System.String why) [0x0000b] in <2f0582359df74a55b4c63769dcd6448d>:0 
   --- End of inner exception stack trace ---
  at Job.Wrap (System.String why) [0x0001d] in <2f0582359df74a55b4c63769dcd6448d>:0 
  at Job.Main (System.String[] a) [0x0014a] in <2f0582359df74a55b4c63769dcd6448d>:0 

output 889
2026-07-19T02:49:40.3912070+02:00 job 27518

Unhandled Exception:
StoreException: store 'north' failed ---> System.InvalidOperationException: no route to beta
  at Job.Wrap (System.String why) [0x0000b] in <2f0582359df74a55b4c63769dcd6448d>:0 
   --- End of inner exception stack trace ---
  at Job.Wrap (System.String why) [0x0001d] in <2f0582359df74a55b4c63769dcd6448d>:0 
  at Job.Main (System.String[] a) [0x0014a] in <2f0582359df74a55b4c63769dcd6448d>:0 
[ERROR] FATAL UNHANDLED EXCEPTION: StoreException: store 'north' failed ---> System.InvalidOperationException: no route to beta
  at Job.Wrap (System.String why) [0x0000b] in <2f0582359df74a55b4c63769dcd6448d>:0 
   --- End of inner exception stack trace ---
  at Job.Wrap (System.String why) [0x0001d] in <2f0582359df74a55b4c63769dcd6448d>:0 
  at Job.Main (System.String[] a) [0x0014a] in <2f0582359df74a55b4c63769dcd6448d>:0 

