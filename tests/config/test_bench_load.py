"""What the measures under load call lost, late and double."""

from datetime import timedelta

import pytest

from config.rehearsal.bench.rush import _told
from config.rehearsal.bench.web import spread
from tests.factories.applying import make_call, make_draft, make_submitted
from tests.factories.competition import NOW


def test_the_99th_of_a_hundred():
    assert spread([0.5]) == {"p50_s": 0.5, "p99_s": 0.5}
    assert spread([second / 100 for second in range(200, 0, -1)]) == {"p50_s": 1.005, "p99_s": 1.99}


@pytest.mark.django_db
def test_lost_late_and_double_are_told_apart():
    call = make_call()
    there, _, _ = make_submitted(call)
    absent, _ = make_draft(call)
    early = {"answered_at": NOW - timedelta(seconds=9), "seconds": [0.1]}
    after = {"answered_at": NOW + timedelta(seconds=1), "seconds": [0.3]}

    def told(*rows):
        found = _told([row for row, _ in rows], [application for _, application in rows], NOW)
        return {name: found[name] for name in ("received", "late", "lost", "double", "other_answers")}

    assert told((early | {"status": [302, 302]}, there), (after | {"status": [409]}, absent)) == {
        "received": 1,
        "late": 1,
        "lost": 0,
        "double": 0,
        "other_answers": [],
    }
    assert told((early | {"status": [302]}, absent), (early | {"status": [409]}, absent), (early | {"status": [503]}, absent)) == {
        "received": 1,
        "late": 2,
        "lost": 3,
        "double": 0,
        "other_answers": [503],
    }
