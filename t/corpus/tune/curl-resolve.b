exit 6
subject curl: (6) Could not resolve host: img.shop.invalid
output 307
Mar  4 08:36:43 app1 nightly[11341]: running
Mar  4 08:36:43 app1 nightly[11341]: 0 bytes sent
Mar  4 08:36:43 app1 nightly[11341]: 26908 bytes sent
Mar  4 08:36:43 app1 nightly[11341]: 2554 bytes sent
Mar  4 08:36:43 app1 nightly[11341]: 49977 bytes sent
curl: (6) Could not resolve host: img.shop.invalid

output 308
Jul 19 02:22:59 app1 nightly[11351]: running
Jul 19 02:22:59 app1 nightly[11351]: 0 bytes sent
Jul 19 02:22:59 app1 nightly[11351]: 28281 bytes sent
Jul 19 02:22:59 app1 nightly[11351]: 63948 bytes sent
Jul 19 02:22:59 app1 nightly[11351]: 55698 bytes sent
curl: (6) Could not resolve host: img.shop.invalid

