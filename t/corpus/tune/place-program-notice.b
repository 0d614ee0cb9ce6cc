exit 1
subject <*>column "due" of relation "orders" does not exist
output 145
load:jobs/x.sql:2: NOTICE:  table "scratch" does not exist, skipping
load:jobs/x.sql:9: ERROR:  column "due" of relation "orders" does not exist

output 145
load:jobs/x.sql:2: NOTICE:  table "scratch" does not exist, skipping
load:jobs/x.sql:9: ERROR:  column "due" of relation "orders" does not exist

