"""Titles, given once publicity has ended and nothing is open against an entry."""

from datetime import date, datetime, timedelta

from django.db import transaction

from accounts.permissions import require
from competition.domain import verification
from competition.domain.calendar import beijing_date
from competition.models import Award, Notice
from competition.selectors.competitions import is_last
from competition.services.documents import without_certificate
from competition.services.release import random_code
from competition.services.telling import tell_awards
from competition.services.webhooks import announce
from competition.workflow import perform
from jobs.services import enqueue
from ledger.domain.reason import Reason, Refused
from ledger.services import Deed, record_many, seal

CERTIFICATES = "certificates.issue"


def against_award(round, *, at: datetime) -> tuple[Reason, ...]:
    """Why nobody of this round can be awarded yet."""
    if round.state != "released":
        return (Reason("competition.not_released"),)
    if not is_last(round):
        return (Reason("competition.round_not_last"),)
    notice = Notice.objects.filter(proposal__round=round, proposal__state="released").first()
    if notice is None or notice.state != "published":
        return (Reason("competition.notice_withdrawn"),)
    if beijing_date(at) <= notice.ends_on:
        return (Reason("competition.publicity_running", {"last": notice.ends_on.isoformat()}),)
    return ()


def last_day(first: date, years: int) -> date:
    """A title of three years from 18 December ends with 17 December; one from 29 February with 28 February."""
    try:
        return first.replace(year=first.year + years) - timedelta(days=1)
    except ValueError:
        return date(first.year + years, 2, 28)


@transaction.atomic
def give_awards(round, *, titles=("cluster", "organisation"), actor, at: datetime) -> list[Award]:
    """For every chosen entry that runs and has no open objection; those left out can follow later, nobody gets one twice."""
    round = type(round).objects.select_for_update(of=("self",)).select_related("competition").get(pk=round.pk)
    require(actor, "award.give", round)
    if reasons := against_award(round, at=at):
        raise Refused(*reasons)
    if unknown := set(titles) - set(Award.TITLES):
        raise Refused(Reason("competition.title_unknown", {"titles": sorted(unknown)}), field="titles")
    if not titles:
        raise Refused(Reason("competition.title_missing"), field="titles")
    given = set(Award.objects.filter(entry__round=round).values_list("entry_id", "title"))
    chosen = (
        round.entries.filter(outcome="advance", state="running")
        .exclude(objections__state="open")
        .exclude(condition__state="missed")
        .select_related("application__cluster", "application__organisation")
        .order_by("pk")
    )
    first = beijing_date(at)
    last = last_day(first, round.competition.valid_years)
    awards = Award.objects.bulk_create(
        [
            Award(
                entry=entry,
                title=title,
                holder_zh=holder.name_zh,
                holder_en=holder.name_en,
                number=f"{round.competition.year}-{random_code(8)}",
                verify_code=random_code(verification.LENGTH),
                valid_from=first,
                valid_until=last,
                given_at=at,
            )
            for entry in chosen
            for title in titles
            if (entry.pk, title) not in given
            for holder in [entry.application.organisation if title == "organisation" else entry.application.cluster]
        ],
        batch_size=500,
    )
    record_many(
        [
            Deed(
                actor=f"user:{actor.pk}",
                action="award.give",
                subject=f"award:{award.pk}",
                scope=f"competition:{round.competition_id}",
                after={"entry": award.entry_id, "title": award.title, "number": award.number, "valid_until": award.valid_until},
            )
            for award in awards
        ],
        at=at,
    )
    seal(at=at)
    tell_awards(awards, at=at)
    if awards:
        numbers = {"round": round.code, "awards": [award.number for award in awards]}
        announce("award.issued", round.competition, f"round:{round.pk}", numbers, at=at)
    if awards:  # drawn in the background; what was given before and not drawn is drawn with them
        enqueue(CERTIFICATES, f"round:{round.pk}", requested_by=f"user:{actor.pk}")
    return awards


@transaction.atomic
def revoke_award(award: Award, *, reason: str, actor, at: datetime) -> Award:
    reason = reason.strip()
    if not reason:
        raise Refused(Reason("competition.reason_missing"), field="reason")
    return perform(award, "revoke", actor=actor, at=at, changes={"revoke_reason": reason})


@transaction.atomic
def issue_certificates(round, *, actor, at: datetime) -> int:
    """Asks for a certificate of each valid award of the round that has none; issued and drawn in the background. Gives how
    many there are to make."""
    require(actor, "award.give", round)
    missing = len(without_certificate(round.pk))
    if missing:
        enqueue(CERTIFICATES, f"round:{round.pk}", requested_by=f"user:{actor.pk}", at=at)
    return missing
