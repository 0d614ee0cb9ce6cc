exit 1
subject store 'north' failed
subject store 'north' failed ---> System.InvalidOperationException: no route to beta
output 889
2026-03-04T10:10:24.6178940+00:00 job 12027

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
2026-07-19T03:05:22.6448750+02:00 job 12225

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

