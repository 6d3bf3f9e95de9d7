"""The house's settings as tests run: nothing of this machine's environment, a data folder of their own, thrown away.

TEST_LANGUAGE      zh-hans (default) or en
TEST_DATABASE      sqlite (default) or postgresql: a server from the wheel, for this run
TEST_DATABASE_URL  a PostgreSQL server that is already there (scripts/test starts one for all workers)
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from scripts.setup import compile_messages

# As they stand in the source, also for a developer who did not run make; before Django reads a catalogue.
compile_messages()

TEST_LANGUAGE = os.environ.get("TEST_LANGUAGE", "zh-hans")
_folder = tempfile.mkdtemp(prefix="saima-test-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)

_OUTSIDE = (
    "PRODUCTION",
    "BROKER_URL",
    "CACHE_URL",
    "EMAIL_URL",
    "STORAGE_URL",
    "SCANNER",
    "HOST",
    "PORT",
    "ALLOWED_HOSTS",
    "SITE_ADDRESS",
    "LOG_LEVEL",
    "WEBHOOK_HOSTS",
    "LEDGER_HASH",
    "SECRET_KEY_FALLBACKS",
)
for _name in _OUTSIDE:
    os.environ.pop(_name, None)
os.environ |= {"VAR_DIR": _folder, "SECRET_KEY": "tests only", "SECOND_FACTOR_REQUIRED": "1"}
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "")
if not os.environ["DATABASE_URL"] and os.environ.get("TEST_DATABASE") == "postgresql":
    from config.rehearsal.servers import postgresql_server

    _server = postgresql_server()
    os.environ["DATABASE_URL"] = _server.__enter__()
    atexit.register(_server.__exit__, None, None, None)

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES, STATIC_ROOT  # noqa: E402

LANGUAGE_CODE = TEST_LANGUAGE
STATIC_ROOT.mkdir()  # whitenoise warns where it is missing
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MFA_TOTP_TOLERANCE = 1  # no test waits for the right half of a minute; what the house has is asked for in tests/accounts/test_seeds.py
CACHES = {name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name} for name in ("default", "pace")}
PAGES_PER_MINUTE = ACTS_PER_MINUTE = 0  # tests ask for more in a minute than a person does; tests/accounts/test_pace.py sets them
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(Path(_folder) / "test.sqlite3")}  # a file, as in use: threads and processes share it
