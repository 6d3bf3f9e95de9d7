"""Partners of a joint entry: kept with the draft, fixed with each revision, carried where its answers are carried."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from accounts.permissions import require
from competition.domain.parties import tidy
from competition.models import Application, Party, Revision, RevisionParty
from competition.selectors.parties import party_faults, typed
from ledger.domain.reason import Reason, Refused
from ledger.services import record

EDITABLE = ("draft", "returned")


@transaction.atomic
def set_parties(application: Application, *, parties: Iterable[Mapping], version: int, actor, at: datetime) -> int:
    """All partners of the draft, in the order given; gives the draft's new version. `parties`: texts by name (`name_zh name_en credit_code
    region role`). Refused with `draft_conflict` where the draft was saved elsewhere since `version`, at the first field that is wrong
    else. The record says how many, not who: staff see a draft no sooner than it is submitted."""
    application = (
        Application.objects.select_for_update(of=("self",))
        .select_related("competition", "round__competition", "organisation")
        .get(pk=application.pk)
    )
    require(actor, "application.edit", application)
    if application.state not in EDITABLE:
        raise Refused(Reason("competition.application_not_editable"))
    if version != application.draft_version:
        raise Refused(Reason("competition.draft_conflict"))
    rows = tidy(parties)
    if found := party_faults(application, rows):
        raise Refused(*dict.fromkeys(reason for _path, reason in found), field=found[0][0])
    if rows == (before := [typed(row) for row in application.parties.all()]):
        return version
    _replace(application, rows)
    application.draft_version += 1
    application.draft_saved_at = at
    application.save(update_fields=["draft_version", "draft_saved_at"])
    record(
        actor=f"user:{actor.pk}",
        action="application.set_parties",
        subject=f"application:{application.pk}",
        scope=f"competition:{application.competition_id}",
        before={"partners": len(before)},
        after={"partners": len(rows)},
        at=at,
    )
    return application.draft_version


def _replace(application, rows) -> None:
    application.parties.all().delete()
    Party.objects.bulk_create([Party(application=application, order=number, **_columns(row)) for number, row in enumerate(rows, start=1)])


def _columns(row) -> dict:
    return {"region_id" if name == "region" else name: value for name, value in row.items()}


def fix_parties(revision: Revision, rows: list[dict]) -> None:
    """In the transaction that submits."""
    RevisionParty.objects.bulk_create(
        [RevisionParty(revision=revision, order=number, **_columns(row)) for number, row in enumerate(rows, start=1)]
    )


def carry_parties(revision: Revision | None, application: Application) -> None:
    """The draft begins with those that the revision named, where its competition takes joint entries; in the caller's transaction."""
    if revision is not None and application.competition.joint_entries:
        _replace(application, [typed(row) for row in revision.parties.all()])
