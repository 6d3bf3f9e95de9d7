"""What stands beside the marks, in a real browser: a question answered, checks passed, the analysis computed, seats solved and published."""

import os
from pathlib import Path

import pytest
from django.urls import reverse

from evaluations.models import Assignment, Flag, Undertaking
from jobs.services import run_queued
from tests.evaluations.services.test_flags import TABLE
from tests.evaluations.services.test_plans import Scene
from tests.factories.competition import NOW
from tests.factories.evaluations import add_unweighted
from tests.factories.judging import Judged

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("SHOTS")


@pytest.fixture
def walk(office_screen, open_page, axe):
    page = open_page(office_screen)

    def seen(name):
        axe(page)
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"analysing-{office_screen}-{name}.png", full_page=True)

    page.seen = seen
    return page


def test_from_a_question_to_the_analysis(walk):
    judged = Judged(TABLE)
    Undertaking.objects.create(round=judged.round, evaluator=judged.evaluators[1], text_digest="0" * 64, signed_at=NOW)
    add_unweighted(judged.round, {"V1": ("veto", "organiser")})
    here = {"pk": judged.round.competition_id, "round_pk": judged.round.pk}
    walk.enter(judged.organiser)
    walk.goto(reverse("evaluations:round_outliers", kwargs=here))
    walk.seen("outliers")
    walk.click("main form button.primary")
    walk.wait_for_selector("main [aria-busy=true]")
    run_queued()
    walk.wait_for_selector(f"main dl.facts dt:text-is('{judged.evaluators[1].code}')")  # the page polls and loads itself anew
    walk.enter(judged.evaluators[1].user)
    walk.goto(reverse("evaluations:my_round", kwargs=here))
    walk.click("main a[href$='/question/']")
    walk.seen("question")
    walk.check("[name=answer][value=confirm]")
    walk.fill("[name=explanation]", "现场核验优秀。")
    walk.click("main form button.primary")
    walk.wait_for_url("**/sheets/*/")
    assert (Flag.objects.get().state, Flag.objects.get().explanation) == ("confirmed", "现场核验优秀。")
    walk.enter(judged.organiser)
    walk.goto(reverse("evaluations:finding_list", kwargs=here))
    walk.seen("checks")
    walk.click("a[href$='/pass/']")
    walk.seen("checks-pass")
    walk.click("main form button.primary")
    walk.goto(reverse("evaluations:round_close", kwargs=here))
    walk.click("main button.grave")
    walk.wait_for_url("**/standings/**")
    walk.goto(reverse("evaluations:standings_analysis", kwargs=here))
    run_queued()
    walk.wait_for_selector("[aria-labelledby=severity] svg:visible")
    for part in ("robust-1", "severity", "spread", "balance"):
        panel = walk.locator(f"[aria-labelledby={part}]")
        assert panel.locator("svg[role=img]:visible").first.is_visible()
        panel.locator("details summary").first.click()
        assert panel.locator("details[open] table").first.is_visible()
    assert "现场核验优秀。" in walk.locator("[aria-labelledby=questions]").inner_text()
    walk.seen("analysis")


def test_from_the_plan_to_the_published_seats(walk):
    scene = Scene()
    walk.enter(scene.organiser)
    plan = reverse("evaluations:assignment_plan", args=[scene.round.competition_id, scene.round.pk])
    walk.goto(plan)
    walk.fill("[name=seats]", "1")
    walk.click("#plan button[type=submit]")
    walk.wait_for_load_state()
    walk.click("[aria-labelledby=compute] button")
    walk.wait_for_selector("main [aria-busy=true]")
    run_queued()
    walk.wait_for_selector("[aria-labelledby=run]")
    assert "5" in walk.locator("[aria-labelledby=compute] .notice").inner_text()
    walk.seen("plan-solved")
    walk.goto(reverse("evaluations:assignment_publish", args=[scene.round.competition_id, scene.round.pk]))
    walk.seen("publish")
    walk.click("main form button[type=submit]")
    walk.wait_for_url("**/assignments/")
    assert set(Assignment.objects.values_list("state", flat=True)) == {"published"} and Assignment.objects.count() == 5
