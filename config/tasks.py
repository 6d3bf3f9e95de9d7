from celery import shared_task

from config.log_digests import record_closed


@shared_task(name="config.log_digests")
def log_digests() -> None:
    """Idempotent: what is recorded already is compared."""
    record_closed()
