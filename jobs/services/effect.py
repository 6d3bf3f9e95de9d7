"""What leaves the house leaves it once, however often its job is tried."""

from django.db import IntegrityError, transaction

from jobs.models import Effect


def has_left(job_id: int) -> bool:
    """Whether an earlier attempt of this job has sent what it is to send."""
    return Effect.objects.filter(pk=job_id).exists()


def once(job_id: int) -> bool:
    """First in the transaction in which something is sent: whether it is still to be sent. Another attempt at the same moment waits
    here until that transaction is over; where it fails nothing was sent and nothing is noted."""
    try:
        with transaction.atomic():
            Effect.objects.create(job_id=job_id)
    except IntegrityError:
        return False
    return True
