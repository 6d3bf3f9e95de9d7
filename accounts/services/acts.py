"""What a program asks for twice because it did not hear the answer is done once."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from accounts.models import ApiAct
from ledger.domain.reason import Reason, Refused

KEPT = timedelta(days=7)


@transaction.atomic
def once(act: Callable, *, key: str, asked, actor, at: datetime):
    """What `act()` gives (plain JSON of ids and numbers), or gave under the same `key`; an act that was refused may be tried again.
    `asked`: plain JSON of what is wanted; `Refused` where the key stands for something else."""
    if not key:
        return act()
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
    try:
        with transaction.atomic():  # whoever comes second waits here until the first has committed
            row = ApiAct.objects.create(user=actor, key=key, asked=digest, done_at=at)
    except IntegrityError:
        row = ApiAct.objects.get(user=actor, key=key)
        if row.asked != digest:
            raise Refused(Reason("accounts.act_key_used")) from None
        return row.answer
    row.answer = act()
    row.save(update_fields=["answer"])
    return row.answer


def forget_acts(*, at: datetime) -> None:
    """A network that answers after a week is not what the keys are for."""
    ApiAct.objects.filter(done_at__lt=at - KEPT).delete()
