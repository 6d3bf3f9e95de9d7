from django.db.models import Subquery

from ledger.models import Record, Seal


def newest_seal() -> Seal | None:
    """Its `anchor` stands on every document that is issued."""
    return Seal.objects.order_by("-number").first()


def newest_seal_and_moment(subject: str) -> Seal | None:
    """The same in one query with `last_at`: the moment of the newest record about `subject`, None where there is none."""
    last = Record.objects.filter(subject=subject).order_by("-id").values("at")[:1]
    return Seal.objects.annotate(last_at=Subquery(last)).order_by("-number").first()


def seal_of(record_id: int) -> Seal | None:
    """The seal that lists the record; None while it waits for one."""
    return Seal.objects.filter(entries__record=record_id).first()
