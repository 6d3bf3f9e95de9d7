from ledger.models import Seal


def newest_seal() -> Seal | None:
    """Its `anchor` stands on every document that is issued."""
    return Seal.objects.order_by("-number").first()


def seal_of(record_id: int) -> Seal | None:
    """The seal that lists the record; None while it waits for one."""
    return Seal.objects.filter(entries__record=record_id).first()
