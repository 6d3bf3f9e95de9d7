"""An evaluator at work in a real browser: by keyboard, without a network for a while, signed out in the middle."""

import os
from base64 import b64decode
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from evaluations.models import Mark, Sheet, SheetVersion
from tests.factories.accounts import PASSWORD, make_user
from tests.factories.desks import make_judge, make_judging, make_seat, marked

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("SHOTS")


@pytest.fixture
def scene():
    scene = make_judging()
    scene.person = make_user("Wang Fang", name_zh="王芳", email="wang@example.org")
    scene.evaluator = make_judge(scene, scene.person)
    scene.seat = make_seat(scene, scene.evaluator)
    scene.next = make_seat(scene, scene.evaluator, state="published")
    scene.sheet = scene.seat.sheet
    scene.codes = marked(scene)
    return scene


def sign_in(page):
    page.goto(reverse("account_login"))
    page.fill("[name=login]", "wang@example.org")
    page.fill("[name=password]", PASSWORD)
    page.click("main form button.primary")
    page.wait_for_url("**/judging/")


def address(scene, name="sheet_edit"):
    return reverse(f"evaluations:{name}", args=[scene.competition.pk, scene.sheet.pk])


def shot(page, name):
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def saved(page):
    expect(page.locator("#saving.ok")).to_be_visible()


def marks(scene):
    found = Mark.objects.filter(sheet=scene.sheet).values_list("criterion__code", "value", "abstained")
    return {code: "abstain" if abstained else value for code, value, abstained in found}


def test_by_keyboard_from_the_first_mark_to_submission(page, scene, axe):
    sign_in(page)
    axe(page)
    shot(page, "judging-home")
    page.goto(address(scene))
    axe(page)
    first, second, third, *rest = scene.codes
    page.focus(f"#m-{first}")
    page.keyboard.type("88")
    page.keyboard.press("Tab")
    page.keyboard.type("９１。5")  # full-width, and off the step
    expect(page.locator(f"#m-{second}-fault")).to_be_visible()
    expect(page.locator(f"#m-{second}")).to_have_value("９１。5")
    shot(page, "judging-refused")
    axe(page)
    page.keyboard.press("Tab")  # what is wrong stays marked, and uncounted
    expect(page.locator(f"#m-{second}-fault")).to_be_visible()
    expect(page.locator(f"#m-{second}")).to_have_value("91.5")
    expect(page.locator("[data-done]")).to_have_text("1")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("74")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    page.keyboard.press("a")
    for number, _code in enumerate(rest):
        page.keyboard.press("Tab")
        page.keyboard.type(str(60 + number))
    saved(page)
    assert marks(scene) == {first: 8800, second: 7500, third: "abstain", **{code: (60 + n) * 100 for n, code in enumerate(rest)}}
    total = page.inner_text("[data-total]")
    shot(page, "judging-sheet")
    page.reload()
    assert page.inner_text("[data-total]") == total
    page.click("[data-submit]")
    page.wait_for_url("**/submit/")
    axe(page)
    shot(page, "judging-submit")
    page.click("main form button.primary")
    page.wait_for_url(f"**{address(scene)}")
    axe(page)
    shot(page, "judging-shown")
    assert SheetVersion.objects.get().marks[first] == 8800


def test_without_a_network_nothing_is_lost_and_nothing_doubled(page, scene):
    sign_in(page)
    page.goto(address(scene))
    first, second, *_rest = scene.codes
    page.fill(f"#m-{first}", "81")
    saved(page)
    version = Sheet.objects.get(pk=scene.sheet.pk).edit_version
    page.context.set_offline(True)
    page.fill(f"#m-{first}", "82")
    page.fill(f"#m-{second}", "67")
    expect(page.locator("#saving.err")).to_be_visible()
    assert marks(scene) == {first: 8100}
    page.context.set_offline(False)
    saved(page)
    assert marks(scene) == {first: 8200, second: 6700}
    assert Sheet.objects.get(pk=scene.sheet.pk).edit_version == version + 1


def test_a_lost_answer_is_asked_for_again_and_a_closed_page_keeps_its_marks(page, scene):
    sign_in(page)
    page.goto(address(scene))
    first, second, *_rest = scene.codes
    lost = []

    def lose(route):
        if not lost:
            lost.append(route.fetch())  # it arrives, and its answer does not
            route.abort()
        else:
            route.continue_()

    page.route("**/save/", lose)
    page.fill(f"#m-{first}", "83")
    expect(page.locator("#saving.err")).to_be_visible()
    assert marks(scene) == {first: 8300}
    page.evaluate("window.dispatchEvent(new Event('online'))")
    saved(page)
    assert Sheet.objects.get(pk=scene.sheet.pk).edit_version == 1
    page.unroute("**/save/")
    page.route("**/save/", lambda route: route.abort())
    page.fill(f"#m-{second}", "71")
    expect(page.locator("#saving.err")).to_be_visible()
    page.unroute("**/save/")
    [(_name, kept)] = page.evaluate("Object.entries(localStorage)")
    assert b"value" not in b64decode(kept) and second.encode() not in b64decode(kept)  # whoever uses the device next reads nothing
    page.goto(reverse("evaluations:my_sheets"))
    page.goto(address(scene))
    saved(page)
    expect(page.locator(f"#m-{second}")).to_have_value("71")
    assert marks(scene) == {first: 8300, second: 7100}


def test_signed_out_in_the_middle_and_in_again_beside_it(page, scene, axe):
    sign_in(page)
    page.goto(address(scene))
    first, *_rest = scene.codes
    Session.objects.all().delete()
    page.fill(f"#m-{first}", "79")
    expect(page.locator("#signed-out")).to_be_visible()
    axe(page)
    shot(page, "judging-signed-out")
    with page.context.expect_page() as opened:
        page.click("#signed-out a")
    beside = opened.value
    beside.fill("[name=login]", "wang@example.org")
    beside.fill("[name=password]", PASSWORD)
    beside.click("main form button.primary")
    beside.wait_for_url("**/signed-in/")
    axe(beside)
    saved(page)
    expect(page.locator("#signed-out")).to_be_hidden()
    assert marks(scene) == {first: 7900}


def test_signing_out_in_one_window_empties_the_other_and_what_was_not_sent_comes_back(page, scene):
    sign_in(page)
    page.goto(address(scene))
    first, *_rest = scene.codes
    page.route("**/save/", lambda route: route.abort())
    page.fill(f"#m-{first}", "77")
    expect(page.locator("#saving.err")).to_be_visible()
    beside = page.context.new_page()
    beside.goto(reverse("profile"))
    beside.locator("form[action$='/logout/']").evaluate("form => form.requestSubmit()")
    page.wait_for_url("**/login/**")
    page.unroute("**/save/")
    sign_in(page)
    page.goto(address(scene))
    saved(page)
    assert marks(scene) == {first: 7700}


def test_two_windows_show_both_values(open_page, page, scene):
    sign_in(page)
    page.goto(address(scene))
    other = page.context.new_page()
    other.goto(address(scene))
    first, second, *_rest = scene.codes
    page.fill(f"#m-{first}", "85")
    saved(page)
    other.fill(f"#m-{second}", "66")
    saved(other)
    expect(other.locator(f"#m-{first}")).to_have_value("85")
    other.fill(f"#m-{first}", "90")
    saved(other)
    page.fill(f"#m-{first}", "70")
    both = page.locator(f"[data-code={first}] [data-conflict]")
    expect(both).to_be_visible()
    assert (both.locator("[data-there]").inner_text(), both.locator("[data-here]").inner_text()) == ("90", "70")
    assert marks(scene)[first] == 9000
    both.locator("[data-keep=here]").click()
    saved(page)
    assert marks(scene) == {first: 7000, second: 6600}


def test_on_a_phone(phone, scene, axe):
    page = phone
    sign_in(page)
    axe(page)
    page.goto(address(scene))
    axe(page)
    shot(page, "judging-phone")
    first, *_rest = scene.codes
    expect(page.locator("#evidence")).to_be_hidden()
    page.locator(f"[data-code={first}] [data-by='1']").click()
    page.locator(f"[data-code={first}] [data-by='1']").click()
    expect(page.locator(f"#m-{first}")).to_have_value("1")
    page.click("[data-tab-of='ev-files']")
    expect(page.locator("#ev-files")).to_be_visible()
    expect(page.locator(f"#m-{first}")).to_be_hidden()
    axe(page)
    shot(page, "judging-phone-files")
    with page.expect_download() as download:
        page.click("#ev-files a")
    assert download.value.suggested_filename == "配套率统计证明0.pdf"


def test_the_organisers_pages(open_page, office_screen, scene, axe):
    from tests.factories.accounts import give_second_factor, totp_code
    from tests.factories.desks import make_judged_entry

    give_second_factor(scene.organiser)
    make_judged_entry(scene)
    page = open_page(office_screen)
    page.goto(reverse("account_login"))
    page.fill("[name=login]", scene.organiser.email)
    page.fill("[name=password]", PASSWORD)
    page.click("main form button.primary")
    page.wait_for_url("**/2fa/authenticate/")
    page.fill("[name=code]", totp_code(0))
    page.click("main form button.primary")
    page.wait_for_url(lambda url: "authenticate" not in url)
    pk, round_pk = scene.competition.pk, scene.round.pk
    for name, arguments in (
        ("evaluator_list", [pk]),
        ("evaluator_edit", [pk, scene.person.pk]),
        ("conflict_list", [pk]),
        ("assignment_board", [pk, round_pk]),
        ("assignment_loads", [pk, round_pk]),
        ("assignment_plan", [pk, round_pk]),
        ("assignment_entries", [pk, round_pk]),
        ("assignment_evaluators", [pk, round_pk]),
        ("assignment_pairs", [pk, round_pk, scene.seat.entry_id]),
        ("entry_seats", [pk, scene.seat.entry_id]),
        ("sheet_list", [pk, round_pk]),
    ):
        page.goto(reverse(f"evaluations:{name}", args=arguments))
        axe(page)
        shot(page, f"organiser-{office_screen}-{name}")
