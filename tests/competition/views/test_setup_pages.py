"""The pages of the set-up as a browser uses them: what was shown is sent back changed, and the database holds it."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from competition.models import Cluster, Competition, Organisation, WorkdayException
from competition.selectors.rules import advancement_of, form_of, workday_exceptions
from competition.selectors.setup import missing
from competition.services.competitions import edit_competition, publish_competition
from competition.services.rules import digest_of, rules_content
from evaluations.selectors.rubrics import dimensions_json, rubric_of, scheme_of
from tests.cast import sign_in
from tests.factories.accounts import give, make_user
from tests.factories.competition import NOW, make_cluster, make_organisation, make_round, make_track
from tests.factories.setup import make_complete, make_draft, make_organiser

pytestmark = pytest.mark.django_db


@pytest.fixture
def organiser():
    return make_organiser()


@pytest.fixture
def client(organiser):
    return sign_in(organiser)


@pytest.fixture
def draft(organiser):
    return make_draft(organiser)


def shown(form) -> dict:
    """What a browser would send for an unchanged form (or formset's form)."""
    data = {}
    for field in form:
        value = field.value()
        if value is None or value is False:
            continue
        if isinstance(value, (list, tuple)):
            data[field.html_name] = [str(part) for part in value]
        elif value is True:
            data[field.html_name] = "on"
        else:
            data[field.html_name] = str(
                getattr(field.field.widget, "format_value", lambda v: v)(field.field.prepare_value(value))
                if hasattr(value, "tzinfo")
                else value
            )
    return data


def sent(*parts) -> dict:
    data = {}
    for part in parts:
        for form in part.forms + [part.management_form] if hasattr(part, "management_form") else [part]:
            data |= shown(form)
    return data


def url(name, competition, round=None, *more):
    return reverse(name, args=[competition.pk, *([round.pk] if round else []), *more])


# ---------------------------------------------------------------- the list and a new one
def test_a_new_competition_from_the_default(client):
    answer = client.post(
        reverse("competition:competition_create"),
        {"source": "", "code": "js-2027", "name_zh": "江苏", "name_en": "Jiangsu", "year": "2027", "level": "province", "region": "320000"},
    )
    made = Competition.objects.get(code="js-2027")
    assert answer.status_code == 302 and answer.url == url("competition:competition_edit", made)
    assert made.rounds.count() == 2


def test_a_new_competition_from_another_format_or_an_earlier_one(client):
    page = client.get(reverse("competition:competition_create")).content.decode()
    assert 'value="format:deliberation"' in page
    words = {"name_zh": "湖南", "name_en": "Hunan", "year": "2027", "level": "province", "region": "430000"}
    client.post(reverse("competition:competition_create"), {"source": "format:deliberation", "code": "hn-2027", **words})
    made = Competition.objects.get()
    assert made.joint_entries
    rounds = [(row.kind, row.seats, row.blind, (row.publication or {}).get("shown")) for row in made.rounds.all()]
    assert rounds == [("formal_check", 0, False, "nothing"), ("review", 5, True, "chosen"), ("review", 7, False, "chosen")]
    # Only what no format knows is missing: its dates, organiser and contact.
    assert {row.reason.code.split(".")[0] for row in missing(made)} == {"competition"}
    client.post(reverse("competition:competition_create"), {"source": str(made.pk), "code": "hn-2028", **words})
    assert Competition.objects.get(code="hn-2028").copied_from == made
    answer = client.post(reverse("competition:competition_create"), {"source": "format:moon", "code": "hn-2029", **words})
    assert (answer.status_code, sorted(answer.context["form"].errors)) == (422, ["source"])


def test_bad_input_keeps_what_was_typed(client):
    answer = client.post(
        reverse("competition:competition_create"),
        {"code": "Js 2027", "name_zh": "江苏", "name_en": "Jiangsu", "year": "27", "level": "province", "region": ""},
    )
    assert answer.status_code == 422
    assert sorted(answer.context["form"].errors) == ["code", "region", "year"]
    assert 'value="Js 2027"' in answer.content.decode()
    assert Competition.objects.count() == 0


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages(organiser, language):
    organiser.language = language
    organiser.save()
    client = sign_in(organiser)
    competition = make_complete(organiser)
    first = competition.rounds.get(order=1)
    pages = [
        reverse(f"competition:{name}")
        for name in (
            "competition_list",
            "competition_create",
            "cluster_list",
            "cluster_create",
            "organisation_list",
            "organisation_create",
            "workday_list",
        )
    ]
    of_competition = (
        "home",
        "competition_edit",
        "track_list",
        "round_list",
        "round_add",
        "competition_check",
        "competition_publish",
        "people_list",
    )
    pages += [url(f"competition:{name}", competition) for name in of_competition]
    of_round = ("round_edit", "round_remove", "form_edit", "form_field_add", "form_file", "advancement_edit")
    pages += [url(f"competition:{name}", competition, first) for name in of_round]
    pages += [url("competition:form_field_edit", competition, first, code) for code in field_codes(first)]
    pages += [url(f"evaluations:{name}", competition, first) for name in ("rubric_edit", "scheme_edit")]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        if language == "en":
            text = re.sub(r'<[^>]*lang="zh-Hans"[^>]*>[^<]*<', "<", answer.content.decode())
            assert "<h1>" in text
    publish_competition(competition, actor=organiser, at=NOW)
    for page in pages:
        assert client.get(page).status_code in (200, 302), page


def field_codes(round):
    return [field["code"] for section in form_of(round).definition["sections"] for field in section["fields"]]


LISTS = ("competition_list", "cluster_list", "organisation_list", "workday_list", "home", "people_list", "track_list", "round_list")


@pytest.mark.parametrize("page", LISTS)
def test_lists_cost_the_same_at_one_row_and_at_three(organiser, client, page):
    """Then two more of everything."""
    competition = make_complete(organiser, "race-of-0")
    address = reverse(f"competition:{page}") if page in LISTS[:4] else url(f"competition:{page}", competition)

    def asked():
        client.get(address)
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    def one_more(number):
        make_cluster(organisation=make_organisation())
        WorkdayException.objects.create(date=NOW.date() + timedelta(days=number), is_workday=False)
        give(make_user(), "decider", f"competition:{competition.pk}")

    one_more(1)
    one = asked()
    for number in (2, 3):
        one_more(number)
        make_complete(organiser, f"race-of-{number}")
        make_track(competition, code=f"track-{number}", order=10 + number)
        if page != "home":  # a draft's rounds are checked one by one
            make_round(competition, state="planned")
    assert asked() == one


# ---------------------------------------------------------------- basics, tracks, rounds
def test_basics_are_saved(client, draft):
    page = client.get(url("competition:competition_edit", draft))
    data = sent(page.context["form"]) | {"organiser_zh": "工信厅", "public_ranks": "on", "publicity_days": "7"}
    assert client.post(url("competition:competition_edit", draft), data).status_code == 302
    draft.refresh_from_db()
    assert (draft.organiser_zh, draft.public_ranks, draft.publicity_days, draft.edit_version) == ("工信厅", True, 7, 1)


def test_the_second_tab_loses_nothing_and_may_overwrite(client, draft, organiser):
    page = client.get(url("competition:competition_edit", draft))
    edit_competition(draft, changes={"name_zh": "别人改的"}, version=0, actor=organiser, at=NOW)
    data = sent(page.context["form"]) | {"name_zh": "我改的"}
    answer = client.post(url("competition:competition_edit", draft), data)
    assert answer.status_code == 422
    assert 'value="我改的"' in answer.content.decode()
    draft.refresh_from_db()
    assert draft.name_zh == "别人改的"
    again = sent(answer.context["form"])
    assert again["version"] == "1"
    assert client.post(url("competition:competition_edit", draft), again).status_code == 302
    draft.refresh_from_db()
    assert draft.name_zh == "我改的"


def test_tracks_by_hand(client, draft):
    page = client.get(url("competition:track_list", draft))
    data = sent(page.context["form"], page.context["formset"])
    data |= {"tracks-0-DELETE": "on", "tracks-3-ORDER": "1", "tracks-1-ORDER": "2", "tracks-2-ORDER": "3"}
    data |= {"tracks-4-code": "ai", "tracks-4-name_zh": "人工智能", "tracks-4-name_en": "AI", "tracks-4-ORDER": "9"}
    answer = client.post(url("competition:track_list", draft), data)
    assert answer.status_code == 302, (
        answer.context["formset"].errors,
        answer.context["formset"].non_form_errors(),
        answer.context["form"].errors,
    )
    assert list(draft.tracks.values_list("code", flat=True)) == ["life_consumer", "equipment", "materials", "ai"]


def test_a_track_code_twice_is_told_at_its_field(client, draft):
    page = client.get(url("competition:track_list", draft))
    data = sent(page.context["form"], page.context["formset"]) | {"tracks-1-code": "information"}
    answer = client.post(url("competition:track_list", draft), data)
    assert answer.status_code == 422
    assert list(answer.context["formset"].forms[1].errors) == ["code"]


def test_windows_are_beijing_time(client, draft):
    first = draft.rounds.get(order=1)
    page = client.get(url("competition:round_edit", draft, first))
    data = sent(page.context["form"]) | {
        "intake_opens": "2026-09-01T09:00",
        "intake_closes": "2026-09-30T18:00",
        "judging_opens": "2026-10-15T09:00",
        "judging_closes": "2026-10-26T18:00",
    }
    assert client.post(url("competition:round_edit", draft, first), data).status_code == 302
    first.refresh_from_db()
    assert first.intake_opens.isoformat() == "2026-09-01T01:00:00+00:00"
    again = client.get(url("competition:round_edit", draft, first)).content.decode()
    assert 'value="2026-09-30T18:00"' in again


def test_what_a_round_publishes_and_whether_it_is_blind_is_set_on_its_page(client, draft):
    first = draft.rounds.get(order=1)
    page = client.get(url("competition:round_edit", draft, first))
    data = sent(page.context["form"])
    wrong = client.post(url("competition:round_edit", draft, first), data | {"public_ranks": "on"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["public_shown"])
    wrong = client.post(url("competition:round_edit", draft, first), data | {"public_shown": "all", "public_totals": "on"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["public_totals"])
    right = data | {"public_shown": "all", "public_order": "rank", "public_ranks": "on", "blind": "on"}
    assert client.post(url("competition:round_edit", draft, first), right).status_code == 302
    first.refresh_from_db()
    assert (first.blind, first.publication) == (True, {"shown": "all", "order": "rank", "ranks": True, "totals": False})
    kept = client.get(url("competition:round_edit", draft, first)).context["form"]
    assert [kept[name].value() for name in ("blind", "public_shown", "public_order", "public_ranks")] == [True, "all", "rank", True]


def test_groups_are_a_setting_of_the_round_and_the_rule_may_count_in_them(client, draft):
    first = draft.rounds.get(order=1)
    address = url("competition:round_edit", draft, first)
    data = sent(client.get(address).context["form"])
    wrong = client.post(address, data | {"group_most": "1"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["group_most"])
    wrong = client.post(address, data | {"group_most": "9", "kind": "formal_check", "seats": "0"})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["group_most"])
    rule = url("competition:advancement_edit", draft, first)
    assert "group" not in dict(client.get(rule).context["form"].fields["scope"].choices)
    assert client.post(address, data | {"group_most": "9", "group_how": "lot"}).status_code == 302
    first.refresh_from_db()
    assert first.groups == {"most": 9, "how": "lot"}
    kept = client.get(address).context["form"]
    assert [kept[name].value() for name in ("group_most", "group_how")] == [9, "lot"]
    typed = sent(client.get(rule).context["form"]) | {"kind": "top", "top": "2", "scope": "group"}
    assert client.post(rule, typed).status_code == 302
    html = client.get(rule).text
    assert "各组前 2 名晋级。" in html
    again = sent(client.get(address).context["form"]) | {"group_most": ""}
    assert client.post(address, again).status_code == 302
    assert "不分组，而其晋级规则按组计名额" in client.get(url("competition:competition_check", draft)).text


def test_a_wrong_window_is_told_at_its_field(client, draft):
    first = draft.rounds.get(order=1)
    page = client.get(url("competition:round_edit", draft, first))
    data = sent(page.context["form"]) | {
        "intake_opens": "2026-09-30T18:00",
        "intake_closes": "2026-09-01T09:00",
        "judging_opens": "2026-08-01T00:00",
    }
    answer = client.post(url("competition:round_edit", draft, first), data)
    assert answer.status_code == 422
    assert sorted(answer.context["form"].errors) == ["intake_closes", "judging_opens"]
    assert 'value="2026-09-30T18:00"' in answer.content.decode()


def test_rounds_are_added_moved_removed(client, draft):
    page = client.get(url("competition:round_add", draft))
    data = sent(page.context["form"]) | {"name_zh": "总决赛", "name_en": "Grand final", "code": "grand", "seats": "7"}
    assert client.post(url("competition:round_add", draft), data).status_code == 302
    grand = draft.rounds.get(code="grand")
    assert client.post(url("competition:round_move", draft, grand), {"way": "up", "version": "1"}).status_code == 302
    assert client.post(url("competition:round_remove", draft, draft.rounds.get(code="final")), {"version": "2"}).status_code == 302
    assert list(draft.rounds.values_list("order", "code")) == [(1, "preliminary"), (2, "grand")]


# ---------------------------------------------------------------- form
def test_the_form_unchanged_stays_the_same(client, draft):
    first = draft.rounds.get(order=1)
    before = form_of(first).digest
    page = client.get(url("competition:form_edit", draft, first))
    assert client.post(url("competition:form_edit", draft, first), sent(page.context["form"])).status_code == 302
    assert form_of(first).digest == before and form_of(first).version == 2
    for code in field_codes(first):
        address = url("competition:form_field_edit", draft, first, code)
        page = client.get(address)
        parts = [page.context["form"]] + ([page.context["formset"]] if page.context["formset"] is not None else [])
        answer = client.post(address, sent(*parts))
        assert answer.status_code == 302, (code, page.context["form"].errors)
    assert form_of(first).digest == before


def test_fields_go_off_and_on_again(client, draft):
    first = draft.rounds.get(order=1)
    address = url("competition:form_edit", draft, first)
    data = sent(client.get(address).context["form"])
    for name in ("use_area", "required_territory"):
        del data[name]
    assert client.post(address, data).status_code == 302
    assert "area" not in field_codes(first)
    fields = {field["code"]: field for section in form_of(first).definition["sections"] for field in section["fields"]}
    assert fields["territory"]["required"] is False
    data = sent(client.get(address).context["form"]) | {"use_area": "on"}
    assert client.post(address, data).status_code == 302
    assert "area" in field_codes(first)


def test_a_field_of_ones_own(client, draft):
    first = draft.rounds.get(order=1)
    address = url("competition:form_field_add", draft, first)
    page = client.get(address)
    data = sent(page.context["form"]) | {
        "section": "+",
        "new_section_zh": "补充",
        "new_section_en": "More",
        "type": "choice",
        "code": "joint",
        "label_zh": "是否联合",
        "label_en": "Joint?",
    }
    answer = client.post(address, data)
    assert answer.status_code == 302 and answer.url.endswith("/form/fields/joint/")
    section = form_of(first).definition["sections"][-1]
    assert (section["label"], section["fields"][0]["code"]) == ({"zh": "补充", "en": "More"}, "joint")
    page = client.get(answer.url)
    data = sent(page.context["form"], page.context["formset"]) | {
        "parts-2-code": "maybe",
        "parts-2-label_zh": "未定",
        "parts-2-label_en": "Undecided",
        "parts-2-ORDER": "1",
        "parts-0-ORDER": "2",
        "parts-1-ORDER": "3",
    }
    assert client.post(answer.url, data).status_code == 302
    assert [row["code"] for row in form_of(first).definition["sections"][-1]["fields"][0]["options"]] == ["maybe", "yes", "no"]


def test_an_item_that_others_read_cannot_go(client, draft):
    first = draft.rounds.get(order=1)
    table = next(field for section in form_of(first).definition["sections"] for field in section["fields"] if field["type"] == "table")
    address = url("competition:form_field_edit", draft, first, table["code"])
    page = client.get(address)
    data = sent(page.context["form"], page.context["formset"])
    place = [item["code"] for item in table["items"]].index("output")
    answer = client.post(address, data | {f"parts-{place}-DELETE": "on"})
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors()


def test_the_form_as_a_file_and_back(client, draft):
    from django.core.files.uploadedfile import SimpleUploadedFile

    first = draft.rounds.get(order=1)
    address = url("competition:form_file", draft, first)
    got = client.get(address + "?download")
    assert got["Content-Disposition"] == 'attachment; filename="js-2026-preliminary-form-1.json"'
    changed = got.content.replace("占地面积".encode(), "面积".encode())
    file = SimpleUploadedFile("form.json", changed)
    assert client.post(address, {"version": "1", "file": file}).status_code == 302
    assert "面积" in str(form_of(first).definition)
    wrong = client.post(address, {"version": "2", "file": SimpleUploadedFile("form.json", b"\xff\x00 no")})
    assert wrong.status_code == 422 and list(wrong.context["form"].errors) == ["file"]


# ---------------------------------------------------------------- rubric, scheme, advancement
def test_the_rubric_unchanged_stays_the_same(client, draft):
    first = draft.rounds.get(order=1)
    before = dimensions_json(rubric_of(first))
    editor = client.get(url("evaluations:rubric_edit", draft, first)).context["form"]
    answer = client.post(url("evaluations:rubric_edit", draft, first), sent(editor, editor.dimensions, editor.criteria))
    assert answer.status_code == 302
    assert dimensions_json(rubric_of(first)) == before
    assert rubric_of(first).version == 2


def test_criteria_come_go_and_change(client, draft):
    first = draft.rounds.get(order=1)
    address = url("evaluations:rubric_edit", draft, first)
    editor = client.get(address).context["form"]
    data = sent(editor, editor.dimensions, editor.criteria) | {
        "criteria-0-DELETE": "on",
        "criteria-1-floor": "5",
        "criteria-24-min": "-1.5",
        "criteria-24-given_by": "panel",
        "criteria-24-missing": "zero",
        "criteria-28-kind": "bonus",
        "criteria-32-dimension": "A",
        "criteria-32-code": "A9",
        "criteria-32-name_zh": "新",
        "criteria-32-name_en": "New",
        "criteria-32-weight": "6",
        "criteria-32-kind": "expert",
        "criteria-32-max": "50",
        "criteria-32-step": "0.5",
        "criteria-32-missing": "exclude",
    }
    assert client.post(address, data).status_code == 302
    rows = {row["code"]: row for row in dimensions_json(rubric_of(first))[0]["criteria"]}
    assert list(rows) == ["A2", "A3", "A4", "A5", "A6", "A9"]
    assert rows["A2"]["function"] == {"linear": {"floor": "5", "target": "20"}}
    assert (rows["A9"]["max"], rows["A9"]["step"], rows["A9"]["missing"]) == ("50", "0.5", "exclude")
    *_rest, bonuses, vetoes = dimensions_json(rubric_of(first))
    row = bonuses["criteria"][0]
    assert [row[name] for name in ("code", "min", "max", "given_by", "missing")] == ["F1", "-1.5", "3", "panel", "zero"]
    row = vetoes["criteria"][0]
    assert [row[name] for name in ("code", "kind", "min", "max", "step", "given_by")] == ["V1", "bonus", "0", "100", "1", "organiser"]


FUNCTIONS = [
    ({"shape": "linear", "floor": "5", "target": "20"}, {"linear": {"floor": "5", "target": "20"}}, False),
    (
        {"shape": "steps", "bound_1": "0", "points_1": "40", "bound_2": "500.5", "points_2": "85.25", "reverse": "on"},
        {"steps": [["0", "40"], ["500.5", "85.25"]]},
        True,
    ),
    ({"shape": "threshold", "op": "<", "bar": "0.7", "reverse": "on"}, {"threshold": {"op": "<", "value": "0.7"}}, False),
    ({"shape": "per_item", "each": "12.5"}, {"per_item": {"points": "12.5"}}, False),
    ({"shape": "percentile", "reverse": "on"}, {"percentile": {}}, True),
    ({"shape": "min_max"}, {"min_max": {}}, False),
]


@pytest.mark.parametrize(("change", "function", "reverse"), FUNCTIONS, ids=[change["shape"] for change, _f, _r in FUNCTIONS])
def test_each_scoring_function_is_written_kept_and_said(client, draft, change, function, reverse):
    first = draft.rounds.get(order=1)
    address = url("evaluations:rubric_edit", draft, first)
    editor = client.get(address).context["form"]
    data = sent(editor, editor.dimensions, editor.criteria) | {f"criteria-0-{name}": value for name, value in change.items()}
    preview = client.post(url("evaluations:metric_preview", draft, first) + "?row=criteria-0", data)
    assert preview.context["samples"].rows and preview.context["words"]
    assert bool(preview.context["chart"]) is (change["shape"] not in ("percentile", "min_max"))
    assert client.post(address, data).status_code == 302
    before = dimensions_json(rubric_of(first))
    row = before[0]["criteria"][0]
    assert (row["function"], row.get("reverse", False)) == (function, reverse)
    editor = client.get(address).context["form"]
    assert client.post(address, sent(editor, editor.dimensions, editor.criteria)).status_code == 302
    assert dimensions_json(rubric_of(first)) == before


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"shape": "steps"}, ["bound_1"]),
        ({"shape": "steps", "bound_1": "10", "points_1": "20", "bound_2": "5", "points_2": "40"}, ["bound_1"]),
        ({"shape": "steps", "bound_1": "10", "points_1": "20", "bound_3": "15", "points_3": "101"}, ["points_3"]),
        ({"shape": "steps", "bound_1": "10"}, ["points_1"]),
        ({"shape": "threshold", "bar": "many"}, ["bar"]),
        ({"shape": "threshold"}, ["bar"]),
        ({"shape": "per_item", "each": ""}, ["each"]),
        ({"floor": "300", "target": "200", "reverse": "on"}, ["reverse"]),
        ({"floor": "1e3"}, ["floor"]),
        ({"target": "100.0"}, ["target"]),
    ],
)
def test_a_function_that_cannot_work_is_told_at_its_field(client, draft, change, names):
    first = draft.rounds.get(order=1)
    address = url("evaluations:rubric_edit", draft, first)
    editor = client.get(address).context["form"]
    data = sent(editor, editor.dimensions, editor.criteria) | {f"criteria-0-{name}": value for name, value in change.items()}
    answer = client.post(address, data)
    assert answer.status_code == 422
    errors = answer.context["form"].criteria.forms[0].errors
    assert list(errors) == names and "function" not in str(errors)
    assert rubric_of(first).version == 1


@pytest.mark.parametrize(
    ("change", "place", "name"),
    [
        ({"criteria-0-weight": "six"}, 0, "weight"),
        ({"criteria-0-weight": "0"}, 0, "weight"),
        ({"criteria-1-code": "A1"}, 1, "code"),
        ({"criteria-2-step": "200"}, 2, "step"),
        ({"criteria-0-target": "100"}, 0, "target"),
        ({"criteria-3-dimension": "Z"}, 3, "dimension"),
        ({"criteria-0-data_item": ""}, 0, "data_item"),
        ({"criteria-0-weight": ""}, 0, "weight"),
        ({"criteria-24-min": "1"}, 24, "min"),
        ({"criteria-26-max": "-1"}, 26, "max"),
        ({"criteria-28-given_by": "panel", "criteria-28-missing": "zero"}, 28, "missing"),
    ],
)
def test_a_wrong_criterion_is_told_at_its_field(client, draft, change, place, name):
    first = draft.rounds.get(order=1)
    address = url("evaluations:rubric_edit", draft, first)
    editor = client.get(address).context["form"]
    answer = client.post(address, sent(editor, editor.dimensions, editor.criteria) | change)
    assert answer.status_code == 422
    assert list(answer.context["form"].criteria.forms[place].errors) == [name]
    assert rubric_of(first).version == 1


def test_the_scheme_unchanged_stays_the_same(client, draft):
    for round in draft.rounds.all():
        before = scheme_of(round).digest
        address = url("evaluations:scheme_edit", draft, round)
        assert client.post(address, sent(client.get(address).context["form"])).status_code == 302
        assert scheme_of(round).digest == before


def test_a_scheme_of_ones_own(client, draft):
    final = draft.rounds.get(order=2)
    address = url("evaluations:scheme_edit", draft, final)
    data = sent(client.get(address).context["form"]) | {
        "method": "median",
        "order": "criterion",
        "digits_panel": "1",
        "digits_total": "3",
        "least_total": "60",
        "least_dimension_B": "12.5",
        "least_criterion_B4": "37",
        "bonus_least": "-2.5",
        "bonus_most": "4",
        "rung_1": "criterion:B4",
        "rung_2": "lot",
        "rung_3": "",
        "rung_4": "",
        "carry_preliminary": "40",
    }
    preview = client.post(url("evaluations:scheme_preview", draft, final), data).content.decode()
    assert "中位数" in preview and "示例" in preview
    assert scheme_of(final).version == 1
    assert client.post(address, data).status_code == 302
    assert scheme_of(final).definition == {
        "scale": "percent",
        "order": "criterion",
        "panel": {"method": "median", "min_panel": 3},
        "rounding": {"sheet": 2, "panel": 1, "weighted": None, "total": 3},
        "ties": ["criterion:B4", "lot"],
        "bonus_cap": ["-2.5", "4"],
        "thresholds": {"total": "60", "dimensions": {"B": "12.5"}, "criteria": {"B4": "37"}},
        "carry": [{"round": "preliminary", "weight": "40"}],
    }
    again = sent(client.get(address).context["form"])
    assert client.post(address, again).status_code == 302
    assert scheme_of(final).version == 3 and "criterion:B4" in scheme_of(final).definition["ties"]


def test_a_ladder_of_any_length_is_kept(client, draft):
    first = draft.rounds.get(order=1)
    address = url("evaluations:scheme_edit", draft, first)
    ladder = ["dimension:B", "dimension:A", "dimension:C", "criterion:B4", "untrimmed_mean", "median", "lot"]
    for length in (5, 7):
        data = sent(client.get(address).context["form"]) | {f"rung_{place}": rung for place, rung in enumerate(ladder[:length], start=1)}
        assert client.post(address, data).status_code == 302
        assert scheme_of(first).definition["ties"] == ladder[:length]
        # Two more places than there are steps.
        assert len(client.get(address).context["form"].rungs()) == max(5, length + 2)


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"least_criterion_B4": "101"}, ["least_criterion_B4"]),
        ({"least_dimension_B": "35.5"}, ["least_dimension_B"]),
        ({"least_total": "106"}, ["least_total"]),
        ({"bonus_least": "-2", "bonus_most": ""}, ["bonus_most"]),
        ({"carry_preliminary": "101"}, ["carry_preliminary"]),
        ({"rung_1": "lot", "rung_2": "median", "rung_3": "", "rung_4": ""}, ["rung_2"]),
        ({"rung_1": "median", "rung_2": "median", "rung_3": "", "rung_4": ""}, ["rung_2"]),
        ({"min_panel": "0"}, ["min_panel"]),
        ({"method": "trimmed", "drop_high": ""}, ["drop_high"]),
        ({"scale": "share"}, ["scale"]),
    ],
)
def test_a_scheme_that_cannot_work_is_told_at_its_field(client, draft, change, names):
    final = draft.rounds.get(order=2)
    address = url("evaluations:scheme_edit", draft, final)
    answer = client.post(address, sent(client.get(address).context["form"]) | change)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == names
    assert "thresholds." not in str(answer.context["form"].errors)
    assert scheme_of(final).version == 1


def test_weights_that_are_off_hide_no_fault_of_the_scheme(client, draft):
    first = draft.rounds.get(order=1)
    editor = client.get(url("evaluations:rubric_edit", draft, first)).context["form"]
    data = sent(editor, editor.dimensions, editor.criteria) | {"criteria-0-weight": "7"}
    assert client.post(url("evaluations:rubric_edit", draft, first), data).status_code == 302
    address = url("evaluations:scheme_edit", draft, first)
    page = client.get(address)
    answer = client.post(address, sent(page.context["form"]) | {"least_criterion_B4": "101"})
    assert list(answer.context["form"].errors) == ["least_criterion_B4"]
    preview = client.post(url("evaluations:scheme_preview", draft, first), sent(page.context["form"]))
    assert "101" in preview.content.decode()
    assert client.post(address, sent(page.context["form"])).status_code == 302


def test_a_scheme_that_trims_everything_is_told_at_its_field(client, draft):
    first = draft.rounds.get(order=1)
    address = url("evaluations:scheme_edit", draft, first)
    answer = client.post(address, sent(client.get(address).context["form"]) | {"drop_high": "3", "min_to_trim": "4"})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["min_to_trim"]


@pytest.mark.parametrize(
    ("change", "take", "scope"),
    [
        ({"kind": "top", "top": "8", "scope": "overall"}, {"top": 8}, "overall"),
        ({"kind": "share", "share": "30.0", "scope": "track"}, {"share": "30"}, "track"),
        ({"kind": "score", "score": "80", "scope": "overall"}, {"score": "80"}, "overall"),
        ({"kind": "top_by_track", "track_information": "4", "track_*": "3"}, {"top": {"information": 4, "*": 3}}, "track"),
    ],
)
def test_an_advancement_rule_of_each_kind(client, draft, change, take, scope):
    first = draft.rounds.get(order=1)
    address = url("competition:advancement_edit", draft, first)
    data = sent(client.get(address).context["form"]) | change | {"reserve": "1", "at_the_line": "exclude"}
    assert client.post(address, data).status_code == 302
    rule = advancement_of(first).rule
    assert (rule["take"], rule["scope"], rule["reserve"], rule["at_the_line"]) == (take, scope, 1, "exclude")
    again = client.get(address)
    assert again.context["words"][-1]
    assert client.post(address, sent(again.context["form"])).status_code == 302
    assert advancement_of(first).rule == rule


BANDS = {
    "kind": "bands",
    **{"band_1_code": "excellent", "band_1_zh": "优秀", "band_1_en": "Excellent", "band_1_least": "90", "band_1_in": "on"},
    **{"band_2_code": "good", "band_2_zh": "良好", "band_2_en": "Good", "band_2_least": "75.50", "band_2_in": "on"},
    **{"band_3_code": "fair", "band_3_zh": "合格", "band_3_en": "Fair", "band_3_least": "60"},
}


def test_rules_without_a_number_are_typed_said_and_typed_again(client, draft):
    first = draft.rounds.get(order=1)
    address = url("competition:advancement_edit", draft, first)
    data = sent(client.get(address).context["form"])
    assert client.post(address, data | {"kind": "all", "reserve": "0", "scope": "overall"}).status_code == 302
    assert advancement_of(first).rule["take"] == "all"
    page = client.get(address)
    assert page.context["words"] == ["未低于评分方案任何最低分数线者全部晋级：不设名额，不划晋级线。", "不设递补。"]
    data = sent(page.context["form"])
    assert client.post(address, data).status_code == 302
    preview = client.post(url("competition:advancement_preview", draft, first), data | BANDS).content.decode()
    assert "优秀（90 分起）；良好（75.5 分起）；合格（60 分起）" in preview
    assert client.post(address, sent(client.get(address).context["form"]) | BANDS).status_code == 302
    take = advancement_of(first).rule["take"]
    assert [(band["code"], band["least"], band["name_en"]) for band in take["bands"]] == [
        ("excellent", "90", "Excellent"),
        ("good", "75.5", "Good"),
        ("fair", "60", "Fair"),
    ]
    assert take["from"] == "good"
    again = client.get(address)
    assert client.post(address, sent(again.context["form"])).status_code == 302
    assert advancement_of(first).rule["take"] == take


def test_numbers_by_track_need_every_track(client, draft):
    first = draft.rounds.get(order=1)
    address = url("competition:advancement_edit", draft, first)
    data = sent(client.get(address).context["form"]) | {"kind": "top_by_track", "track_information": "4"}
    answer = client.post(address, data)
    assert answer.status_code == 422 and "materials" in str(answer.context["form"].errors)


def test_caps_and_floors_are_edited_and_said_by_name(client, draft):
    first = draft.rounds.get(order=1)
    address = url("competition:advancement_edit", draft, first)
    data = sent(client.get(address).context["form"]) | {
        "kind": "top",
        "top": "8",
        "cap_1_of": "region",
        "cap_1_max": "3",
        "cap_2_of": "sector:materials",
        "cap_2_max": "2",
        "floor_1_of": "macro_region:west",
        "floor_1_min": "2",
    }
    preview = client.post(url("competition:advancement_preview", draft, first), data)
    assert "新材料" in preview.content.decode() and advancement_of(first).version == 1
    assert client.post(address, data).status_code == 302
    rule = advancement_of(first).rule
    assert rule["caps"] == [{"by": "region", "max": 3}, {"by": "sector", "value": "materials", "max": 2}]
    assert rule["floors"] == [{"by": "macro_region", "value": "west", "min": 2}]
    again = client.get(address)
    assert len(again.context["form"].caps()) == 4
    assert client.post(address, sent(again.context["form"]) | {"cap_1_of": "", "cap_1_max": ""}).status_code == 302
    assert advancement_of(first).rule["caps"] == [{"by": "sector", "value": "materials", "max": 2}]


@pytest.mark.parametrize(
    ("change", "places"),
    [
        ({"floor_1_of": "macro_region:west", "floor_1_min": "5", "top": "4", "kind": "top"}, ["floor_1_of"]),
        ({"floor_1_of": "region:320000", "floor_1_min": "3", "cap_2_of": "region", "cap_2_max": "2"}, ["floor_1_of"]),
        ({"kind": "top_by_track", "track_*": "2", "floor_2_of": "track:materials", "floor_2_min": "3"}, ["floor_2_of"]),
        ({"kind": "top_by_track", "track_*": "1", "floor_1_of": "macro_region:east", "floor_1_min": "5"}, ["floor_1_of"]),
        ({"cap_1_of": "sector", "cap_1_max": "0"}, ["cap_1_of"]),
        ({"cap_1_of": "sector"}, ["cap_1_max"]),
        ({"floor_1_min": "1"}, ["floor_1_of"]),
        ({"cap_1_of": "sector", "cap_1_max": "2", "cap_2_of": "sector", "cap_2_max": "3"}, ["cap_2_of"]),
        ({"cap_1_of": "moon", "cap_1_max": "2"}, ["cap_1_of"]),
        ({"kind": "all", "reserve": "2"}, ["reserve"]),
        ({"kind": "all", "reserve": "0", "floor_2_of": "macro_region:west", "floor_2_min": "1"}, ["floor_2_of"]),
        ({"kind": "bands"}, ["band_1_code"]),
        (BANDS | {"band_2_least": "90"}, ["band_2_least"]),
        (BANDS | {"band_2_code": "excellent", "band_3_en": ""}, ["band_2_code", "band_3_en"]),
        (BANDS | {"band_1_in": ""}, ["band_2_in", "band_1_in"]),
        (BANDS | {"band_2_least": "many"}, ["band_2_least"]),
        (
            BANDS | dict.fromkeys(("band_3_code", "band_3_zh", "band_3_en", "band_3_least"), "") | {"band_3_in": "on"},
            ["band_3_code", "band_3_zh", "band_3_en", "band_3_least"],
        ),
    ],
)
def test_a_rule_that_cannot_work_is_told_at_its_field(client, draft, change, places):
    first = draft.rounds.get(order=1)
    address = url("competition:advancement_edit", draft, first)
    answer = client.post(address, sent(client.get(address).context["form"]) | change)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == places
    assert advancement_of(first).version == 1


# ---------------------------------------------------------------- publishing, the public
def test_check_publish_and_what_the_public_reads(client, organiser, draft, django_assert_num_queries):
    check = client.get(url("competition:competition_check", draft))
    assert [row["link"] for row in check.context["items"]] == [url("competition:competition_edit", draft)] * 5 + [
        url("competition:round_edit", draft, draft.rounds.get(order=1))
    ]
    of_round = ("competition:form_edit", "evaluations:rubric_edit", "evaluations:scheme_edit", "competition:advancement_edit")
    done = [url("competition:track_list", draft)] + [url(name, draft, round) for round in draft.rounds.all() for name in of_round]
    assert sorted(row["url"] for row in check.context["complete"]) == sorted(done)
    assert client.get(url("competition:competition_publish", draft)).status_code == 302  # back to the check
    competition = make_complete(organiser, "whole")
    assert client.get(url("competition:competition_publish", competition)).status_code == 200
    assert client.post(url("competition:competition_publish", competition)).status_code == 302
    anybody = sign_in(None)
    chinese = {"Accept-Language": "zh-CN"}
    assert "江苏省集群竞赛" in anybody.get(reverse("public:calls"), headers=chinese).content.decode()
    first = anybody.get(reverse("public:rules", args=["whole"]), headers=chinese)
    page = first.content.decode()
    edition = competition.rules_editions.get()
    assert edition.digest in page and "去掉一个最高分和一个最低分，其余取平均值。" in page
    with django_assert_num_queries(8):  # what is frozen is not put into words again
        again = anybody.get(reverse("public:rules", args=["whole"]), headers=chinese)
    assert again.context["page"] == first.context["page"]
    english = anybody.get(reverse("public:rules", args=["whole"]), headers={"Accept-Language": "en"}).content.decode()
    assert "Drop one highest and one lowest, then take the mean of the others." in english
    import hashlib

    file = anybody.get(reverse("public:rules_json", args=["whole"]))
    assert hashlib.sha256(file.content).hexdigest() == edition.digest == digest_of(rules_content(competition))


def test_dates_move_after_publication(client, organiser):
    competition = publish_competition(make_complete(organiser), actor=organiser, at=NOW)
    first = competition.rounds.get(order=1)
    address = url("competition:round_windows", competition, first)
    later = first.intake_closes + timedelta(days=1)
    data = sent(client.get(address).context["form"]) | {"intake_closes": later.strftime("%Y-%m-%dT%H:%M"), "reason": ""}
    assert list(client.post(address, data).context["form"].errors) == ["reason"]


# ---------------------------------------------------------------- clusters, organisations, workdays
def test_an_organisation_and_its_cluster(client):
    wrong = {"name_zh": "纳米中心", "credit_code": "91320594MA1MT8N03X", "region": "320000"}
    answer = client.post(reverse("competition:organisation_create"), wrong)
    assert answer.status_code == 422 and list(answer.context["form"].errors) == ["credit_code"]
    right = wrong | {"credit_code": "91320594MA1MT8N038"}
    from stdnum.cn import uscc

    right["credit_code"] = right["credit_code"][:17] + uscc.calc_check_digit(right["credit_code"][:17])
    assert client.post(reverse("competition:organisation_create"), right).status_code == 302
    organisation = Organisation.objects.get(credit_code=right["credit_code"])
    cluster = {"name_zh": "苏州纳米集群", "short_zh": "苏州纳米", "sector": "information", "lead_region": "320000", "regions": ["330000"]}
    cluster["sector"] = str(make_cluster().sector_id)
    answer = client.post(reverse("competition:cluster_create"), cluster | {"organisation": str(organisation.pk)})
    made = Cluster.objects.get(name_zh="苏州纳米集群")
    assert answer.url == reverse("competition:cluster_edit", args=[made.pk])
    assert sorted(made.regions.values_list("code", flat=True)) == ["320000", "330000"]
    assert client.get(reverse("competition:organisation_edit", args=[organisation.pk])).status_code == 200
    assert client.post(reverse("competition:cluster_create"), cluster).status_code == 422  # known by name
    assert client.post(reverse("competition:organisation_create"), right).status_code == 422  # known by code


def test_a_year_of_workdays(client):
    text = "2027-01-01, off, 元旦\n2027-02-06，班，春节调休\n2027-02-08 off"
    data = {"year": "2027", "days": text, "complete": "on"}
    assert client.post(reverse("competition:workday_list"), data).status_code == 302
    assert list(WorkdayException.objects.values_list("date__month", "date__day", "is_workday")) == [
        (1, 1, False),
        (2, 6, True),
        (2, 8, False),
    ]
    assert workday_exceptions().years == {2027}
    again = client.get(reverse("competition:workday_list") + "?year=2027").context["form"]
    assert client.post(reverse("competition:workday_list"), shown(again)).status_code == 302
    for wrong in ("2027-13-01, off", "2026-12-31, off", "2027-01-01, off\n2027-01-01, work", "yesterday"):
        answer = client.post(reverse("competition:workday_list"), data | {"days": wrong})
        assert answer.status_code == 422 and list(answer.context["form"].errors) == ["days"], wrong
    assert WorkdayException.objects.count() == 3
