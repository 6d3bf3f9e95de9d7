"""The track counts what was submitted to a round's intake, also once the applications have moved on."""

from datetime import timedelta

import pytest
from django.utils import timezone

from competition.documents.course import course_of, fields_of
from competition.domain.calendar import end_of
from competition.selectors.setup import overview
from tests.factories.accounts import make_user
from tests.factories.competition import NOW, make_application, make_competition, make_entry, make_revision, make_round
from tests.factories.decisions import make_staff, release
from tests.factories.standings import make_closed_round

pytestmark = pytest.mark.django_db


def test_applications_that_moved_on_still_count_where_they_were_submitted():
    competition = make_competition(state="published")
    first, final = make_round(competition, state="released"), make_round(competition, state="open")
    moved, stayed, never = (make_application(first, make_user(), state="accepted") for _ in range(3))
    for application in (moved, stayed):
        make_entry(first, application.created_by, application=application, revision=make_revision(application), outcome="eliminated")
    make_revision(moved)  # a correction counts once
    type(moved).objects.filter(pk=moved.pk).update(round=final)
    type(never).objects.filter(pk=never.pk).update(state="draft")
    rows = fields_of([competition])[competition.pk]
    assert [(row.applied, row.entered, row.left) for row in rows] == [(2, 2, 0), (0, 0, None)]
    assert [(line.applications, line.entries) for line in overview(fields_of([competition])[competition.pk], at=timezone.now())] == [
        (2, 2),
        (0, 0),
    ]


def test_what_is_released_is_not_under_way_on_its_own_page_either():
    competition = make_competition(state="published")
    first, final = make_round(competition, state="released"), make_round(competition, state="closed")

    def states(here):
        return [stage["state"] for stage in course_of(competition, at=timezone.now(), here=here)]

    assert states(first) == ["done", "done", "done", "next"]
    assert states(final) == ["done", "done", "now", "next"]  # it waits for its decision


def test_the_publicity_is_under_way_until_its_last_day_is_over():
    round, _entries = make_closed_round(("91.20", "88.45"))
    notice = release(round, make_staff(round), at=NOW).notice
    last = end_of(notice.ends_on)
    publicity = [course_of(round.competition, at=at)[-1]["state"] for at in (last - timedelta(minutes=1), last + timedelta(minutes=1))]
    assert publicity == ["now", "done"]
