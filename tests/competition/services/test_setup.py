"""Setting up: creating, copying, editing, freezing, publishing."""

import copy
import hashlib
from datetime import timedelta

import pytest

from accounts.models import Membership
from accounts.permissions import NotAllowed
from competition import workflow
from competition.models import Competition, Track
from competition.rules import parts
from competition.selectors.publication import rules_page
from competition.selectors.rules import advancement_of, form_of, judged_blind, rules_edition
from competition.selectors.setup import missing
from competition.services.competitions import (
    archive_competition,
    create_competition,
    decide_competition,
    edit_competition,
    publish_competition,
    set_tracks,
)
from competition.services.rounds import add_round, edit_round, move_round, move_windows, open_round, remove_round
from competition.services.rules import digest_of, rules_content, save_advancement, save_form
from evaluations.selectors.rubrics import dimensions_json, rubric_of, scheme_json, scheme_of
from evaluations.services.rubrics import save_rubric, save_scheme
from ledger.domain import canonical
from ledger.domain.reason import Refused
from ledger.models import Record
from tests.factories.competition import NOW
from tests.factories.jury import VOTE
from tests.factories.setup import WORDS, basics_of, holding, make_complete, make_draft, make_organiser, windows

pytestmark = pytest.mark.django_db


def codes(refusal) -> list[str]:
    return [reason.code for reason in refusal.value.reasons]


@pytest.fixture
def organiser():
    return make_organiser()


@pytest.fixture
def draft(organiser):
    return make_draft(organiser)


@pytest.fixture
def complete(organiser):
    return make_complete(organiser)


@pytest.fixture
def published(complete, organiser):
    return publish_competition(complete, actor=organiser, at=NOW)


# ---------------------------------------------------------------- creating
def test_the_default_is_a_province_with_two_rounds(draft):
    assert draft.state == "draft"
    assert (draft.publicity_days, draft.publicity_unit, draft.public_order, draft.public_ranks) == (5, "working", "region", False)
    assert list(draft.rounds.values_list("order", "code", "intake", "seats")) == [(1, "preliminary", "fresh", 5), (2, "final", "fresh", 5)]
    assert list(draft.tracks.values_list("code", flat=True)) == ["information", "equipment", "materials", "life_consumer"]
    for round in draft.rounds.all():
        criteria = [row for dimension in dimensions_json(rubric_of(round)) for row in dimension["criteria"]]
        weighted = [row for row in criteria if row["kind"] not in ("bonus", "veto")]
        assert (len(criteria), len(weighted)) == (32, 24)
        assert sum(float(row["weight"]) for row in weighted) == 100
        assert scheme_json(round)["panel"] == {"method": "trimmed", "drop_high": 1, "drop_low": 1, "min_to_trim": 5, "min_panel": 3}
        assert len(form_of(round).definition["sections"]) > 3


def test_who_creates_one_organises_it():
    elsewhere = make_draft(make_organiser(), "elsewhere")
    someone = holding("organiser", f"competition:{elsewhere.pk}")
    made = make_draft(someone, "of-someone")
    assert Membership.objects.live().filter(user=someone, scope=f"competition:{made.pk}", role="organiser").count() == 1


def test_nobody_else_creates_one():
    decider = holding("decider", "*")
    with pytest.raises(NotAllowed):
        make_draft(decider)


def test_a_copy_is_equal_in_everything_but_dates_and_names(complete, organiser):
    first = complete.rounds.get(order=1)
    rubric = dimensions_json(rubric_of(first))
    rubric[0]["criteria"][0]["weight"], rubric[0]["criteria"][1]["weight"] = "5.5", "3.5"
    save_rubric(first, dimensions=rubric, version=1, actor=organiser, at=NOW)
    copied = make_draft(organiser, "copy", source=complete, year=2027)
    assert copied.copied_from == complete
    mine, theirs = rules_content(copied), rules_content(complete)
    assert mine.pop("competition")["organiser_zh"] == theirs.pop("competition")["organiser_zh"] == WORDS["organiser_zh"]
    assert mine == theirs
    assert mine["rounds"][0]["rubric"][0]["criteria"][0]["weight"] == "5.5"
    assert [row.intake_opens for row in copied.rounds.all()] == [None, None]
    assert {row.pk for row in complete.rounds.all()}.isdisjoint(row.pk for row in copied.rounds.all())


def test_nobody_copies_what_he_may_not_see(draft):
    own = make_draft(make_organiser(), "own")
    someone = holding("organiser", f"competition:{own.pk}")
    with pytest.raises(NotAllowed):
        make_draft(someone, "stolen", source=draft)


def test_a_code_is_taken_once(draft, organiser):
    with pytest.raises(Refused) as refusal:
        make_draft(organiser)
    assert (codes(refusal), refusal.value.field) == (["competition.code_taken"], "code")


# ---------------------------------------------------------------- editing
def test_the_second_of_two_tabs_is_told(draft, organiser):
    edit_competition(draft, changes={"name_zh": "第一次"}, version=0, actor=organiser, at=NOW)
    with pytest.raises(Refused) as refusal:
        edit_competition(draft, changes={"name_zh": "第二次"}, version=0, actor=organiser, at=NOW)
    assert codes(refusal) == ["competition.changed_meanwhile"]
    draft.refresh_from_db()
    assert (draft.name_zh, draft.edit_version) == ("第一次", 1)


def test_tracks_come_go_and_change_places(draft, organiser):
    rows = list(draft.tracks.values("code", "name_zh", "name_en"))
    set_tracks(draft, tracks=[rows[2], {"code": "new", "name_zh": "新", "name_en": "New"}, rows[0]], version=0, actor=organiser, at=NOW)
    assert list(draft.tracks.values_list("code", "order")) == [("materials", 0), ("new", 1), ("information", 2)]


def test_rounds_are_added_moved_and_removed(draft, organiser):
    third = add_round(
        draft, code="third", name_zh="总决赛", name_en="Grand final", intake="fresh", seats=7, version=0, actor=organiser, at=NOW
    )
    assert dimensions_json(rubric_of(third)) == dimensions_json(rubric_of(draft.rounds.get(order=2)))
    move_round(third, up=True, version=1, actor=organiser, at=NOW)
    assert list(draft.rounds.values_list("order", "code")) == [(1, "preliminary"), (2, "third"), (3, "final")]
    remove_round(draft.rounds.get(code="preliminary"), version=2, actor=organiser, at=NOW)
    assert list(draft.rounds.values_list("order", "code")) == [(1, "third"), (2, "final")]


def test_blind_is_a_setting_of_each_round(complete, organiser):
    """In the edition, in the words, in a copy and in the next round; a form of its own ends what is judged blind later."""
    first, second = complete.rounds.all()
    later = windows(NOW + timedelta(days=60))
    edit_round(second, basics={"blind": True}, windows=later, version=complete.edit_version, actor=organiser, at=NOW)
    complete.refresh_from_db()
    competition = publish_competition(complete, actor=organiser, at=NOW)
    assert [row["blind"] for row in rules_edition(competition).content["rounds"]] == [False, True]
    page = rules_page(competition, None, "zh-hans")
    assert [len(row["blind"]) for row in page["rounds"]] == [0, 3]
    assert [sum("（不向专家显示）" in line for line in row["form"]) for row in page["rounds"]] == [0, 6]
    assert [judged_blind(row) for row in (first, second)] == [False, True]
    again = make_draft(organiser, "copy", source=competition)
    third = add_round(again, code="third", name_zh="三", name_en="Three", intake="carry", seats=3, version=0, actor=organiser, at=NOW)
    assert list(again.rounds.values_list("order", "blind")) == [(1, False), (2, True), (3, True)]
    assert judged_blind(again.rounds.get(order=2)) and not judged_blind(again.rounds.get(order=1))
    edit_round(again.rounds.get(order=2), basics={"blind": False}, windows={}, version=1, actor=organiser, at=NOW)
    assert judged_blind(again.rounds.get(order=2)) and third.blind


def test_what_is_published_is_a_setting_of_each_round(complete, organiser):
    second, later = complete.rounds.get(order=2), windows(NOW + timedelta(days=60))
    own = {"shown": "all", "order": "rank", "ranks": True, "totals": True}
    common = {"windows": later, "actor": organiser, "at": NOW}
    for wrong, code in (
        ({"shown": "all", "totals": True}, "totals_tell_ranks"),
        ({"shown": "nothing", "ranks": True}, "of_nothing"),
        ({"shown": "some"}, "malformed"),
    ):
        with pytest.raises(Refused) as refusal:
            edit_round(second, basics={"publication": wrong}, version=complete.edit_version, **common)
        assert codes(refusal)[0].endswith(code)
    edit_round(second, basics={"publication": own}, version=complete.edit_version, **common)
    complete.refresh_from_db()
    competition = publish_competition(complete, actor=organiser, at=NOW)
    assert [row["publication"] for row in rules_edition(competition).content["rounds"]] == [None, own]
    page = rules_page(competition, None, "en")
    assert [row["published"] for row in page["rounds"]] == [
        [],
        [
            "The list is in the order of ranks.",
            "Ranks are published.",
            "Those not chosen are published as well.",
            "Official totals are published.",
        ],
    ]
    assert "Where a round says otherwise of what is published, that holds." in page["publicity"]
    again = make_draft(organiser, "copy", source=competition)
    assert list(again.rounds.values_list("publication", flat=True)) == [None, own]


def test_the_first_round_takes_in(draft, organiser):
    first, second = draft.rounds.all()
    with pytest.raises(Refused) as refusal:
        edit_round(first, basics=basics_of(first) | {"intake": "carry"}, windows={}, version=0, actor=organiser, at=NOW)
    assert codes(refusal) == ["competition.first_round_fresh"]
    edit_round(second, basics=basics_of(second) | {"intake": "carry"}, windows={}, version=0, actor=organiser, at=NOW)
    with pytest.raises(Refused) as refusal:
        move_round(second, up=True, version=1, actor=organiser, at=NOW)
    assert codes(refusal) == ["competition.first_round_fresh"]


def test_windows_that_contradict_themselves(draft, organiser):
    first, second = draft.rounds.all()
    wrong = windows() | {"intake_closes": NOW - timedelta(days=1)}
    with pytest.raises(Refused) as refusal:
        edit_round(first, basics=basics_of(first), windows=wrong, version=0, actor=organiser, at=NOW)
    assert (codes(refusal), refusal.value.field) == (["competition.window_reversed"], "intake_closes")
    edit_round(first, basics=basics_of(first), windows=windows(), version=0, actor=organiser, at=NOW)
    with pytest.raises(Refused) as refusal:
        edit_round(second, basics=basics_of(second), windows=windows(), version=1, actor=organiser, at=NOW)
    assert (codes(refusal), refusal.value.field) == (["competition.window_before_last_round"], "intake_opens")


def test_form_and_rule_count_their_versions(draft, organiser):
    first = draft.rounds.get(order=1)
    definition = copy.deepcopy(form_of(first).definition)
    definition["sections"] = definition["sections"][:2]
    form = save_form(first, definition=definition, version=1, actor=organiser, at=NOW)
    assert (form.version, form.digest) == (2, digest_of(definition))
    with pytest.raises(Refused) as refusal:
        save_form(first, definition=definition, version=1, actor=organiser, at=NOW)
    assert codes(refusal) == ["competition.changed_meanwhile"]
    with pytest.raises(Refused):
        save_form(first, definition={"sections": []}, version=2, actor=organiser, at=NOW)
    rule = {"take": {"top": {"information": 3}}, "scope": "track", "at_the_line": "panel"}
    with pytest.raises(Refused) as refusal:
        save_advancement(first, rule=rule, version=1, actor=organiser, at=NOW)
    assert codes(refusal) == ["competition.advancement_track_missing"]
    rule["take"]["top"]["*"] = 1
    assert save_advancement(first, rule=rule, version=1, actor=organiser, at=NOW).version == 2


def test_a_colleague_does_not_edit(draft):
    supervisor = holding("supervisor", f"competition:{draft.pk}")
    with pytest.raises(NotAllowed):
        edit_competition(draft, changes={"name_zh": "别名"}, version=0, actor=supervisor, at=NOW)


# ---------------------------------------------------------------- checking
def test_what_is_missing_and_where_it_is_repaired(draft, organiser):
    found = [(row.reason.code, row.url_name) for row in missing(draft)]
    assert found == [
        ("competition.organiser_zh_missing", "competition:competition_edit"),
        ("competition.organiser_en_missing", "competition:competition_edit"),
        ("competition.contact_missing", "competition:competition_edit"),
        ("competition.summary_zh_missing", "competition:competition_edit"),
        ("competition.summary_en_missing", "competition:competition_edit"),
        ("competition.round_windows_missing", "competition:round_edit"),
    ]
    with pytest.raises(Refused) as refusal:
        publish_competition(draft, actor=organiser, at=NOW)
    assert len(refusal.value.reasons) == 6


def test_each_part_says_what_it_misses(complete, organiser):
    first, second = complete.rounds.all()
    rubric = dimensions_json(rubric_of(second))
    rubric[0]["criteria"][0]["weight"] = "7"
    save_rubric(second, dimensions=rubric, version=1, actor=organiser, at=NOW)
    definition = copy.deepcopy(form_of(first).definition)
    for section in definition["sections"]:
        for field in section["fields"]:
            if field["type"] == "table":
                field["items"] = [item for item in field["items"] if item["code"] != "local_supply"]
    save_form(first, definition=definition, version=1, actor=organiser, at=NOW)
    complete.refresh_from_db()
    edit_round(first, basics=basics_of(first) | {"seats": 2}, windows=windows(), version=complete.edit_version, actor=organiser, at=NOW)
    set_tracks(complete, tracks=[], version=complete.edit_version + 1, actor=organiser, at=NOW)
    found = [(row.reason.code, row.url_name, row.round_id) for row in missing(complete)]
    assert found == [
        ("evaluations.rubric_item_unknown", "evaluations:rubric_edit", first.pk),
        ("evaluations.scheme_weights_sum", "evaluations:rubric_edit", second.pk),
        ("evaluations.seats_below_panel", "evaluations:scheme_edit", first.pk),
    ]


# ---------------------------------------------------------------- publishing
def test_publishing_freezes_and_opens(published, organiser):
    assert (published.state, published.published_at) == ("published", NOW)
    first, second = published.rounds.all()
    assert (first.state, second.state) == ("open", "planned")
    for round in (first, second):
        assert len(round.seed) == 32
        assert all(row.frozen_at == NOW for row in (form_of(round), advancement_of(round), rubric_of(round), scheme_of(round)))
    edition = rules_edition(published)
    assert edition.version == 1
    assert edition.digest == hashlib.sha256(canonical.encode(edition.content)).hexdigest()
    assert edition.content == canonical.plain(rules_content(published))
    assert edition.content["rounds"][0]["seed_sha256"] == hashlib.sha256(first.seed.encode()).hexdigest()
    assert first.seed not in canonical.text(edition.content)
    assert Record.objects.get(action="competition.publish").after["digest"] == edition.digest


def test_after_publishing_every_rule_refuses(published, organiser):
    first = published.rounds.get(order=1)
    common = {"actor": organiser, "at": NOW}
    version = published.edit_version
    attempts = [
        lambda: edit_competition(published, changes={"publicity_days": 9}, version=version, **common),
        lambda: edit_competition(published, changes={"public_ranks": True}, version=version, **common),
        lambda: edit_competition(published, changes={"name_zh": "别名"}, version=version, **common),
        lambda: set_tracks(published, tracks=[], version=version, **common),
        lambda: add_round(published, code="x", name_zh="x", name_en="x", intake="fresh", seats=3, version=version, **common),
        lambda: edit_round(first, basics=basics_of(first) | {"seats": 9}, windows=windows(), version=version, **common),
        lambda: remove_round(first, version=version, **common),
        lambda: move_round(first, up=False, version=version, **common),
        lambda: save_form(first, definition=form_of(first).definition, version=1, **common),
        lambda: save_advancement(first, rule={"take": {"top": 1}, "scope": "overall"}, version=1, **common),
        lambda: save_rubric(first, dimensions=dimensions_json(rubric_of(first)), version=1, **common),
        lambda: save_scheme(first, definition=scheme_of(first).definition, version=1, **common),
    ]
    before = rules_content(published)
    for attempt in attempts:
        with pytest.raises(Refused) as refusal:
            attempt()
        assert codes(refusal) == ["competition.rules_frozen"]
    assert rules_content(Competition.objects.get(pk=published.pk)) == before


def test_words_may_still_be_mended(published, organiser):
    edit_competition(published, changes={"contact": "新电话"}, version=published.edit_version, actor=organiser, at=NOW)
    published.refresh_from_db()
    assert published.contact == "新电话"


def test_the_digest_hangs_on_content_and_nothing_else(complete, organiser):
    once, again = digest_of(rules_content(complete)), digest_of(rules_content(Competition.objects.get(pk=complete.pk)))
    assert once == again
    first = complete.rounds.get(order=1)
    edit_round(
        first, basics=basics_of(first), windows=windows(NOW + timedelta(days=3)), version=complete.edit_version, actor=organiser, at=NOW
    )
    assert digest_of(rules_content(complete)) == once  # dates are no rule
    rubric = dimensions_json(rubric_of(first))
    rubric[0]["criteria"][0]["guidance_en"] = "Look at the last year."
    save_rubric(first, dimensions=rubric, version=1, actor=organiser, at=NOW)
    assert digest_of(rules_content(complete)) != once


# ---------------------------------------------------------------- after publishing
def test_deadlines_move_later_with_a_reason(published, organiser):
    first = published.rounds.get(order=1)
    later = {name: getattr(first, name) for name in windows()} | {"intake_closes": first.intake_closes + timedelta(days=1)}
    moved = move_windows(first, windows=later, reason="系统故障", actor=organiser, at=NOW + timedelta(days=2))
    assert moved.intake_closes == later["intake_closes"]
    record = Record.objects.get(action="round.move_windows")
    assert set(record.after) == {"intake_closes"}
    assert "系统故障" not in canonical.text(record.after)
    earlier = later | {"intake_closes": first.intake_closes - timedelta(days=1)}
    with pytest.raises(Refused) as refusal:
        move_windows(first, windows=earlier, reason="x", actor=organiser, at=NOW + timedelta(days=2))
    assert (codes(refusal), refusal.value.field) == (["competition.deadline_forward"], "intake_closes")
    begun = later | {"intake_opens": first.intake_opens + timedelta(hours=1)}
    with pytest.raises(Refused) as refusal:
        move_windows(first, windows=begun, reason="x", actor=organiser, at=NOW + timedelta(days=2))
    assert codes(refusal) == ["competition.window_begun"]


def test_a_judging_that_nobody_started_is_postponed_also_after_its_hour(published, organiser):
    first = published.rounds.get(order=1)
    late = first.judging_opens + timedelta(days=1)
    later = {name: getattr(first, name) + timedelta(days=9) for name in ("intake_closes", "judging_opens", "judging_closes")}
    moved = move_windows(first, windows=later | {"intake_opens": first.intake_opens}, reason="顺延", actor=organiser, at=late)
    assert {name: getattr(moved, name) for name in later} == later
    published.rounds.filter(pk=first.pk).update(**{"state": "judging"})
    again = later | {"intake_opens": first.intake_opens, "judging_opens": late + timedelta(days=10)}
    with pytest.raises(Refused) as refusal:
        move_windows(first, windows=again, reason="顺延", actor=organiser, at=late + timedelta(days=9))
    assert (codes(refusal), refusal.value.field) == (["competition.window_begun"], "judging_opens")


def test_a_later_round_opens_after_the_release_of_the_one_before(published, organiser):
    first, second = published.rounds.all()
    with pytest.raises(Refused) as refusal:
        open_round(second, actor=organiser, at=NOW)
    assert codes(refusal) == ["competition.round_windows_missing", "competition.earlier_round_unreleased"]
    published.rounds.filter(pk=first.pk).update(**{"state": "released"})
    move_windows(second, windows=windows(NOW + timedelta(days=60)), reason="定下日期", actor=organiser, at=NOW)
    assert open_round(second, actor=organiser, at=NOW).state == "open"


def test_decided_once_every_round_is_released_then_archived(published, organiser):
    with pytest.raises(Refused) as refusal:
        decide_competition(published, actor=organiser, at=NOW)
    assert (codes(refusal), refusal.value.reason.params) == (["competition.rounds_unreleased"], {"count": 2})
    published.rounds.update(**{"state": "released"})
    assert decide_competition(published, actor=organiser, at=NOW).state == "decided"
    assert archive_competition(published, actor=organiser, at=NOW).state == "archived"
    with pytest.raises(Refused):
        workflow.perform(published, "publish", actor=organiser, at=NOW)


def test_parts_speak_both_languages(published):
    first = published.rounds.get(order=1)
    lines = {language: [line for part in parts().values() for line in part.words(first, language)] for language in ("zh-hans", "en")}
    assert len(lines["en"]) == len(lines["zh-hans"]) == 7 + 32 + 7
    assert "Drop one highest and one lowest, then take the mean of the others." in lines["en"]
    assert "去掉一个最高分和一个最低分，其余取平均值。" in lines["zh-hans"]
    assert lines["en"][0] == "A Comprehensive strength: 25 points"
    assert lines["zh-hans"][0] == "A 综合实力：25 分"


def test_a_draft_writes_records_of_its_making(draft, organiser):
    assert list(Record.objects.filter(scope=f"competition:{draft.pk}").values_list("action", "actor")) == [
        ("competition.create", f"user:{organiser.pk}")
    ]
    assert Track.objects.filter(competition=draft).count() == 4
    with pytest.raises(TypeError):
        create_competition()  # everything is named


def test_a_nation_needs_no_region(organiser):
    competition = make_draft(organiser, level="nation", region=None)
    assert "competition.region_missing" not in [row.reason.code for row in missing(competition)]


def test_groups_are_frozen_with_the_rules_copied_and_never_stand_beside_a_vote_or_a_check(complete, organiser):
    first = complete.rounds.get(order=1)

    def edit(**changes):
        complete.refresh_from_db()
        return edit_round(
            first, basics=basics_of(first) | changes, windows=windows(), version=complete.edit_version, actor=organiser, at=NOW
        )

    with pytest.raises(Refused) as refusal:
        edit(groups={"most": 1, "how": "lot"})
    assert (codes(refusal), refusal.value.field) == (["competition.grouping_out_of_bounds"], "group_most")
    assert edit(groups={"most": 9}).groups == {"most": 9, "how": "dealt"}
    assert [row.get("groups") for row in rules_content(complete)["rounds"]] == [{"most": 9, "how": "dealt"}, None]
    assert make_draft(organiser, "copy", source=complete).rounds.get(order=1).grouping.most == 9
    page = rules_page(complete, None, "zh-hans")
    assert "超过 9 个参赛项目的赛道分组进行" in page["rounds"][0]["groups"][0] and page["rounds"][1]["groups"] == []
    save_advancement(first, rule=VOTE, version=advancement_of(first).version, actor=organiser, at=NOW)
    assert "competition.groups_of_vote" in {row.reason.code for row in missing(complete)}
    assert edit(kind="formal_check", seats=0).groups is None
