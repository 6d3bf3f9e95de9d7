"""The only settings file. Every value that differs between machines comes from the environment, is read once,
with its type, and fails loudly; on one machine each has a safe default (docs/operations.md lists them)."""

import secrets
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import environ
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import values
from config.api_names import enum_names
from config.keys import Keys
from config.logs import logging_config
from config.redis_bounds import redis_options
from config.schedule import BEAT_SCHEDULE
from config.secret_files import secret
from ledger.domain import hashing

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
PRODUCTION = env.bool("PRODUCTION", default=False)
DEBUG = False
INTERNAL_IPS: list[str] = []


# Which part of an installation this process is; empty: all of it. Each is given the secrets it needs and no others (docker-compose.yml).
PART = env.str("PART", default="")
WITHOUT = {
    "": set(),
    "web": {"EMAIL_URL"},
    "worker": set(),
    "scheduler": {"SECRET_KEY", "DATABASE_URL", "CACHE_URL", "EMAIL_URL"},  # it sends messages to the broker, no more
    "prepare": {"BROKER_URL", "CACHE_URL", "EMAIL_URL"},
}
if PART not in WITHOUT:
    raise ImproperlyConfigured(f"PART must be one of {', '.join(filter(None, WITHOUT))}, not {PART}.")


def given(name: str) -> str:
    """A value that production must be given; empty where it has a default on one machine, or where this part does without."""
    value = secret(name)
    if PRODUCTION and not value and name not in WITHOUT[PART]:
        raise ImproperlyConfigured(f"{name} must be set when PRODUCTION=1.")
    return value


def machine_secret() -> str:
    """A secret made once for this machine and kept in the data folder."""
    path = VAR_DIR / "secret-key"
    try:
        return path.read_text()
    except FileNotFoundError:
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
        return path.read_text()


# The folder of this part's certificate, by which it enters database, Redis and web server (scripts/keys.py); empty: without.
INNER_KEYS = env.str("INNER_KEYS", default="")
KEYS = Keys(Path(INNER_KEYS), PART) if INNER_KEYS else None

SECRET_KEY = given("SECRET_KEY") or (secrets.token_urlsafe(50) if PRODUCTION else machine_secret())

# Keys of before: what was made under them still holds. The operator takes them out again (docs/operations.md).
SECRET_KEY_FALLBACKS = [key for key in secret("SECRET_KEY_FALLBACKS").split(",") if key]

# The hash function of the ledger's new records and seals; each names its own, so that this may change (docs/ledger.md).
LEDGER_HASH = values.hash_function(env.str("LEDGER_HASH", default=hashing.FIRST))


HOST = env.str("HOST", default="127.0.0.1")
PORT = values.port(env.str("PORT", default="8000"))
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver", HOST]
ALLOWED_HOSTS = given("ALLOWED_HOSTS").split(",") if PRODUCTION else env.list("ALLOWED_HOSTS", default=LOCAL_HOSTS)
SITE_ADDRESS = env.str("SITE_ADDRESS", default=f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION else f"http://localhost:{PORT}")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_ADDRESS] if PRODUCTION else [])

# all: everybody, with a code by mail where there is no app and no passkey; 1: organisers, deciders and supervisors. The demo may do
# without (0); every page says so then.
SECOND_FACTOR_OF_ALL = env.str("SECOND_FACTOR_REQUIRED", default="all").strip().lower() == "all"
SECOND_FACTOR_REQUIRED = SECOND_FACTOR_OF_ALL or env.bool("SECOND_FACTOR_REQUIRED", default=True)
if PRODUCTION and not SECOND_FACTOR_REQUIRED:
    raise ImproperlyConfigured("SECOND_FACTOR_REQUIRED=0 is for the demo only; production refuses it.")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_tables2",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "ledger",
    "jobs",
    "accounts",
    "competition",
    "evaluations",
    "config.apps.ConfigConfig",
]

MIDDLEWARE = [
    "config.middleware.RequestIdMiddleware",
    "config.middleware.ContentSecurityPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "accounts.middleware.InTheClearMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.AccessMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.page.shell",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS += ["django.forms"]

# ---------------------------------------------------------------- data
_database = given("DATABASE_URL") or ("" if PRODUCTION else f"sqlite:///{quote(str(VAR_DIR / 'saima.sqlite3'))}")
DATABASES = {"default": env.db_url_config(_database) if _database else {"ENGINE": "django.db.backends.dummy"}}
DATABASE_ROLE = env.str("DATABASE_ROLE", default="")  # under which web and worker use it; `prepare` makes it
DATABASE_ROLE_PASSWORD = secret("DATABASE_ROLE_PASSWORD")
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
elif _database:
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
        DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
        if KEYS:
            DATABASES["default"]["OPTIONS"] |= KEYS.for_database()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHE_URL = given("CACHE_URL")
_redis = redis_options(CACHE_URL, KEYS)
CACHES = {
    "default": {"BACKEND": "config.cache.Cache", "LOCATION": CACHE_URL, "OPTIONS": _redis}
    if CACHE_URL
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
    "pace": {"BACKEND": "config.cache.Counters", "LOCATION": CACHE_URL, "OPTIONS": _redis}
    if CACHE_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "pace"},
}
# What one person may ask of the pages; programs have DEFAULT_THROTTLE_RATES. 0: not counted.
PAGES_PER_MINUTE = env.int("PAGES_PER_MINUTE", default=600)
ACTS_PER_MINUTE = env.int("ACTS_PER_MINUTE", default=240)

STORAGE_URL = env.str("STORAGE_URL", default="")  # empty: local folder; s3://bucket?endpoint=…&region=…
PRIVATE_DIR = VAR_DIR / "files"
MEDIA_ROOT = PRIVATE_DIR  # never served; files leave only through a view that checks permission
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(PRIVATE_DIR)}},
    "staticfiles": {
        "BACKEND": "config.storage.StaticFiles" if PRODUCTION else "whitenoise.storage.CompressedStaticFilesStorage",
    },
}
if STORAGE_URL:
    STORAGES["default"] = values.bucket(STORAGE_URL, access_key=secret("AWS_ACCESS_KEY_ID"), secret_key=secret("AWS_SECRET_ACCESS_KEY"))

SCANNER = values.scanner(env.str("SCANNER", default=""))
SCANNER_OLD_DAYS = 7  # signatures of malware come every day

# ---------------------------------------------------------------- jobs
BROKER_URL = given("BROKER_URL")
if BROKER_URL:
    CELERY_BROKER_URL = BROKER_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 7200, "socket_connect_timeout": 2, "socket_timeout": 2, "max_retries": 0}
    if KEYS:
        CELERY_BROKER_USE_SSL = KEYS.for_redis()
else:
    _broker_dir = VAR_DIR / "broker"
    for _name in ("messages", "control"):
        (_broker_dir / _name).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_broker_dir / "messages"),
        "data_folder_out": str(_broker_dir / "messages"),
        "control_folder": str(_broker_dir / "control"),
    }
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # however long Redis is away
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_TIME_LIMIT = 3600
CELERY_TASK_SOFT_TIME_LIMIT = 3500
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat")
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE
CELERY_BEAT_SCHEDULER = "config.scheduler:Scheduler"
# A running job shows itself every heartbeat; after a lease without one the sweeper takes it from its worker.
JOBS_TICK_SECONDS = env.float("JOBS_TICK_SECONDS", default=1.0)
JOBS_HEARTBEAT_SECONDS = env.float("JOBS_HEARTBEAT_SECONDS", default=10.0)
JOBS_LEASE_SECONDS = env.float("JOBS_LEASE_SECONDS", default=60.0)
JOBS_GRACE_SECONDS = env.float("JOBS_GRACE_SECONDS", default=5.0)
JOBS_HINT_EXPIRES_SECONDS = env.float("JOBS_HINT_EXPIRES_SECONDS", default=300.0)
JOBS_BROKER_SILENCE_SECONDS = env.float("JOBS_BROKER_SILENCE_SECONDS", default=15.0)
JOBS_KEPT_DAYS = env.int("JOBS_KEPT_DAYS", default=30)
if JOBS_LEASE_SECONDS < 3 * JOBS_HEARTBEAT_SECONDS:
    raise ImproperlyConfigured("JOBS_LEASE_SECONDS must be at least three times JOBS_HEARTBEAT_SECONDS.")

# Touched by worker and scheduler while they live, for a health check that starts no Django (scripts/alive.py); empty: not.
ALIVE_FILE = env.str("ALIVE_FILE", default="")

METRICS_TOKEN = secret("METRICS_TOKEN")  # what a monitor shows at /metrics; empty: there is no such page

# Keys to which backups are encrypted (age1…); their other halves lie elsewhere.
BACKUP_RECIPIENTS = [key.strip() for key in env.list("BACKUP_RECIPIENTS", default=[]) if key.strip()]

# Whom organisers may have told of their competitions: names, networks such as 10.20.0.0/16, `public` for every host outside.
WEBHOOK_HOSTS = values.hosts(env.list("WEBHOOK_HOSTS", default=[] if PRODUCTION else ["public"]))

# ---------------------------------------------------------------- people
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.person.Backend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "accounts.password_rules.NotLikeOneself",
        "OPTIONS": {"user_attributes": ("email", "name_zh", "name_en")},
    },
    {"NAME": "accounts.password_rules.Length", "OPTIONS": {"min_length": 12}},
    {"NAME": "accounts.password_rules.NotCommon"},
    {"NAME": "accounts.password_rules.NotBreached"},
    {"NAME": "accounts.password_rules.NotNearlyCommon"},
    {"NAME": "accounts.password_rules.NotOfThisHouse"},
]
PASSWORD_RESET_TIMEOUT = 6 * 3600  # seconds; the letter says so
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"  # people come by invitation, whose link went to their address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True  # for SESSION_COOKIE_AGE
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
# Never by address alone: fifty evaluators in a hall share one. Failed logins are counted by axes.
ACCOUNT_RATE_LIMITS = {
    "login": "",
    "login_failed": "10/5m/key",  # codes of the second factor, by account, after its password was right
    "signup": "60/h/ip,5/h/key",  # letters; by address generously, for an office shares one
    "reset_password": "5/h/key",
    "reset_password_from_key": "",
    "mail_code": "5/5m/key,30/h/key",  # letters with a code for signing in, by account, after its password was right
}
ACCOUNT_FORMS = {
    "login": "accounts.signing_in.LoginForm",
    "reset_password": "accounts.signing_in.ResetPasswordForm",
    "reset_password_from_key": "accounts.signing_in.NewPasswordForm",
    "change_password": "accounts.signing_in.ChangePasswordForm",
    "reauthenticate": "accounts.signing_in.PasswordForm",
}
MFA_ADAPTER = "accounts.adapters.MFAAdapter"
MFA_FORMS = {
    "authenticate": "accounts.signing_in.CodeForm",
    "reauthenticate": "accounts.signing_in.CodeAgainForm",
    "activate_totp": "accounts.signing_in.ActivateForm",
    "authenticate_webauthn": "accounts.signing_in.PasskeyForm",
    "reauthenticate_webauthn": "accounts.signing_in.PasskeyAgainForm",
    "add_webauthn": "accounts.signing_in.NewPasskeyForm",
    "edit_webauthn": "accounts.signing_in.PasskeyNameForm",
}
MFA_TOTP_ISSUER = "Saima 赛马"
MFA_TOTP_TOLERANCE = 0  # a code holds for its own 30 seconds
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION  # http://localhost
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=1 if PRODUCTION else 0)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_USERNAME_CALLABLE = "accounts.lockout.account"
AXES_CLIENT_IP_CALLABLE = "allauth.core.internal.httpkit.get_client_ip"
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "password", "login"]
AXES_DISABLE_ACCESS_LOG = True  # the ledger records logins
AXES_LOCKOUT_CALLABLE = "accounts.views.session.locked_out"

# ---------------------------------------------------------------- mail
EMAIL_URL = given("EMAIL_URL")
if EMAIL_URL:
    vars().update(env.email_url_config(EMAIL_URL))
elif PRODUCTION:
    EMAIL_BACKEND = "config.mail.NotHere"
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_TIMEOUT = 30  # seconds
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="saima@localhost")

# ---------------------------------------------------------------- language, time, pages
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"  # every deadline is Beijing time
FORMAT_MODULE_PATH = ["config.formats"]
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["png", "jpg", "ico", "woff", "woff2", "gz", "br", "map"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler", "config.uploads.Bounded"]
FILE_UPLOAD_TEMP_DIR = None

# ---------------------------------------------------------------- security
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600  # since sign-in, however much it is used
SESSION_IDLE_SECONDS = 2 * 3600  # an evaluator may read for an hour without touching the page
CSRF_COOKIE_SAMESITE = "Lax"
TRUSTED_COOKIE_NAME = "trusted"  # accounts.trusted
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # they name people: in no cookie
CSRF_FAILURE_VIEW = "accounts.views.session.page_stale"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
# healthz and readyz are asked from inside, without the proxy; a program is told, not led on (`accounts.middleware.InTheClearMiddleware`).
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^api/v1/"]
SECURE_REFERRER_POLICY = "same-origin"
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    # A browser takes these from this host alone, by HTTPS.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME, LANGUAGE_COOKIE_NAME = "__Host-session", "__Host-csrftoken", "__Host-language"
    TRUSTED_COOKIE_NAME = "__Host-trusted"
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.rights.Scoped"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["accounts.api.parsers.JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "accounts.api.negotiation.AlwaysJSON",
    "DEFAULT_SCHEMA_CLASS": "accounts.api.schema.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "accounts.api.pages.Pages",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": "600/min"},
    "EXCEPTION_HANDLER": "accounts.api.faults.answer",
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Saima 赛马",
    "VERSION": "1",
    "DESCRIPTION": "Competitions of industrial clusters: the same services, rights and secrecy as in the pages.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": enum_names(),
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

LOG_KEEPER = env.str("LOG_KEEPER", default="")  # host:port of scripts/log_keeper.py, which also has each line; empty: nobody
if LOG_KEEPER and not (PRODUCTION and KEYS):
    raise ImproperlyConfigured("LOG_KEEPER needs PRODUCTION=1 and INNER_KEYS: it takes JSON lines, from who shows a certificate.")
LOGGING = logging_config(production=PRODUCTION, level=env.str("LOG_LEVEL", default="INFO" if PRODUCTION else "WARNING"))
SILENCED_SYSTEM_CHECKS: list[str] = []
