"""A jury votes in a real browser: seated and read by the organiser, voted on a phone, saved as the answer is given."""

import os
from pathlib import Path

import pytest
from django.urls import reverse

from evaluations.models import Ballot, Sheet
from tests.factories.decisions import make_staff, to_meeting
from tests.factories.jury import bind, cast, close, make_jury, opened, sit
from tests.factories.setup import make_complete, make_organiser

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("SHOTS")


def shot(page, name):
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"jury-{page.viewport_size['width']}-{name}.png", full_page=True)


def test_a_member_votes_and_the_organiser_reads_the_count(open_page, axe, office_screen, field_screen):
    scene = make_jury(members=5, entries=("光电子集群", "生物医药集群"))
    bind(scene, scene.members[4], "光电子集群")
    office, field = open_page(office_screen), open_page(field_screen)
    office.enter(scene.organiser)
    office.goto(reverse("evaluations:jury_edit", args=[scene.competition.pk, scene.round.pk]))
    axe(office)
    shot(office, "members")
    sit(scene)
    member = scene.members[0]
    sheet = opened(scene, member, "光电子集群")
    field.enter(member.user)
    field.goto(reverse("evaluations:sheet_edit", args=[scene.competition.pk, sheet.pk]))
    axe(field)
    shot(field, "ballot")
    field.click("label.answer.yes")
    field.fill("[name=comment]", "产业链完整，机构健全。")
    field.wait_for_selector(".saving.ok:visible")
    field.wait_for_function(
        "() => localStorage.length === 0 || ![...Object.keys(localStorage)].some((key) => key.startsWith('saima.sheet'))"
    )
    assert (Ballot.objects.get(sheet=sheet).answer, Sheet.objects.get(pk=sheet.pk).comment) == ("yes", "产业链完整，机构健全。")
    shot(field, "ballot-saved")
    field.click("[data-submit]")
    field.wait_for_url("**/submit/")
    axe(field)
    shot(field, "submit")
    field.click("main form button[type=submit]")
    field.wait_for_selector(".cast")
    axe(field)
    shot(field, "handed-in")
    for other in scene.members[1:4]:
        cast(scene, other, "光电子集群", "yes" if other is not scene.members[3] else "no", "意见")
    for number, other in enumerate(scene.members):
        cast(scene, other, "生物医药集群", ("yes", "no", "abstain", "no", "yes")[number])
    close(scene)
    office.goto(reverse("evaluations:standings", args=[scene.competition.pk, scene.round.pk]))
    axe(office)
    shot(office, "standings")
    office.click("main th a.name")
    axe(office)
    shot(office, "entry")
    people = make_staff(scene.round)
    proposal = to_meeting(scene.round, people)
    office.goto(reverse("competition:proposal_detail", args=[scene.competition.pk, proposal.pk]))
    axe(office)
    shot(office, "proposal")


def test_the_rule_of_a_vote_is_chosen_in_the_editor(open_page, axe, office_screen):
    organiser = make_organiser()
    competition = make_complete(organiser)
    first = competition.rounds.get(order=1)
    page = open_page(office_screen)
    page.enter(organiser)
    page.goto(reverse("competition:advancement_edit", args=[competition.pk, first.pk]))
    page.check("[name=kind][value=vote]")
    page.wait_for_selector("#advancement-words .why")
    assert page.is_visible("[name=vote_quorum]") and not page.is_visible("[name=top]")
    axe(page)
    shot(page, "rule")
    page.fill("[name=reserve]", "0")
    page.click("main form [type=submit]")
    page.wait_for_selector(".toasts > *")
    page.goto(reverse("evaluations:rubric_edit", args=[competition.pk, first.pk]))
    axe(page)
    shot(page, "rubric")
