"""Pages of the judging: what they say, what they keep, and that they ask the database no more for three rows than for one."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from competition.models import Conflict
from evaluations.models import Mark, Sheet, SheetVersion, Undertaking
from evaluations.services.assignments import assign
from jobs.services import run_queued
from tests.cast import sign_in
from tests.factories.accounts import give, give_second_factor, make_user
from tests.factories.competition import NOW
from tests.factories.desks import make_judge, make_judged_entry, make_judging, make_seat, marked

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    scene = make_judging()
    give_second_factor(scene.organiser)
    scene.evaluator = make_judge(scene)
    scene.staff, scene.judge = sign_in(scene.organiser), sign_in(scene.evaluator.user)
    return scene


def url(scene, name, *arguments):
    return reverse(f"evaluations:{name}", args=[scene.competition.pk, *arguments])


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(address).status_code == 200
    return len(found)


@pytest.mark.parametrize("name", ["my_sheets", "my_round", "assignment_board", "sheet_list"])
def test_as_many_queries_for_three_as_for_one(scene, name):
    arguments = {"my_sheets": [], "my_round": [scene.round.pk]}.get(name, [scene.round.pk])
    address = reverse("evaluations:my_sheets") if name == "my_sheets" else url(scene, name, *arguments)
    client = scene.judge if name.startswith("my") else scene.staff
    make_seat(scene, scene.evaluator)
    one = queries(client, address)
    make_seat(scene, scene.evaluator)
    make_seat(scene, scene.evaluator, state="published")
    assert queries(client, address) == one


@pytest.mark.parametrize("name", ["evaluator_list", "conflict_list"])
def test_the_pool_too(scene, name):
    def one_more():
        judge = make_judge(scene)
        cluster = make_judged_entry(scene).application.cluster
        Conflict.objects.create(user=judge.user, cluster=cluster, kind="adviser", declared_by=scene.organiser, declared_at=NOW)

    one_more()
    one = queries(scene.staff, url(scene, name))
    one_more()
    one_more()
    assert queries(scene.staff, url(scene, name)) == one


def test_from_the_undertaking_to_the_sheet(scene):
    Undertaking.objects.all().delete()
    seat = make_seat(scene, scene.evaluator, state="published")
    answer = url(scene, "seat_answer", seat.pk)
    assert scene.judge.get(answer).url == url(scene, "undertaking_sign", scene.round.pk)
    assert scene.judge.post(url(scene, "undertaking_sign", scene.round.pk)).status_code == 422
    scene.judge.post(url(scene, "undertaking_sign", scene.round.pk), {"agree": "on"})
    assert len(Undertaking.objects.get().text_digest) == 64
    response = scene.judge.post(url(scene, "seat_confirm", seat.pk))
    assert response.url == url(scene, "sheet_edit", Sheet.objects.get().pk)


def test_without_a_script_a_bad_mark_stays_typed_at_its_field(scene):
    sheet = make_seat(scene, scene.evaluator).sheet
    first, second, *_rest = marked(scene)
    address = url(scene, "sheet_edit", sheet.pk)
    response = scene.judge.post(address, {"version": 0, f"mark-{first}": "80", f"mark-{second}": "100.5", "comment": "好"})
    assert response.status_code == 422
    page = response.content.decode()
    assert 'value="100.5"' in page and 'aria-invalid="true"' in page and ">好</textarea>" in page
    assert not Mark.objects.exists()
    response = scene.judge.post(address, {"version": 0, f"mark-{first}": "８０", f"abstain-{second}": "on", "then": "submit"})
    assert response.url == url(scene, "sheet_submit", sheet.pk)
    assert {(mark.criterion.code, mark.value) for mark in Mark.objects.all()} == {(first, 8000), (second, None)}


def test_without_a_script_a_second_window_sees_both_values(scene):
    sheet = make_seat(scene, scene.evaluator).sheet
    first, *_rest = marked(scene)
    address = url(scene, "sheet_edit", sheet.pk)
    scene.judge.post(address, {"version": 0, f"mark-{first}": "81"})
    response = scene.judge.post(address, {"version": 0, f"mark-{first}": "64"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "<b data-there>81</b>" in page and "<b data-here>64</b>" in page and 'name="version" value="1"' in page


def test_a_script_saves_and_is_told_what_is_wrong(scene):
    sheet = make_seat(scene, scene.evaluator).sheet
    first, second, *_rest = marked(scene)

    def save(marks, version, key):
        body = json.dumps({"marks": marks, "version": version, "key": key})
        return scene.judge.post(
            url(scene, "sheet_save", sheet.pk), body, content_type="application/json", headers={"Accept": "application/json"}
        )

    assert save({first: "77"}, 0, "k1").json()["version"] == 1
    assert save({first: "77"}, 0, "k1").json()["version"] == 1
    refused = save({first: "78", second: "abc"}, 1, "k2")
    assert (refused.status_code, list(refused.json()["fields"])) == (422, [second])
    stale = save({first: "50"}, 0, "k3")
    assert (stale.status_code, stale.json()["conflict"], stale.json()["marks"], stale.json()["version"]) == (409, True, {first: "77"}, 1)
    assert save({"A1": "50"}, 1, "k4").status_code == 409  # computed, not marked
    for body in (b"[" * 100_000, b'{"marks": {}, "version": Infinity, "key": "k"}', b'{"marks": {}, "version": 99999999999, "key": "k"}'):
        assert scene.judge.post(url(scene, "sheet_save", sheet.pk), body, content_type="application/json").status_code == 400
    odd = json.dumps({"marks": {}, "version": 1, "key": "k\0", "comment": "好\ud83d\0。"})  # half an emoji, cut by a browser
    assert scene.judge.post(url(scene, "sheet_save", sheet.pk), odd, content_type="application/json").json()["version"] == 2
    sheet.refresh_from_db()
    assert (sheet.comment, sheet.save_key) == ("好。", "k")
    scene.judge.logout()
    signed_out = save({first: "79"}, 1, "k5")
    assert (signed_out.status_code, signed_out.json()["reasons"][0]["code"]) == (401, "accounts.login_needed")


def test_submitting_lists_what_is_missing_then_shows_the_sheet(scene):
    sheet = make_seat(scene, scene.evaluator).sheet
    first, *rest = marked(scene)
    edit, submit = url(scene, "sheet_edit", sheet.pk), url(scene, "sheet_submit", sheet.pk)
    scene.judge.post(edit, {"version": 0, **{f"mark-{code}": str(60 + n) for n, code in enumerate(rest)}})
    assert f'href="{edit}#m-{first}"' in scene.judge.get(submit).content.decode()
    assert scene.judge.post(submit, {"version": 1, "key": "window-one"}).status_code == 409
    scene.judge.post(edit, {"version": 1, f"mark-{first}": "93", **{f"mark-{code}": str(60 + n) for n, code in enumerate(rest)}})
    assert scene.judge.post(submit, {"version": 2, "key": "window-one"}).url == edit
    page = scene.judge.get(edit).content.decode()
    assert ">93</span>" in page and f'name="mark-{first}"' not in page
    assert SheetVersion.objects.count() == 1


def test_a_returned_sheet_shows_the_reason_and_its_versions(scene):
    sheet = make_seat(scene, scene.evaluator).sheet
    codes = marked(scene)
    edit = url(scene, "sheet_edit", sheet.pk)
    scene.judge.post(edit, {"version": 0, **{f"mark-{code}": str(60 + n) for n, code in enumerate(codes)}})
    scene.judge.post(url(scene, "sheet_submit", sheet.pk), {"version": 1, "key": "window-one"})
    scene.staff.post(url(scene, "sheet_return", sheet.assignment_id), {"reason": "A3 与材料不符"})
    page = scene.judge.get(edit).content.decode()
    assert "A3 与材料不符" in page and f'name="mark-{codes[0]}"' in page
    assert str(SheetVersion.objects.get().number) in page


def test_files_leave_only_with_the_bound_revision(scene):
    sheet = make_seat(scene, scene.evaluator).sheet
    other = make_seat(scene, make_judge(scene))
    mine, foreign = sheet.revision.attachments.get(), other.entry.revision.attachments.get()
    response = scene.judge.get(url(scene, "sheet_file", sheet.pk, mine.pk))
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert b"".join(response.streaming_content).startswith(b"%PDF")
    assert scene.judge.get(url(scene, "sheet_file", sheet.pk, foreign.pk)).status_code == 404


def test_only_the_free_can_be_chosen_and_the_others_say_why_not(scene):
    entry = make_judged_entry(scene)
    bound = make_judge(scene)
    Conflict.objects.create(user=bound.user, cluster=entry.application.cluster, kind="family", declared_by=scene.organiser, declared_at=NOW)
    address = url(scene, "entry_seats", entry.pk)
    page = scene.staff.get(address).content.decode()
    assert f'name="evaluator" value="{scene.evaluator.pk}"' in page
    assert f'name="evaluator" value="{bound.pk}"' not in page and "亲属关系" in page
    assert scene.staff.post(address, {"evaluator": bound.pk}).status_code == 409
    assert scene.staff.post(address, {"evaluator": scene.evaluator.pk}).status_code == 302
    assert scene.staff.post(address, {"evaluator": "x"}).status_code == 302


def test_proposed_seats_are_removed_or_published(scene):
    entry = make_judged_entry(scene)
    give(person := make_user(), "evaluator", f"competition:{scene.competition.pk}")
    assert scene.staff.post(url(scene, "evaluator_enrol")).status_code == 302
    from evaluations.models import Evaluator

    seat = assign(entry, evaluator=Evaluator.objects.get(user=person), actor=scene.organiser, at=NOW)
    scene.staff.post(url(scene, "seat_remove", seat.pk))
    assert not entry.assignments.exists()
    scene.staff.post(url(scene, "assignment_solve", scene.round.pk), {"version": 0})
    run_queued()
    scene.staff.post(url(scene, "assignment_publish", scene.round.pk))
    assert list(entry.assignments.values_list("state", flat=True)) == ["published", "published"]
