exit 2
subject tar: /srv/y: Cannot stat: No such file or directory
output 151
html/index.html
html/errors/error-428.html
tar: /srv/y: Cannot stat: No such file or directory
tar: Exiting with failure status due to previous errors

output 135
html/errors/error-500.html
tar: /srv/y: Cannot stat: No such file or directory
tar: Exiting with failure status due to previous errors

