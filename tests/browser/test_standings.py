"""Progress, closing and standings in a real browser, on a desktop and a phone; each page is accessible and fits the screen."""

import os
from pathlib import Path

import pytest
from django.urls import reverse

from competition.models import Conflict
from evaluations.services.standings import refresh_standings
from tests.factories.accounts import give, make_user
from tests.factories.competition import NOW
from tests.factories.evaluations import make_evaluator
from tests.factories.judging import TABLE, Judged

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("SHOTS")
# W and V share a total and every rung.
FIELD = TABLE | {"V": [(70, 80), (70, 80), (70, 80), (70, 80)], "W": [(70, 80), (70, 80), (70, 80), (70, 80)], "U": [(60, 60)]}


@pytest.fixture
def look(office_screen, open_page, axe):
    page = open_page(office_screen)
    seen = []

    def look(name):
        axe(page)
        seen.append(name)
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"standings-{office_screen}-{len(seen):02}-{name}.png", full_page=True)

    page.seen = look
    return page


def address(name, judged, **more):
    return reverse(f"evaluations:{name}", kwargs={"pk": judged.round.competition_id, "round_pk": judged.round.pk, **more})


def test_a_round_is_followed_closed_and_read(look):
    page, judged = look, Judged(FIELD, rule={"take": {"top": 2}, "scope": "overall", "reserve": 1})
    late = make_evaluator(make_user("Late", name_zh="迟到"))
    give(late.user, "evaluator", f"competition:{judged.round.competition_id}")
    judged.seat("X", late)
    page.enter(judged.organiser)
    page.goto(reverse("competition:organiser_home"))
    page.seen("home")
    page.goto(address("round_progress", judged))
    page.seen("progress")
    refresh_standings(judged.round, at=NOW)
    page.wait_for_selector("#live .checks .done")  # polls, without a reload
    for by in ("entry", "seat"):
        page.goto(address("round_progress", judged) + f"?by={by}")
        page.seen(f"progress-{by}")
    page.goto(address("round_close", judged))
    page.seen("close-blocked")
    page.click("main td a[href$='/waive/']")
    page.seen("waive")
    page.fill("[name=reason]", "专家因病缺席。")
    page.click("main button[type=submit]")
    page.wait_for_url("**/progress/**")
    page.goto(address("round_close", judged))
    page.seen("close")
    page.click("main button.grave")
    page.wait_for_url("**/standings/**")
    page.seen("standings")
    assert page.locator("tr.line-row.cut").count() == 1
    assert page.locator("tr.line-row.reserve").count() == 1
    page.click("main tbody tr a.name")
    page.seen("entry")
    page.click("main a.primary")
    page.wait_for_url("**/why/")
    page.seen("why")
    page.goto(address("standing_why", judged, entry_pk=judged.entries["W"].pk))
    page.seen("why-tied")
    page.goto(address("round_reopen", judged))
    page.fill("[name=reason]", "一份评分表录入有误。")
    page.seen("reopen")
    page.goto(reverse("competition:home", args=[judged.round.competition_id]))
    page.seen("overview")
    page.enter(conflicted(judged))
    page.goto(address("standings", judged))
    page.seen("withheld")
    assert page.locator("tr.withheld").count() == len(FIELD)


def conflicted(judged):
    cluster = judged.entries["Y"].application.cluster
    Conflict.objects.create(
        user=judged.supervisor, cluster=cluster, kind="other", note="亲属任职。", declared_by=judged.supervisor, declared_at=NOW
    )
    return judged.supervisor
