"""Who was not chosen in an earlier edition and is let in again: the rule, set while the competition is a draft, and its use."""

from datetime import datetime

from django.db import transaction

from competition.models import Comeback, Competition, Readmission, Round
from competition.selectors.readmissions import earlier_rounds, entrances, faults_of, let_in
from competition.services.drafting import lock_draft, touch, write_down
from ledger.domain.reason import Reason, Refused
from ledger.services import record


@transaction.atomic
def add_readmission(competition: Competition, *, reached: Round, enters: Round, version: int, actor, at: datetime) -> Readmission:
    """`reached`: a round of an earlier edition of the same level and region; `enters`: a round of this one with an intake."""
    row = lock_draft(competition, actor=actor, version=version)
    if not earlier_rounds(row).filter(pk=reached.pk).exists():
        raise Refused(Reason("competition.readmission_reached_unknown"), field="reached")
    entrance = entrances(row).filter(pk=enters.pk).first()
    if entrance is None:
        raise Refused(Reason("competition.readmission_without_intake", {"round": enters.order}), field="enters")
    if row.readmissions.filter(reached=reached).exists():
        raise Refused(Reason("competition.readmission_exists"), field="reached")
    rule = Readmission(competition=row, reached=reached, enters=entrance)
    if reasons := faults_of(rule, row):
        raise Refused(*reasons, field="enters")
    rule.save()
    touch(row)
    after = {"competition": reached.competition_id, "reached": reached.pk, "enters": enters.pk}
    write_down("competition.add_readmission", row, row, actor=actor, at=at, after=after)
    return rule


@transaction.atomic
def remove_readmission(rule: Readmission, *, version: int, actor, at: datetime) -> None:
    row = lock_draft(rule.competition, actor=actor, version=version)
    before = {"competition": rule.reached.competition_id, "reached": rule.reached_id, "enters": rule.enters_id}
    rule.delete()
    touch(row)
    write_down("competition.remove_readmission", row, row, actor=actor, at=at, before=before)


def way_back(cluster, round) -> tuple | None:
    """The rule and the earlier place by which this cluster may apply in this round."""
    return let_in([cluster], [round]).get((round.pk, cluster.pk)) if round else None


def come_back(application, rule: Readmission, entry, *, actor, at: datetime) -> None:
    """In the transaction that starts the application."""
    Comeback.objects.get_or_create(application=application, defaults={"rule": rule, "entry": entry, "made_at": at})
    record(
        actor=f"user:{actor.pk}",
        action="application.readmit",
        subject=f"application:{application.pk}",
        scope=f"competition:{application.competition_id}",
        after={"competition": rule.reached.competition_id, "reached": rule.reached_id, "entry": entry.pk, "round": rule.enters_id},
        at=at,
    )
