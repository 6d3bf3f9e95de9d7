import logging

from celery import shared_task

from ledger.services import seal
from ledger.services.seals import unsealable

logger = logging.getLogger(__name__)


@shared_task(name="ledger.seal")
def seal_ledger() -> None:
    """Idempotent: what is sealed already is left alone."""
    seal()
    if left := unsealable():
        logger.error("Records %s were changed by hand: their digests are none and no seal takes them.", ", ".join(map(str, left[:20])))
