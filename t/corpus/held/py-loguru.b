exit 1
subject KeyError: 'hr'
subject 'hr'
subject import stopped
output 279
2026-03-04 09:12:08.021 | INFO     | __main__:<module>:16 - batch 0 done
2026-03-04 09:12:08.022 | ERROR    | __main__:<module>:20 - import stopped
Traceback (most recent call last):

> File "/srv/app/pl2/lib.py", line 18, in <module>
    {}[arg]
       └ 'hr'

KeyError: 'hr'

output 352
2026-07-19 03:41:11.716 | INFO     | __main__:<module>:16 - batch 0 done
2026-07-19 03:41:11.716 | INFO     | __main__:<module>:16 - batch 1 done
2026-07-19 03:41:11.717 | ERROR    | __main__:<module>:20 - import stopped
Traceback (most recent call last):

> File "/srv/app/pl2/lib.py", line 18, in <module>
    {}[arg]
       └ 'hr'

KeyError: 'hr'

