"""The Celery application. What runs when stands in config/schedule.py."""

import logging.config
import os
from pathlib import Path

from celery import Celery
from celery.signals import after_task_publish, beat_init, heartbeat_sent, setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("saima")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def same_logs_as_django(**kwargs) -> None:
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
    logging.captureWarnings(True)


def alive(**kwargs) -> None:
    """The worker's main process runs its loop, or the scheduler got a message through to the broker."""
    from django.conf import settings

    if settings.ALIVE_FILE:
        Path(settings.ALIVE_FILE).touch()


@beat_init.connect
def scheduler_starts(**kwargs) -> None:
    alive()
    after_task_publish.connect(alive)


heartbeat_sent.connect(alive)
if os.environ.get("PRODUCTION", "0").lower() not in ("", "0", "false", "no", "off"):
    setup_logging.connect(same_logs_as_django)  # on one machine a terminal reads Celery's own lines
