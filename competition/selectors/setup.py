"""What is missing before a call can be published, and where each of it is repaired."""

from dataclasses import dataclass

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from competition.domain.advancement_rule import numbers_by_track, parse_rule, refuse_beyond_tracks, vote_in
from competition.domain.windows import FIELDS, windows_missing
from competition.models import Competition
from competition.rules import parts
from competition.selectors.quotas import deadline_faults
from competition.selectors.readmissions import faults_of, rules_of
from competition.selectors.rules import advancement_of, form_of
from ledger.domain.reason import Reason, Refused


@dataclass(frozen=True)
class Missing:
    """`url_name` takes the competition's id, and the round's where `round_id` is given."""

    reason: Reason
    url_name: str
    round_id: int | None = None


def missing(competition: Competition) -> list[Missing]:
    found = []
    for name in ("organiser_zh", "organiser_en", "contact", "summary_zh", "summary_en"):
        if not getattr(competition, name).strip():
            found.append(Missing(Reason(f"competition.{name}_missing"), "competition:competition_edit"))
    if competition.level == "province" and competition.region_id is None:
        found.append(Missing(Reason("competition.region_missing"), "competition:competition_edit"))
    rounds = list(competition.rounds.order_by("order"))
    found += [Missing(reason, "competition:quota_list") for reason in _recommendation_missing(competition, rounds)]
    for rule in rules_of(competition):
        found += [Missing(reason, "competition:readmission_list") for reason in faults_of(rule, competition)]
    if not rounds:
        found.append(Missing(Reason("competition.rounds_missing"), "competition:round_list"))
    tracks = set(competition.tracks.values_list("code", flat=True))
    for round in rounds:
        found += _round_missing(round, tracks)
    ids = {round.order: round.pk for round in rounds}
    for part in parts().values():
        found += [Missing(reason, part.url_name, ids[reason.params["round"]]) for reason in part.missing(competition)]
    return found


def _recommendation_missing(competition, rounds):
    if not competition.recommendation:
        return
    if not competition.quotas.exists():
        yield Reason("competition.quotas_missing")
    if competition.recommendation_closes is None:
        yield Reason("competition.recommendation_deadline_missing")
    elif rounds:
        yield from deadline_faults(competition, rounds[0])


def _round_missing(round, tracks):
    number = {"round": round.order}
    # A later round's dates may be announced when they are known; it does not open without them.
    if round.order == 1 and windows_missing({name: getattr(round, name) for name in FIELDS}, fresh=round.intake == "fresh"):
        yield Missing(Reason("competition.round_windows_missing", number), "competition:round_edit", round.pk)
    if round.intake == "fresh" and form_of(round) is None:
        yield Missing(Reason("competition.round_form_missing", number), "competition:form_edit", round.pk)
    if not round.publishes.lists and not round.competition.rounds.filter(order__gt=round.order).exists():
        yield Missing(Reason("competition.last_round_unpublished", number), "competition:round_edit", round.pk)
    rule = advancement_of(round)
    if round.checks_only and rule is not None and rule.rule["take"] != "all":
        yield Missing(Reason("competition.check_takes_all", number), "competition:advancement_edit", round.pk)
    if rule is None:
        yield Missing(Reason("competition.round_advancement_missing", number), "competition:advancement_edit", round.pk)
        return
    if (numbers := numbers_by_track(rule.rule)) is not None:
        unknown = sorted(set(numbers) - tracks - {"*"})
        absent = sorted(tracks - set(numbers)) if "*" not in numbers else []
        if unknown or absent:
            yield Missing(
                Reason("competition.round_advancement_tracks", {**number, "tracks": unknown + absent}),
                "competition:advancement_edit",
                round.pk,
            )
            return
    vote = vote_in(rule.rule)
    if round.groups and vote:
        yield Missing(Reason("competition.groups_of_vote", number), "competition:round_edit", round.pk)
    if not round.groups and rule.rule.get("scope") == "group":
        yield Missing(Reason("competition.advancement_without_groups", number), "competition:advancement_edit", round.pk)
    if vote and isinstance(vote.quorum, int) and vote.quorum > round.seats:
        params = {**number, "quorum": vote.quorum, "seats": round.seats}
        yield Missing(Reason("competition.quorum_above_jury", params), "competition:advancement_edit", round.pk)
    try:
        refuse_beyond_tracks(parse_rule(rule.rule), sorted(tracks))
    except Refused as refused:
        for reason in refused.reasons:
            yield Missing(reason, "competition:advancement_edit", round.pk)


def publish_reasons(competition: Competition) -> list[Reason]:
    return [row.reason for row in missing(competition)]


@dataclass(frozen=True)
class RoundLine:
    """A round as its competition's overview shows it. `phase`: before, intake, between, judging, closed or released; what time
    decides is derived from `at`."""

    round: object
    phase: str
    applications: int
    entries: int


def number_of(rows, counted: str = "pk"):
    """Of the rows of each round: a count of its own, since joins would multiply."""
    counts = rows.filter(round=OuterRef("pk")).order_by().values("round").annotate(n=Count(counted, distinct=True))
    return Coalesce(Subquery(counts.values("n")), 0)


def overview(rounds, *, at) -> list[RoundLine]:
    """Of the rounds of a competition as `course.counted`: no query."""
    return [RoundLine(row, phase_of(row, at=at), row.applied, row.revised) for row in rounds]


def phase_of(round, *, at) -> str:
    if round.state in ("closed", "released", "judging"):
        return round.state
    if round.state == "planned" or (round.intake_opens and at < round.intake_opens):
        return "before"
    if round.intake == "fresh" and round.intake_closes and at < round.intake_closes:
        return "intake"
    return "between"
