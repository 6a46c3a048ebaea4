"""All settings. Values come from the environment; a secret has no default."""

import logging
import os
import re
import zoneinfo
from datetime import timedelta
from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
from django.core.exceptions import ImproperlyConfigured

from todo_project import logging as project_logging

django_stubs_ext.monkeypatch()  # ModelAdmin[Task] and the like, at run time

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
if os.environ.get("ENV_FILE"):
    env.read_env(os.environ["ENV_FILE"])  # the environment itself wins; a missing file is fine


def _secret(name: str) -> str:
    """A secret from the environment. It has no default, and a short one is no secret."""
    value: str = env.str(name)
    if len(value) < 32:
        raise ImproperlyConfigured(f"Set {name} to at least 32 random characters.")
    return value


def _rate(name: str, default: str) -> str:
    """So many requests a time, as 1200/min; empty: no limit."""
    value: str = env.str(name, default=default)
    if value and not re.fullmatch("[1-9][0-9]*/(sec|min|hour)", value):
        raise ImproperlyConfigured(f"{name} is {value!r}; give a rate as 1200/min, or nothing.")
    return value


DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = _secret("SECRET_KEY")
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "corsheaders",
    "django_celery_beat",
    "django_prometheus",
    "django_structlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "rest_framework_simplejwt.token_blacklist",
    "bridges",
    "accounts",
    "tasks_app",
    "notifications_app",
    "recurrence_app",
    "todo_project",
]

MIDDLEWARE = [
    "corsheaders.middleware.CorsMiddleware",
    "todo_project.metrics.RequestMetricsMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "todo_project.problems.BodyLimitMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "todo_project.rate_limits.RateLimitMiddleware",
    "todo_project.idempotency.IdempotencyMiddleware",
]

ROOT_URLCONF = "todo_project.urls"
WSGI_APPLICATION = "todo_project.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- PostgreSQL -------------------------------------------------------------------------------

DATABASES = {
    "default": {
        **env.db("DATABASE_URL"),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,  # PgBouncer's transaction mode has no place for them
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The relay's lock lives in a session, which a transaction pooler would hand to somebody else.
# Empty: the database above is reached without a pooler.
DATABASE_DIRECT_URL = env.str("DATABASE_DIRECT_URL", default="")

# Seconds after which PostgreSQL gives a statement up; 0: never. gunicorn.py has the web's default.
# A pooler refuses options at the start: behind one, the role has the limit (docs/settings.md).
STATEMENT_TIMEOUT = env.float("STATEMENT_TIMEOUT", default=0)
if STATEMENT_TIMEOUT and not DATABASE_DIRECT_URL:
    DATABASES["default"]["OPTIONS"] = DATABASES["default"].get("OPTIONS", {}) | {
        "options": f"-c statement_timeout={STATEMENT_TIMEOUT}s"
    }

# --- Redis: nudges and rate limits only ---------------------------------------------------------

REDIS_URL = env.str("REDIS_URL")
REDIS_TIMEOUT = 0.2  # seconds; a request never waits longer for a hint that a tick makes good

# --- Kafka --------------------------------------------------------------------------------------

KAFKA_BOOTSTRAP = env.list("KAFKA_BOOTSTRAP")
KAFKA_TOPIC_PREFIX = env.str("KAFKA_TOPIC_PREFIX", default="")
KAFKA_REPLICATION = env.int("KAFKA_REPLICATION", default=3)
KAFKA_LAYOUT_STREAMS = env.bool("KAFKA_LAYOUT_STREAMS", default=True)
KAFKA_LAYOUT_TYPES = env.bool("KAFKA_LAYOUT_TYPES", default=True)
EVENT_HANDLERS = "todo_project.event_handlers.HANDLERS"

# --- Celery -------------------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 60,
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
    "socket_timeout": REDIS_TIMEOUT,
    "socket_connect_timeout": REDIS_TIMEOUT,
}
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 40
CELERY_TASK_TIME_LIMIT = 50  # below the visibility timeout, or the broker would deliver it twice
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_SEND_TASK_EVENTS = True  # Flower's source
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"


def _tick(job: str, seconds: float) -> dict[str, Any]:
    """A periodic job that is dropped when the next one is due, so that ticks never pile up."""
    return {"task": job, "schedule": seconds, "options": {"queue": "ticks", "expires": seconds}}


CELERY_BEAT_SCHEDULE = {
    "heartbeat": _tick("todo_project.jobs.heartbeat", 5.0),
    "fire-reminders": _tick("notifications_app.jobs.fire_due_reminders", 1.0),
    "spawn-recurring": _tick("recurrence_app.jobs.spawn_due", 1.0),
    "sweep-deliveries": _tick("notifications_app.jobs.sweep_deliveries", 1.0),
    "forget-answers": _tick("todo_project.jobs.forget_answers", 3600.0),
    "forget-expired-tokens": _tick("accounts.jobs.forget_expired_tokens", 3600.0),
}

# --- Accounts -----------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["accounts.hashers.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SIMPLE_JWT = {
    "ALGORITHM": "HS256",
    "SIGNING_KEY": _secret("JWT_SIGNING_KEY"),
    "AUDIENCE": "todo-platform",
    "ISSUER": "todo-platform",
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=15),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=30),
    "ROTATE_REFRESH_TOKENS": True,
    "BLACKLIST_AFTER_ROTATION": True,
    "CHECK_REVOKE_TOKEN": True,  # a new password ends every token of the old one
    "AUTH_TOKEN_CLASSES": ["accounts.tokens.AccessToken"],
    "USER_ID_FIELD": "id",
    "USER_ID_CLAIM": "sub",
}
# Tokens of an outside identity provider are accepted when these three are set.
OIDC_ISSUER = env.str("OIDC_ISSUER", default="")
OIDC_AUDIENCE = env.str("OIDC_AUDIENCE", default="")
OIDC_JWKS_URL = env.str("OIDC_JWKS_URL", default="")

SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https:")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SESSION_COOKIE_SECURE else None

# --- REST ---------------------------------------------------------------------------------------

BODY_LIMIT = 1024 * 1024  # bytes
BODY_LIMITS = {"/api/import": 10 * BODY_LIMIT}  # where it is another
DATA_UPLOAD_MAX_MEMORY_SIZE = max(BODY_LIMIT, *BODY_LIMITS.values())
RATE_LIMIT_USER = _rate("RATE_LIMIT_USER", "1200/min")
RATE_LIMIT_ADDRESS = _rate("RATE_LIMIT_ADDRESS", "6000/min")
IDEMPOTENCY_KEEP = timedelta(hours=env.float("IDEMPOTENCY_KEEP_HOURS", default=24))
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": [
        "todo_project.wire.JSONParser",
        "todo_project.wire.MergePatchParser",
    ],
    "DEFAULT_RENDERER_CLASSES": ["todo_project.wire.JSONRenderer"],
    "DEFAULT_METADATA_CLASS": "todo_project.wire.Options",
    "DEFAULT_FILTER_BACKENDS": ["todo_project.wire.Queries"],
    "DEFAULT_PAGINATION_CLASS": "todo_project.wire.Pages",
    "DEFAULT_SCHEMA_CLASS": "todo_project.autoschema.Operation",
    "EXCEPTION_HANDLER": "todo_project.problems.handle",
    "URL_FORMAT_OVERRIDE": None,  # there is one format
    # Sign-ins and password changes count when they fail, registrations always.
    "DEFAULT_THROTTLE_RATES": {
        "sign-in-address": "30/min",
        "sign-in-email": "10/min",
        "password": "10/min",
        "register-address": env.str("REGISTER_RATE", default="60/min"),
        "register-email": "5/hour",
    },
    "DEFAULT_THROTTLE_CLASSES": ["accounts.quotas.RequestsOfUser"],
    # How many proxies of ours append to X-Forwarded-For; 0 leaves the header unread.
    "NUM_PROXIES": env.int("NUM_PROXIES", default=0),
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
# Front ends on other origins; with bearer tokens, never with cookies.
CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
CORS_ALLOW_HEADERS = [
    "accept",
    "authorization",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
]
CORS_EXPOSE_HEADERS = [
    "Content-Disposition",
    "ETag",
    "Idempotency-Replayed",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Request-ID",
]
SPECTACULAR_SETTINGS = {
    "TITLE": "Task platform",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "DESCRIPTION": "Tasks, reminders and their events. Errors are RFC 9457 problem documents.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api",
    "GET_LIB_DOC_EXCLUDES": "todo_project.openapi.doc_excludes",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "todo_project.openapi.document_problems",
    ],
}

# --- Mail ---------------------------------------------------------------------------------------

vars().update(env.email("EMAIL_URL"))
EMAIL_TIMEOUT = 5  # seconds a socket operation; a whole send stays below its lease
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="tasks@localhost")

# --- Reminders ----------------------------------------------------------------------------------

REMINDER_CATCH_UP = timedelta(hours=env.float("REMINDER_CATCH_UP_HOURS", default=24))

# --- Everything else ----------------------------------------------------------------------------

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
zoneinfo.reset_tzpath(())  # the rules of zones are those of the pinned package, on every machine
STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "var" / "static"))
WHITENOISE_USE_FINDERS = DEBUG

DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_USER_ID_FIELD = None  # asking for it would open a session for each request
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
# One line a request, at its end; ticks come each second and say nothing when all is well.
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_CELERY_TASK_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_CELERY_TASK_SUCCESS_LOG_LEVEL = logging.DEBUG
LOGGING = project_logging.configuration(
    style=env.str("LOG_FORMAT", default="json"), level=env.str("LOG_LEVEL", default="INFO")
)
LOGGING_CONFIG = "todo_project.logging.configure"
