"""From the closed round to the public list and its verification in a real browser; each page accessible and as wide as its screen."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from competition.models import Award, Proposal
from tests.factories.accounts import totp_code
from tests.factories.decisions import make_staff, release
from tests.factories.standings import make_closed_round

pytestmark = pytest.mark.django_db(transaction=True)
FOUR = ("91.20", "88.45", "80.10", "70.05")
SHOTS = os.environ.get("SHOTS")


@pytest.fixture
def people_at(office_screen, open_page, axe):
    """`people_at(user)`: a page on which the person is signed in, with `seen(name)`."""

    def opened(user=None):
        page = open_page(office_screen)
        if user is not None:
            page.enter(user)

        def seen(name):
            axe(page)
            if SHOTS:
                page.screenshot(path=Path(SHOTS) / f"{office_screen}-{name}.png", full_page=True)

        page.seen = seen
        return page

    return opened


def press(page):
    page.click("main form button[type=submit]")
    page.wait_for_load_state()


def sign(page, address, steps):
    page.goto(address)
    page.seen(f"sign-{steps}")
    press(page)
    page.fill("[name=second_factor_code]", totp_code(steps))
    page.seen("second-factor")
    press(page)


def test_a_proposal_is_drawn_up_signed_twice_and_published(people_at):
    round, _ = make_closed_round(FOUR, public_ranks=True, public_not_chosen=True, contact="竞赛办公室")
    people = make_staff(round)
    organiser = people_at(people["organiser"])
    organiser.goto(reverse("competition:decision_list", args=[round.competition_id]))
    organiser.seen("decisions")
    organiser.goto(reverse("competition:proposal_create", args=[round.competition_id, round.pk]))
    organiser.seen("propose")
    press(organiser)
    organiser.seen("draft")
    proposal = Proposal.objects.get()
    keys = [round.competition_id, proposal.pk]
    organiser.goto(reverse("competition:proposal_table", args=keys))
    press(organiser)
    organiser.goto(reverse("competition:meeting_record", args=keys))
    organiser.seen("meeting")
    organiser.fill("[name=number]", "2026-7")
    organiser.fill("[name=held_on]", timezone.localdate().isoformat())
    press(organiser)

    decider = people_at(people["decider"])
    decider.goto(reverse("competition:decider_home"))
    decider.seen("decider-home")
    row = proposal.rows.get(outcome="reserve")
    decider.goto(reverse("competition:proposal_detail", args=keys) + f"?change={row.pk}")
    decider.select_option("[name=outcome]", "advance")
    press(decider)
    decider.seen("note-missing")
    decider.fill("[name=note]", "核心技术突破，会议一致同意。")
    press(decider)
    decider.seen("changed")
    sign(decider, reverse("competition:proposal_sign", args=keys), 0)
    round.refresh_from_db()
    assert round.state == "closed"
    sign(organiser, reverse("competition:proposal_sign", args=keys), 0)
    organiser.seen("released")
    round.refresh_from_db()
    assert round.state == "released"

    visitor = people_at()
    visitor.goto(reverse("public:calls"))
    visitor.seen("front")
    visitor.goto(reverse("public:results"))
    visitor.seen("results")
    visitor.click(f"a[href='{reverse('public:result', args=[round.competition.code, round.code])}']")
    visitor.seen("result")
    assert visitor.locator("main table.table-cards tbody tr").count() == 4


def test_objections_awards_and_verification(people_at):
    round, entries = make_closed_round(FOUR)
    people = make_staff(round)
    notice = release(round, people, at=timezone.now() - timedelta(days=40)).notice
    organiser = people_at(people["organiser"])
    organiser.goto(reverse("competition:notice_detail", args=[round.competition_id, notice.pk]))
    organiser.seen("notice")
    organiser.goto(reverse("competition:objection_record", args=[round.competition_id, notice.pk]))
    organiser.select_option("[name=entry]", str(entries[0].pk))
    organiser.check("[name=objector_kind][value=person]")
    organiser.fill("[name=objector]", "王某")
    organiser.fill("[name=contact]", "13900000000")
    organiser.fill("[name=text]", "产值数据有误。")
    received = timezone.localtime(timezone.now() - timedelta(days=39))
    organiser.fill("[name=received_at]", received.strftime("%Y-%m-%dT%H:%M"))
    organiser.seen("objection-record")
    press(organiser)
    organiser.seen("objection")
    organiser.goto(reverse("competition:award_list", args=[round.competition_id, round.pk]))
    organiser.seen("awards-none")
    press(organiser)
    organiser.seen("awards")
    award = Award.objects.filter(title="cluster").first()
    assert Award.objects.count() == 4
    organiser.goto(reverse("competition:award_revoke", args=[round.competition_id, award.pk]))
    organiser.fill("[name=reason]", "弄虚作假。")
    organiser.seen("revoke")

    visitor = people_at()
    visitor.goto(reverse("public:verify"))
    visitor.seen("verify")
    visitor.fill("[name=code]", award.verify_code.lower())
    press(visitor)
    visitor.seen("valid")
    assert visitor.locator(".verdict.valid").count() == 1
    press(organiser)
    visitor.reload()
    visitor.seen("revoked")
    assert visitor.locator(".verdict.revoked").count() == 1
    visitor.goto(reverse("public:verify_code", args=["2222333344445555"]))
    visitor.seen("unknown")


def test_a_supervisor_reads_the_ledger(people_at):
    round, _ = make_closed_round(FOUR)
    people = make_staff(round)
    release(round, people)
    supervisor = people_at(people["supervisor"])
    supervisor.goto(reverse("competition:supervisor_home"))
    supervisor.seen("supervision")
    supervisor.goto(reverse("competition:ledger_list", args=[round.competition_id]))
    supervisor.seen("ledger")
    assert supervisor.locator("main tbody tr").count() > 4
