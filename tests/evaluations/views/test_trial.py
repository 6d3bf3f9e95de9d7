"""The dry run in the scheme's editor."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from competition.services.rounds import close_round
from evaluations.models import SchemeTrial
from evaluations.selectors import trials
from evaluations.views import trials as views
from jobs.services import run_queued
from tests.cast import sign_in
from tests.competition.views.test_setup_pages import sent
from tests.factories.accounts import give
from tests.factories.competition import NOW
from tests.factories.judging import Judged
from tests.factories.setup import make_draft, make_organiser

pytestmark = pytest.mark.django_db


@pytest.fixture
def organiser():
    return make_organiser()


def asked(organiser, against, htmx=True, **change):
    draft = make_draft(organiser)
    round = draft.rounds.get(order=1)
    client = sign_in(organiser)
    data = sent(client.get(reverse("evaluations:scheme_edit", args=[draft.pk, round.pk])).context["form"])
    address = reverse("evaluations:scheme_trial", args=[draft.pk, round.pk])
    return client.post(address, data | {"against": str(against)} | change, headers={"HX-Request": "true"} if htmx else {})


@pytest.mark.parametrize("htmx", [True, False])
def test_on_invented_entries(organiser, htmx):
    answer = asked(organiser, "examples", htmx, method="median")
    text = answer.content.decode()
    assert answer.status_code == 200 and answer.context["trial"].ranks > 0
    assert ("<h1" in text) is not htmx and "selected>截尾均值" not in text


def test_on_a_finished_round_where_nothing_fits_the_finished_rubric_counts(organiser):
    judged = Judged()
    give(organiser, "organiser", f"competition:{judged.round.competition_id}")
    judged.round = close_round(judged.round, actor=judged.organiser, at=NOW)
    # The default's ladder asks for dimensions A and B, which the finished round has.
    answer = asked(organiser, judged.round.pk, drop_high="2", drop_low="1", min_to_trim="4")
    assert answer.status_code == 200
    assert (answer.context["trial"].compared, answer.context["trial"].own_rubric) == (3, False)
    cluster = str(judged.entries["X"].application.cluster)
    assert (cluster in answer.content.decode()) is any(row["name"] == cluster for row in answer.context["trial_rows"])


@pytest.mark.parametrize("against", ["", "nonsense", "99999"])
def test_a_round_that_is_not_there(organiser, against):
    assert asked(organiser, against).status_code == 404


@pytest.mark.parametrize(("htmx", "status"), [(True, 422), (False, 403)])
def test_a_round_still_judged_is_refused_with_the_reason(organiser, htmx, status):
    judged = Judged()
    give(organiser, "organiser", f"competition:{judged.round.competition_id}")
    answer = asked(organiser, judged.round.pk, htmx)
    assert answer.status_code == status and "总分与排名在轮次关闭后才显示" in answer.content.decode()
    assert "trial" not in answer.context


def test_what_is_not_whole_says_so(organiser):
    answer = asked(organiser, "examples", min_panel="")
    assert answer.status_code == 422 and 'role="alert"' in answer.content.decode()


@pytest.mark.parametrize("htmx", [True, False])
def test_a_round_too_large_to_wait_for_is_computed_by_a_job_and_kept(organiser, htmx, monkeypatch):
    monkeypatch.setattr(trials, "MOST_MARKS", 23)  # the round has 24
    judged = Judged()
    give(organiser, "organiser", f"competition:{judged.round.competition_id}")
    judged.round = close_round(judged.round, actor=judged.organiser, at=NOW)
    answer = asked(organiser, judged.round.pk, htmx, drop_high="2", drop_low="1", min_to_trim="4")
    stored = SchemeTrial.objects.get()
    address = reverse("evaluations:scheme_trial_stored", args=[stored.round.competition_id, stored.round_id, stored.pk])
    assert answer.status_code == 200 and f'hx-get="{address}"' in answer.content.decode()
    client = sign_in(organiser)
    waiting = client.get(address, headers={"HX-Request": "true"})
    assert "trial" not in waiting.context and f'hx-get="{address}"' in waiting.content.decode()
    run_queued(["scheme.trial"])
    for headers in ({"HX-Request": "true"}, {}):
        text = client.get(address, headers=headers).content.decode()
        assert "比较了 3 个参赛项目" in text and f'hx-get="{address}"' not in text
        assert ("<h1" in text) is not bool(headers)
    editor = client.get(reverse("evaluations:scheme_edit", args=[stored.round.competition_id, stored.round_id]))
    assert f'href="{address}"' in editor.content.decode()


def test_a_long_dry_run_that_ends_while_its_own_page_waits_has_its_pager_at_once(organiser, monkeypatch):
    monkeypatch.setattr(trials, "MOST_MARKS", 23)
    monkeypatch.setattr(views, "MOST_ROWS", 1)
    judged = Judged()
    give(organiser, "organiser", f"competition:{judged.round.competition_id}")
    judged.round = close_round(judged.round, actor=judged.organiser, at=NOW)
    waiting = asked(organiser, judged.round.pk, drop_high="0", drop_low="2", min_to_trim="3").content.decode()  # swaps X and Y
    stored = SchemeTrial.objects.get()
    address = reverse("evaluations:scheme_trial_stored", args=[stored.round.competition_id, stored.round_id, stored.pk])
    assert f'href="{address}"' in waiting
    client = sign_in(organiser)

    def polled(where):
        return client.get(address, headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{where}"}).content.decode()

    editor = reverse("evaluations:scheme_edit", args=[stored.round.competition_id, stored.round_id])
    # One link is for browsers without script.
    assert [polled(where).count(f'<a href="{address}"') for where in (editor, address)] == [2, 1]
    run_queued(["scheme.trial"])
    pages = 'href="?page=2"'
    assert pages in polled(address) and pages in client.get(address).content.decode()
    assert pages not in polled(editor) and f'href="{address}"' in polled(editor)


def test_nobody_reads_the_dry_run_of_another(organiser):
    judged = Judged()
    snapshot = close_round(judged.round, actor=judged.organiser, at=NOW).standings.get()
    draft = make_draft(organiser)
    facts = {"definition": {}, "dimensions": [], "digest": "t" * 64, "asked_at": NOW, "asked_by": judged.organiser}
    stored = SchemeTrial.objects.create(round=draft.rounds.get(order=1), standings=snapshot, **facts)
    assert (
        sign_in(organiser).get(reverse("evaluations:scheme_trial_stored", args=[draft.pk, stored.round_id, stored.pk])).status_code == 404
    )


def test_the_editor_asks_as_often_for_three_kept_dry_runs_as_for_one(organiser):
    judged = Judged()
    give(organiser, "organiser", f"competition:{judged.round.competition_id}")
    snapshot = close_round(judged.round, actor=judged.organiser, at=NOW).standings.get()
    round = make_draft(organiser).rounds.get(order=1)
    client, counts = sign_in(organiser), []
    for digests in ("a", "bc"):
        for digest in digests:
            facts = {"definition": {}, "dimensions": [], "digest": digest * 64, "asked_at": NOW, "asked_by": organiser}
            SchemeTrial.objects.create(round=round, standings=snapshot, **facts)
        with CaptureQueriesContext(connection) as queries:
            shown = client.get(reverse("evaluations:scheme_edit", args=[round.competition_id, round.pk])).context["trials"]
        counts.append((len(shown), len(queries)))
    assert counts == [(1, counts[0][1]), (3, counts[0][1])]
