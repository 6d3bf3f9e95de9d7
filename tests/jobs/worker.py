"""The house's Celery application with the kinds of this folder: ``celery -A tests.jobs.worker worker``."""

import django

django.setup()

from config.celery import app  # noqa: E402
from tests.jobs import kinds  # noqa: E402

kinds.register()

__all__ = ["app"]
