exit 60
subject curl: (60) SSL certificate problem: self-signed certificate
output 501
2026-03-04T16:18:31+00:00 nightly[21336]: running
2026-03-04T16:18:31+00:00 nightly[21336]: step 0 took 0.1289 s
2026-03-04T16:18:31+00:00 nightly[21336]: step 1 took 0.28833 s
curl: (60) SSL certificate problem: self-signed certificate
More details here: https://curl.se/docs/sslcerts.html

curl failed to verify the legitimacy of the server and therefore could not
establish a secure connection to it. To learn more about this situation and
how to fix it, please visit the web page mentioned above.

output 627
2026-07-19T09:48:09+02:00 nightly[21343]: running
2026-07-19T09:48:09+02:00 nightly[21343]: step 0 took 0.2691 s
2026-07-19T09:48:09+02:00 nightly[21343]: step 1 took 0.2223 s
2026-07-19T09:48:09+02:00 nightly[21343]: step 2 took 0.2753 s
2026-07-19T09:48:09+02:00 nightly[21343]: step 3 took 0.10460 s
curl: (60) SSL certificate problem: self-signed certificate
More details here: https://curl.se/docs/sslcerts.html

curl failed to verify the legitimacy of the server and therefore could not
establish a secure connection to it. To learn more about this situation and
how to fix it, please visit the web page mentioned above.

