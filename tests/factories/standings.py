"""A closed round with its snapshot and rule, as the judging would hand it down."""

from datetime import timedelta

from competition.domain.standing import StandingRow
from competition.models import AdvancementRule
from competition.services.standings import record_snapshot
from tests.factories.accounts import make_user
from tests.factories.competition import (
    NOW,
    make_application,
    make_cluster,
    make_competition,
    make_entry,
    make_organisation,
    make_revision,
    make_round,
    make_track,
)


def make_closed_round(totals=("91.20", "88.45", "88.45", "80.10", None), *, rule=None, rounds=1, competition=None, **fields):
    """One round of one track, closed, with one entry per total (best first; None is not rankable) and its rule."""
    competition = competition or make_competition(state="published", **fields)
    track = competition.tracks.first() or make_track(competition)
    round = make_round(competition, state="closed")
    for _ in range(rounds - 1):
        make_round(competition, intake="fresh")
    entries = []
    for total in totals:
        user = make_user()
        organisation = make_organisation()
        application = make_application(
            round, user, organisation=organisation, cluster=make_cluster(organisation=organisation), track=track, state="accepted"
        )
        entries.append(make_entry(round, user, application=application, revision=make_revision(application, data={"profile": total or ""})))
    AdvancementRule.objects.create(
        round=round, version=1, rule=rule or {"take": {"top": 3}, "scope": "overall", "reserve": 1}, digest="a" * 64, frozen_at=NOW
    )
    snapshot(round, entries, totals)
    return round, entries


def snapshot(round, entries, totals):
    """The next snapshot with these totals."""
    rows = []
    for entry, total in zip(entries, totals, strict=True):
        rank = 1 + sum(1 for other in totals if other is not None and total is not None and float(other) > float(total))
        cents = total and int(total.replace(".", ""))
        rows.append(
            StandingRow(
                entry=entry.pk,
                rank=rank if total else None,
                track_rank=rank if total else None,
                total=total,
                exact=f"{cents}/100" if total else None,
                reason=None if total else {"code": "evaluations.entry_panel_too_small", "params": {"size": 2, "least": 3}},
            )
        )
    return record_snapshot(
        round,
        rows=rows,
        scores_version=7,
        input_digest="b" * 64,
        scheme_digest="c" * 64,
        method={"order": "sheet"},
        actor=None,
        at=NOW - timedelta(hours=2),
    )
