#!/bin/bash
# pylibs.sh: what is written with Python's libraries.
# Debian: python3-django python3-requests python3-yaml python3-structlog
# python3-loguru python3-pytest python3-paramiko python3-boto3 python3-jinja2
# ansible-core yamllint s3cmd certbot.
. "${0%/*}/lib.sh"
served "${make:?}/canned" http=8093

file dj/settings.py <<'E'
SECRET_KEY = "x"
USE_TZ = True
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
LOGGING = {"version": 1, "formatters": {"f": {"format": "%(levelname)s %(asctime)s %(process)d %(message)s"}},
           "handlers": {"c": {"class": "logging.StreamHandler", "formatter": "f"}},
           "root": {"handlers": ["c"], "level": "INFO"}}
E
file dj/manage.py <<'E'
import os, sys, logging, random, django
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
django.setup()
for i in range(random.randint(1, 6)):
    logging.info("warmed cache part %d", i)
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
E
d() { failure "django-$1" "${@:2:${#}-2}" -- python3 dj/manage.py "${*: -1}"; }
d command.rates "Unknown command: 'load_rates'" "Unknown command: 'load_rates'. Type 'manage.py help' for usage." "Unknown command: 'load_rates'. Did you mean loaddata?" load_rates
d command.mail "Unknown command: 'send_mail'" "Unknown command: 'send_mail'. Type 'manage.py help' for usage." "Unknown command: 'send_mail'. Did you mean sendtestemail?" send_mail
d error.app "No installed app with label 'shop'." "makemigrations shop"
d error.fixture "No fixture named 'rates' found." "loaddata rates"
d table "no such table: auth_user" "shell -c 'from django.contrib.auth.models import User; User.objects.get(pk=7)'"

file pl2/lib.py <<'E'
import sys, os, random, time, logging
what, arg = sys.argv[1:3]
if what.startswith("req"):
    import requests
    logging.basicConfig(format="%(asctime)s %(name)s %(levelname)s %(message)s")
    for i in range(random.randint(1, 4)):
        logging.warning("retry %d after %.2f s", i, random.random())
    requests.get(arg, timeout=2).raise_for_status()
elif what == "yaml":
    import yaml
    print("pid", os.getpid(), file=sys.stderr)
    yaml.safe_load(arg)
elif what == "loguru":
    from loguru import logger
    for i in range(random.randint(1, 4)):
        logger.info("batch {} done", i)
    try:
        {}[arg]
    except KeyError:
        logger.exception("import stopped")
    sys.exit(1)
elif what == "loguru2":
    from loguru import logger
    for i in range(random.randint(1, 4)):
        logger.info("batch {} done", i)
    logger.error("mailbox {} is locked", arg)
    sys.exit(1)
elif what == "structlog":
    import structlog
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        processors=[structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso"),
                    structlog.processors.JSONRenderer()])
    log = structlog.get_logger()
    for i in range(random.randint(1, 4)):
        log.info("batch done", batch=i)
    log.error("mailbox is locked", mailbox=arg, pid=os.getpid())
    log.error("cannot store mail", error="mailbox %s is locked" % arg)
    sys.exit(1)
elif what == "jinja":
    import jinja2
    print(time.ctime(), file=sys.stderr)
    jinja2.Template(arg).render()
elif what == "ssh":
    import paramiko
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(thread)d %(message)s")
    logging.info("connecting")
    c = paramiko.SSHClient(); c.connect(arg, port=2222)
elif what == "boto":
    import boto3
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(thread)d %(message)s")
    logging.info("connecting")
    boto3.client("s3", endpoint_url="http://127.0.0.1:8093/404", region_name="eu", aws_access_key_id="a", aws_secret_access_key="b").head_bucket(Bucket=arg)
E
l() { failure "$1" "${@:2:${#}-3}" -- python3 pl2/lib.py "${@: -2:1}" "'${*: -1}'"; }
l py-requests.404 "404 Client Error: Reply for url: http://localhost:8093/404/<*>" "404 Client Error: Reply for url: http://localhost:8093/404" req http://localhost:8093/404
l py-requests.503 "503 Server Error: Reply for url: http://localhost:8093/503" req http://localhost:8093/503
l py-requests.conn "HTTPConnectionPool(host='localhost', port=8091): Max retries exceeded with url: /x (Caused by NewConnectionError('<urllib3.connection.HTTPConnection object at <*>>: Failed to establish a new connection: [Errno 111] Connection refused'))" req http://localhost:8091/x
l py-requests.dns "HTTPConnectionPool(host='api.shop.invalid', port=80): Max retries exceeded with url: /x (Caused by NewConnectionError('<urllib3.connection.HTTPConnection object at <*>" req http://api.shop.invalid/x
l py-yaml.flow "while parsing a flow sequence" yaml 'a: [1, 2'
l py-yaml.map "mapping values are not allowed here" yaml 'a: b: c'
l py-loguru.a "KeyError: 'sales'" "'sales'" "import stopped" loguru sales
l py-loguru.b "KeyError: 'hr'" "'hr'" "import stopped" loguru hr
l py-loguru2.a "mailbox sales is locked" "__main__:<module>:<*> - mailbox sales is locked" loguru2 sales
l py-loguru2.b "mailbox hr is locked" "__main__:<module>:<*> - mailbox hr is locked" loguru2 hr
l py-structlog.a "cannot store mail" "mailbox is locked" "mailbox sales is locked" structlog sales
l py-structlog.b "cannot store mail" "mailbox is locked" "mailbox hr is locked" structlog hr
l py-jinja.undefined "'tariff' is undefined" jinja '{{ tariff.name }}'
l py-jinja.syntax "expected name or number" jinja '{{ tariff. }}'
l py-paramiko "[Errno None] Unable to connect to port 2222 on 127.0.0.1" "[Errno None] Unable to connect to port 2222 on 127.0.0.1 or ::1" ssh 127.0.0.1
l py-boto "An error occurred (404) when calling the HeadBucket operation: Reply" "An error occurred (404) when calling the HeadBucket operation: Not Found" boto backup

u() { failure "$1" "$2" "${@:3:${#}-4}" -- "bin/${*: -2:1}" "${*: -1}"; }
file play/bad.yml <<'E'
- hosts: localhost
  tasks:
    - shop: a=b
E
file play/fail.yml <<'E'
- hosts: localhost
  gather_facts: no
  tasks:
    - command: /srv/app/in/deploy
E
u ansible.module "couldn't resolve module/action 'shop'. This often indicates a misspelling, missing collection, or incorrect module path." "ERROR! couldn't resolve module/action 'shop'. This often indicates a misspelling, missing collection, or incorrect module path." iso 'ansible-playbook -i localhost, -c local play/bad.yml'
u ansible.file "the playbook: play/none.yml could not be found" "ERROR! the playbook: play/none.yml could not be found" iso 'ansible-playbook -i localhost, play/none.yml'
u certbot "The requested nginx plugin does not appear to be installed" iso 'certbot --config-dir /tmp/cb --work-dir /tmp/cb --logs-dir /tmp/cb certonly -n --nginx -d shop.invalid -m a@b.example --agree-tos'
u s3cmd "ERROR: /home/app/.s3cfg: None" "/home/app/.s3cfg: None" iso 's3cmd ls s3://backup'
