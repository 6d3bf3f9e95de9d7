"""A judged round of any size, made set-based; the same sizes give the same marks."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from allauth.mfa.models import Authenticator
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Membership, User
from competition.models import AdvancementRule, Application, Cluster, Competition, Entry, Form, Organisation, Revision, Round, Sector, Track
from evaluations.models import Assignment, Criterion, Dimension, Evaluator, Mark, Rubric, Scheme, Scoreboard, Sheet, Undertaking

TRACKS = 4
WHOLE = 1_000_000  # 100 percent in ten-thousandths
DEFINITION = {
    "scale": "percent",
    "order": "sheet",
    "panel": {"method": "trimmed", "drop_high": 1, "drop_low": 1, "min_to_trim": 5, "min_panel": 3},
    "rounding": {"sheet": 2, "panel": None, "weighted": None, "total": 2},
    "thresholds": {"total": "40"},
    "ties": ["dimension:A", "untrimmed_mean", "median"],
}


@dataclass
class Field:
    round: Round
    organiser: User
    person: User  # an evaluator, who also has one seat with a draft
    draft: Sheet


@transaction.atomic  # one commit: SQLite would else write each of millions of marks to the disk by itself
def judged_field(entries: int, evaluators: int, criteria: int, *, code: str = "bench") -> Field:
    """`code`: of its competition; several fields have several."""
    now = timezone.now()
    organiser, round, tracks = _round(now, entries, code)
    rubric = _rubric(round, criteria)
    panel = _people(round, evaluators, now, code)
    rows = _entries(round, tracks, entries, organiser, now, code)
    sheets = _sheets(rows, panel, rubric, now)
    _marks(sheets, list(Criterion.objects.filter(dimension__rubric=rubric).order_by("order")), entries, evaluators)
    Scoreboard.objects.create(round=round, scores_version=len(sheets))
    seat = Assignment.objects.filter(entry=rows[0], evaluator=panel[0]).get()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return Field(round, organiser, panel[0].user, seat.sheet)


def _round(now, entries, code):
    organiser = User.objects.create_user(f"organiser@{code}.example")
    competition = Competition.objects.create(
        code=code,
        name_zh="基准竞赛",
        name_en="Benchmark",
        year=now.year,
        level="province",
        region_id="320000",
        created_at=now,
        state="published",
    )
    Membership.objects.create(user=organiser, role="organiser", scope=f"competition:{competition.pk}", given_at=now)
    tracks = [
        Track.objects.create(competition=competition, code=f"t{n}", name_zh=f"赛道{n}", name_en=f"Track {n}", order=n)
        for n in range(TRACKS)
    ]
    round = Round.objects.create(
        competition=competition,
        order=1,
        code="one",
        name_zh="评审",
        name_en="Judging",
        state="judging",
        judging_opens=now - timedelta(days=1),
        judging_closes=now + timedelta(days=1),
    )
    Scheme.objects.create(round=round, version=1, definition=DEFINITION, digest="0" * 64, frozen_at=now)
    rule = {"take": {"top": max(1, entries // 10)}, "scope": "overall", "reserve": 5}
    AdvancementRule.objects.create(round=round, version=1, rule=rule, digest="0" * 64, frozen_at=now)
    return organiser, round, tracks


def _rubric(round, criteria):
    rubric = Rubric.objects.create(round=round, version=1)
    dimensions = [
        Dimension.objects.create(rubric=rubric, code=code, name_zh=code, name_en=code, order=place)
        for place, code in enumerate("ABC"[: min(3, criteria)])
    ]
    each = WHOLE // criteria
    Criterion.objects.bulk_create(
        [
            Criterion(
                dimension=dimensions[place % len(dimensions)],
                code=f"C{place:02}",
                name_zh=f"指标{place}",
                name_en=f"Criterion {place}",
                kind="expert",
                weight=each + (WHOLE - each * criteria if place == 0 else 0),
                order=place,
            )
            for place in range(criteria)
        ]
    )
    return rubric


def _people(round, number, now, code):
    users = User.objects.bulk_create([User(email=f"evaluator{n}@{code}.example", name_en=f"Evaluator {n}") for n in range(number)])
    scope = f"competition:{round.competition_id}"
    Membership.objects.bulk_create([Membership(user=user, role="evaluator", scope=scope, given_at=now) for user in users])
    panel = Evaluator.objects.bulk_create([Evaluator(user=user, code=f"{code}-{n:04}") for n, user in enumerate(users)])
    Undertaking.objects.bulk_create([Undertaking(round=round, evaluator=row, text_digest="0" * 64, signed_at=now) for row in panel])
    return panel


def _entries(round, tracks, number, person, now, code):
    sector = Sector.objects.order_by("code").first()
    organisations = Organisation.objects.bulk_create([Organisation(name_zh=f"中心{n}", name_en=f"Centre {n}") for n in range(number)])
    clusters = Cluster.objects.bulk_create(
        [
            Cluster(
                name_zh=f"{code}集群{n:05}",
                name_en=f"Cluster {n}",
                short_zh=f"集群{n}",
                lead_region_id="320000",
                sector=sector,
                organisation=owner,
            )
            for n, owner in enumerate(organisations)
        ]
    )
    form = Form.objects.create(round=round, version=1, definition={"sections": []}, digest="0" * 64)
    applications = Application.objects.bulk_create(
        [
            Application(
                competition=round.competition,
                round=round,
                cluster=cluster,
                organisation=cluster.organisation,
                track=tracks[n % len(tracks)],
                state="accepted",
                created_by=person,
                created_at=now,
            )
            for n, cluster in enumerate(clusters)
        ]
    )
    revisions = Revision.objects.bulk_create(
        [
            Revision(
                application=application,
                round=round,
                form=form,
                number=1,
                data={},
                digest="0" * 64,
                receipt_number=f"{code}-{n:06}",
                submitted_at=now,
                submitted_by=person,
            )
            for n, application in enumerate(applications)
        ]
    )
    return Entry.objects.bulk_create(
        [
            Entry(round=round, application=application, revision=revision, track=application.track)
            for application, revision in zip(applications, revisions, strict=True)
        ]
    )


def _sheets(entries, panel, rubric, now):
    """Everybody judges everything; the first sheet is still a draft."""
    seats = Assignment.objects.bulk_create(
        [
            Assignment(entry=entry, evaluator=person, state="confirmed", source="auto", created_at=now)
            for entry in entries
            for person in panel
        ]
    )
    return Sheet.objects.bulk_create(
        [
            Sheet(
                assignment=seat,
                revision_id=seat.entry.revision_id,
                rubric=rubric,
                state="submitted" if n else "draft",
                scores_version=n,
                submitted_at=now if n else None,
            )
            for n, seat in enumerate(seats)
        ]
    )


def _marks(sheets, criteria, entries, evaluators):
    """Whole marks around a merit of the entry and a habit of the evaluator."""
    dice = np.random.default_rng(20_261_122)
    merit = dice.normal(72, 9, entries)[:, None, None]
    habit = dice.normal(0, 3, evaluators)[None, :, None]
    noise = dice.normal(0, 5, (entries, evaluators, len(criteria)))
    values = np.clip(np.rint(merit + habit + noise), 0, 100).astype(int) * 100
    numbers = values.reshape(len(sheets), len(criteria)).tolist()
    rows = (
        (sheet.pk, criterion.pk, value, False)
        for sheet, marks in zip(sheets, numbers, strict=True)
        for criterion, value in zip(criteria, marks, strict=True)
    )
    table, columns = Mark._meta.db_table, "sheet_id, criterion_id, value, abstained"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES (%s, %s, %s, %s)", rows)  # noqa: S608


def colleague(round):
    """An organiser who wrote no application, with a second factor, as in use."""
    person = User.objects.create_user("colleague@example.org", language="zh-hans")
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={})
    Membership.objects.create(user=person, role="organiser", scope=f"competition:{round.competition_id}", given_at=timezone.now())
    return person
