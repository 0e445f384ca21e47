"""The platform's settings, all from the environment; no secret has a default.

SAIMA_DATA       folder of the database, uploads and issued files (default ./saima-data)
SAIMA_SECRET     the secret that signs sessions; `saima admin secret` makes one
SAIMA_DATABASE   postgresql://user:password@host:port/name; without it SQLite in SAIMA_DATA
SAIMA_HOSTS      host names that are answered, with commas (default localhost)
SAIMA_ORIGINS    origins trusted behind a proxy, e.g. https://saima.example
SAIMA_HTTPS      1 where people reach the platform by https: cookies are then marked secure
SAIMA_PREFIX     a sub-path such as /saima, where a proxy serves one
SAIMA_IDLE       minutes without a click after which one is logged out (default 60; 0: never)
SAIMA_SECOND_FACTOR  who must set up a second factor: administrators, or all; without it nobody
SAIMA_WATERMARK  1 writes the reader's name and the time faintly over every page
SAIMA_SSO_…       the identity provider to sign on by: see signon.configuration
SAIMA_LOG        json for JSON lines, one for each request too; without it readable lines
SAIMA_METRICS_TOKEN  whoever sends it as a bearer token may read /metrics
SAIMA_METRICS_FROM   addresses that may read /metrics, with commas; this host always may
SAIMA_CLOCK_OFFSET   seconds that the clock is set off by (the demonstration uses it)
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from saima_web.operations import logs
from saima_web.signon import configuration

PACKAGE = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("SAIMA_DATA", "saima-data")).resolve()

SECRET_KEY = os.environ.get("SAIMA_SECRET", "")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "没有设置 SAIMA_SECRET。请运行 saima admin secret 生成一个，写进环境变量后再启动。"
    )
DEBUG = False
ALLOWED_HOSTS = os.environ.get("SAIMA_HOSTS", "localhost,127.0.0.1").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("SAIMA_ORIGINS", "").split(",") if o]
SAIMA_CLOCK_OFFSET = timedelta(seconds=float(os.environ.get("SAIMA_CLOCK_OFFSET", "0")))

SLICES = [
    "api",
    "dashboards",
    "cards",
    "redlines",
    "supervision",
    "pledges",
    "followup",
    "projects",
    "publishing",
    "setup",
    "scoring",
    "reporting",
    "targets",
    "indicators",
    "operations",
    "signon",
    "messaging",
    "campaigns",
    "ledger",
    "people",
    "jobs",
    "audit",
    "ui",
]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    *(f"saima_web.{name}" for name in SLICES),
]
MIDDLEWARE = [
    "saima_web.operations.watching.WatchMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "saima_web.site.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "saima_web.people.middleware.SessionNoteMiddleware",
    "saima_web.people.middleware.PasswordChangeMiddleware",
    "saima_web.people.middleware.SecondFactorMiddleware",
    "saima_web.site.middleware.PrivateMiddleware",
    "saima_web.site.middleware.RefusedMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "saima_web.site.urls"
WSGI_APPLICATION = "saima_web.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "saima_web.site.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "saima_web.ui.templatetags.saima"],
        },
    }
]


def database(address: str) -> dict[str, Any]:
    """Django's settings of a database: SQLite with a write-ahead log, or PostgreSQL."""
    if not address:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA / "saima.sqlite3",
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                " PRAGMA foreign_keys=ON;",
            },
        }
    parts = urlsplit(address)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ImproperlyConfigured("SAIMA_DATABASE 应写成 postgresql://用户:密码@主机:端口/库名")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "prepare_threshold": 5,  # what `base.prepared` keeps
            "options": "-c jit=off",  # compiling takes longer than any page's statement runs
        },
    }


DATABASES = {"default": database(os.environ.get("SAIMA_DATABASE", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "saima_web.people.backends.Accounts",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "phone")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
]
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "people/locked.html"
AXES_RESET_ON_SUCCESS = True
SSO = configuration.apps(os.environ)
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": SSO}}
SOCIALACCOUNT_ADAPTER = "saima_web.signon.adapters.SignOn"
SOCIALACCOUNT_STORE_TOKENS = False
ACCOUNT_ADAPTER = "saima_web.signon.adapters.Accounts"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
LOGIN_URL = "people:login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "people:login"

SESSION_ENGINE = "saima_web.people.session_store"
SESSION_COOKIE_NAME = "saima_session"
SESSION_COOKIE_AGE = 12 * 3600
SAIMA_IDLE = int(os.environ.get("SAIMA_IDLE", "60"))
SAIMA_SECOND_FACTOR = os.environ.get("SAIMA_SECOND_FACTOR", "")
if SAIMA_SECOND_FACTOR not in ("", "administrators", "all"):
    raise ImproperlyConfigured("SAIMA_SECOND_FACTOR 应是 administrators 或 all，或者不设。")
MFA_ADAPTER = "saima_web.signon.adapters.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
SAIMA_WATERMARK = os.environ.get("SAIMA_WATERMARK") == "1"
CSRF_COOKIE_NAME = "saima_csrf"
HTTPS = os.environ.get("SAIMA_HTTPS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "style-src-attr": ["'unsafe-inline'"],  # widths of bars
        "style-src-elem": ["'self'", "'unsafe-inline'"],  # charts put their tooltips' style in
        "img-src": ["'self'", "data:", "blob:"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'", *(configuration.origin(app) for app in SSO)],
        "base-uri": ["'self'"],
        "object-src": ["'none'"],
    }
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20000

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "saima_language"
LOCALE_PATHS = [PACKAGE / name / "locale" for name in (*SLICES, "site")]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

FORCE_SCRIPT_NAME = os.environ.get("SAIMA_PREFIX", "").rstrip("/") or None
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = LANGUAGE_COOKIE_PATH = FORCE_SCRIPT_NAME or "/"
STATIC_URL = "static/"
MEDIA_ROOT = DATA / "files"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o640
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
LOGGING = logs.settings(os.environ.get("SAIMA_LOG", ""))
SAIMA_METRICS_TOKEN = os.environ.get("SAIMA_METRICS_TOKEN", "")
SAIMA_METRICS_FROM = [a for a in os.environ.get("SAIMA_METRICS_FROM", "").split(",") if a]
