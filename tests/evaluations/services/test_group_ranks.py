"""A round with groups from the marks to the release: ranks inside a group, the proposal group by group, and what each reader sees."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from competition.models import Entry, Round
from competition.selectors.decisions import proposal_rows
from competition.selectors.outcomes import own_outcomes
from competition.selectors.proposals import proposal_lists
from competition.services.rounds import close_round
from evaluations.documents.award_report import context as report_of
from evaluations.models import Scheme, Sheet
from evaluations.selectors.line import line_of
from evaluations.services.analysis import compute_analyses
from ledger.domain.reason import Reason
from ledger.reasons import say
from tests.factories.accounts import give
from tests.factories.decisions import make_staff, release, to_meeting
from tests.factories.evaluations import make_assignment, make_rubric, make_sheet
from tests.factories.grouped import LATER, Grouped
from tests.factories.judging import DEFINITION

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_chinese(settings):
    """What nobody asked for in a language of their own is said in this one."""
    settings.LANGUAGE_CODE = "zh-hans"
    with override("zh-hans"):
        yield


# Of seven entries in two groups and four in one, in whole points: two of the first group are equal on the way to its place.
GROUPS = [1, 1, 1, 2, 2, 2, 2, 1, 1, 1, 1]
POINTS = [90, 80, 80, 95, 94, 93, 70, 60, 60, 50, 40]
IN_GROUP = [1, 2, 2, 1, 2, 3, 4, 1, 1, 3, 4]


@pytest.fixture
def scene():
    """Closed, with a staff."""
    found = Grouped(judges=2)
    make_rubric(found.round, {"A1": 60, "B1": 40})
    Scheme.objects.create(round=found.round, version=1, definition=DEFINITION, digest="d" * 64)
    for entry, group, points in zip(found.entries, GROUPS, POINTS, strict=True):
        Entry.objects.filter(pk=entry.pk).update(group=group)
        for judge in found.judges:
            marks = {"A1": points * 100, "B1": points * 100}
            make_sheet(make_assignment(entry, judge), marks, state="submitted", submitted_at=LATER)
    found.staff = make_staff(found.round)
    close_round(found.round, actor=found.organiser, at=LATER)
    found.round = Round.objects.select_related("competition").get(pk=found.round.pk)
    found.snapshot = found.round.standings.get()
    return found


def letters(scene, outcomes):
    return "".join(outcomes[entry.pk][0].upper() for entry in scene.entries)


def test_the_snapshot_ranks_inside_each_group_of_each_track(scene):
    rows = {row.entry_id: row for row in scene.snapshot.rows.all()}
    assert [rows[entry.pk].group_rank for entry in scene.entries] == IN_GROUP
    assert [rows[entry.pk].rank for entry in scene.entries[:4]] == [4, 5, 5, 1]
    assert [rows[entry.pk].track_rank for entry in scene.entries[:4]] == [4, 5, 5, 1]


def test_the_digest_of_what_was_ranked_tells_the_groups(scene):
    first = scene.snapshot.input_digest
    round = scene.round
    Round.objects.filter(pk=round.pk).update(state="judging")
    Entry.objects.filter(pk=scene.entries[0].pk).update(group=2)
    Sheet.objects.update(state="submitted")
    close_round(Round.objects.get(pk=round.pk), actor=scene.organiser, at=LATER)
    newest = round.standings.order_by("-number").first()
    assert newest.input_digest != first and newest.rows.get(entry=scene.entries[0]).group_rank == 4


def test_a_list_of_the_standings_is_cut_by_the_rules_number_group_by_group(scene):
    second = line_of(scene.round, scene.snapshot, "first", 2)
    assert [place.group_rank for place in second.places] == [1, 2, 3, 4] and (second.cut, second.reserve) == (1, 1)
    whole = line_of(scene.round, scene.snapshot, "first")
    assert (whole.group, whole.cut, whole.groups) == (None, None, [1, 2])
    assert line_of(scene.round, scene.snapshot, "", 2).group is None  # which track's second group is not said


def test_the_proposal_takes_the_best_of_each_group_and_says_so(scene):
    compute_analyses(scene.round, at=LATER)
    proposal = to_meeting(scene.round, scene.staff, at=LATER)
    rows = list(proposal_rows(proposal))
    outcomes = {row.entry_id: row.outcome for row in rows}
    # One advances and one is in reserve of each group; where equals stand at the line the panel decides.
    assert letters(scene, outcomes) == "AUUAREEUURE"
    words = dict.fromkeys(("advance", "reserve", "eliminated", "undecided"), "")
    lists = proposal_lists(proposal, rows, words)
    assert [one["name"] for one in lists] == ["赛道first · 第1组", "赛道first · 第2组", "赛道second · 第1组"]
    assert [item["rank"] for item in lists[0]["rows"]] == [1, 2, 2]
    said = {row.entry_id: say(Reason.from_json(row.reason)) for row in rows}
    assert said[scene.entries[3].pk] == "赛道 赛道first 第 2 组第 1 名（共 4 个），晋级线 1。"
    assert said[scene.entries[7].pk] == "赛道 赛道second 第 1 组第 1 名（共 4 个），并列 2 个，名额余 1 个，由专家组决定。"
    paper = report_of(proposal, "zh-hans")
    assert [one["name"] for one in paper["lists"]] == [one["name"] for one in lists]
    assert [line["rank"] for line in paper["lists"][1]["standings"]] == [1, 2, 3, 4]


def test_pages_and_programs_name_the_group_and_the_public_only_with_the_ranks(scene, client):
    client.force_login(scene.staff["organiser"])
    standings = reverse("evaluations:standings", args=[scene.round.competition_id, scene.round.pk])
    html = client.get(standings, {"by": "first", "group": "2"}).text
    assert html.count("第2组第") == 4 and "第1组第" not in html and "全部组别" in html
    rows = client.get(f"/api/v1/rounds/{scene.round.pk}/standings/", {"group": 2}).json()["results"]
    assert [(row["group"], row["group_rank"]) for row in rows] == [(2, 1), (2, 2), (2, 3), (2, 4)]
    entry = client.get(f"/api/v1/entries/{scene.entries[4].pk}/").json()
    assert entry["group"] == 2
    type(scene.round.advancement_rules.get()).objects.update(rule={"take": {"top": 1}, "scope": "group", "at_the_line": "include"})
    release(scene.round, scene.staff, at=LATER)
    client.logout()
    public = reverse("public:result", args=[scene.round.competition.code, scene.round.code])
    assert "第2组" not in client.get(public, headers={"accept-language": "zh-hans"}).text
    Round.objects.filter(pk=scene.round.pk).update(publication={"shown": "chosen", "order": "rank", "ranks": True, "totals": False})
    assert client.get(public, headers={"accept-language": "zh-hans"}).text.count("第2组") == 1


def test_the_own_outcome_names_the_group(scene):
    type(scene.round.advancement_rules.get()).objects.update(rule={"take": {"top": 1}, "scope": "group", "at_the_line": "include"})
    release(scene.round, scene.staff, at=LATER)
    application = scene.entries[4].application
    give(application.created_by, "applicant", f"organisation:{application.organisation_id}")
    (own,) = own_outcomes(application.created_by, application)
    assert own.released and say(own.reason) == "赛道 赛道first 第 2 组第 2 名（共 4 个），晋级线 1。" and own.entry.group == 2
