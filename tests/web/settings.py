"""The platform's settings for tests: SQLite in a file, or PostgreSQL where SAIMA_DATABASE says so."""

import os
import tempfile

os.environ.setdefault("SAIMA_SECRET", "only-for-tests")
os.environ.setdefault("SAIMA_DATA", tempfile.mkdtemp(prefix="saima-test-"))

from saima_web.site.settings import *  # noqa: F403

ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AXES_ENABLED = False
WHITENOISE_AUTOREFRESH = True
# its tables in one step, as an empty database gets them (see saima_web.base.first_tables)
DATABASES["default"]["TEST"] = {"MIGRATE": False}  # noqa: F405
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # a file, not memory: browsers' requests come in threads, and one connection is not shared;
    # nobody keeps it, so that it need not wait until each change is on the disk
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"  # noqa: F405
    DATABASES["default"]["TEST"]["NAME"] = os.path.join(os.environ["SAIMA_DATA"], "test.sqlite3")  # noqa: F405, PTH118
