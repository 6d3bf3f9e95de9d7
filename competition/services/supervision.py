"""What a supervisor takes out of the house is written down like a reading."""

from django.db import transaction

from ledger.services import Deed, record_many


@transaction.atomic
def export_records(competitions, *, actor, at) -> None:
    """One record in the ledger of each competition whose records leave."""
    record_many(
        [
            Deed(actor=f"user:{actor.pk}", action="ledger.export", subject=f"competition:{row.pk}", scope=f"competition:{row.pk}")
            for row in competitions
        ],
        at=at,
    )
