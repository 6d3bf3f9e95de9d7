"""What the documents of the judging say, tested without a PDF."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from accounts.permissions import NotAllowed
from competition.models import Document, Round
from competition.services.decisions import change_outcome, record_meeting, table_proposal
from competition.services.documents import issue
from competition.services.release import sign_release
from evaluations.models import Sheet
from evaluations.selectors.sheet_totals import sheet_totals
from ledger.domain import canonical
from tests.factories.accounts import give, make_user
from tests.factories.competition import NOW
from tests.factories.evaluations import make_assignment, make_evaluator, make_sheet
from tests.factories.papers import make_papers

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture
def papers():
    return make_papers()


def said(kind, subject, language="en", *, actor=None, at=LATER):
    return issue(kind, str(subject.pk), language=language, actor=actor, at=at).context


def staff(papers, *roles):
    people = []
    for role in roles:
        person = make_user()
        give(person, role, f"competition:{papers.competition.pk}")
        people.append(person)
    return people


def test_the_report_counts_the_funnel_and_the_regions(papers):
    context = said("award_report", papers.proposal)
    assert [(name, count) for name, count, _note in context["funnel"]] == [
        ("Applied", 10),
        ("Accepted", 10),
        ("After Preliminary", 6),
        ("Recommended", 2),
    ]
    assert context["funnel"][-1][2] == "reserve 1"
    assert [(row["entered"], row["ranked"], row["advanced"]) for row in context["regions"]] == [(10, 6, 2)]
    assert context["tiles"]["counts"] == {"320000": 2}
    assert canonical.plain(context) == context


def test_the_report_lists_ranks_ties_and_the_lines(papers):
    context = said("award_report", papers.proposal)
    rows = context["lists"][0]["standings"]
    assert [(row["rank"], row["tied"], row["outcome"], row["line"]) for row in rows] == [
        (1, False, "in", ""),
        (2, False, "in", ""),
        (3, False, "reserve", "cut"),
        (4, True, "out", "spare"),
        (4, True, "out", ""),
        (6, False, "out", ""),
    ]
    totals = dict(papers.proposal.standings.rows.values_list("entry_id", "total"))
    assert [row["total"] for row in rows][:3] == [totals[entry.pk] for entry in papers.entries[:3]]
    assert [lane["label"] for lane in context["lists"][0]["lanes"]["rows"]][:2] == ["Wuxi IoT", "Suzhou nano"]
    assert context["snapshot"]["digest"] == papers.proposal.standings.input_digest
    assert context["proposal"]["digest"] == papers.proposal.digest


def test_the_report_says_the_method_in_both_languages(papers):
    assert "Drop one highest and one lowest, then take the mean of the others." in said("award_report", papers.proposal)["method"]
    assert "去掉一个最高分和一个最低分，其余取平均值。" in said("award_report", papers.proposal, "zh-hans")["method"]


def test_the_race_runs_over_both_rounds(papers):
    race = said("award_report", papers.proposal)["race"]
    assert [(stage["name"], stage["note"], stage["cut"]) for stage in race["stages"]] == [
        ("Preliminary", "10 → 6", 6),
        ("Final", "6 → 2", 2),
    ]
    ranks = {lane["name"]: (lane["ranks"], lane["outcome"]) for lane in race["lanes"]}
    assert len(ranks) == 10
    assert ranks["Wuxi Internet of Things Cluster"] == ([2, 1], "in")
    assert ranks["Taizhou Biomedicine Cluster"] == ([7], "out")


def test_margins_and_changed_outcomes_stand_with_their_reasons(papers):
    context = said("award_report", papers.proposal)
    totals = dict(papers.proposal.standings.rows.values_list("rank", "total"))
    gap = Fraction(totals[2]) - Fraction(totals[3])
    assert len(context["margins"]) == 1 and f"{float(gap):.2f} points lie between" in context["margins"][0]
    (decider,) = staff(papers, "decider")
    rows = {row.entry_id: row for row in papers.proposal.rows.select_related("proposal")}
    change_outcome(rows[papers.entries[0].pk], outcome="eliminated", note="举报属实。", actor=decider, at=NOW)
    changed = said("award_report", type(papers.proposal).objects.get(pk=papers.proposal.pk))
    assert changed["changes"] == [{"name": "Wuxi Internet of Things Cluster", "from": "Recommended", "to": "—", "reason": "举报属实。"}]
    assert changed["proposal"]["digest"] != context["proposal"]["digest"]
    assert [row["outcome"] for row in changed["lists"][0]["standings"]] == ["out", "in", "reserve", "out", "out", "out"]


def test_the_report_is_a_draft_until_the_release_and_then_the_next_edition(papers):
    first, second = staff(papers, "decider", "decider")
    table_proposal(papers.proposal, actor=first, at=NOW)
    drafts = Document.objects.filter(kind="award_report").order_by("language")
    assert [(row.language, row.edition, row.draft) for row in drafts] == [("en", 1, True), ("zh-hans", 1, True)]
    assert drafts[0].context["confidential"] and drafts[0].context["signed"] == []
    record_meeting(papers.proposal, number="2026-17", held_on=date(2026, 9, 16), actor=first, at=LATER)
    for person in (first, second):
        sign_release(papers.proposal, digest=papers.proposal.digest, actor=person, at=LATER)
    released = Document.objects.filter(kind="award_report", edition=2).order_by("language")
    assert [(row.language, row.draft) for row in released] == [("en", False), ("zh-hans", False)]
    assert released[0].context["meeting"]["number"] == "2026-17"
    assert [one["name"] for one in released[0].context["signed"]] == [str(first), str(second)]
    assert not released[0].context["confidential"]


def test_a_void_proposal_is_not_printed_again(papers):
    type(papers.proposal).objects.filter(pk=papers.proposal.pk).update(state="void")
    with pytest.raises(NotAllowed) as refusal:
        said("award_report", papers.proposal, actor=papers.organiser)
    assert refusal.value.reason.code == "competition.report_void"


def test_the_panel_summary_shows_every_sheet_and_what_was_dropped(papers):
    context = said("panel_summary", papers.final)
    codes = sorted(person.code for person in papers.evaluators)
    assert context["evaluators"] == codes
    first = context["rows"][0]
    sheets = sheet_totals(papers.final)[papers.entries[0].pk]
    texts = [Fraction(mark["text"]) for mark in first["marks"]]
    assert texts == [sheets[code] for code in codes]
    dropped = [place for place, mark in enumerate(first["marks"]) if mark["dropped"]]
    assert len(dropped) == 2 and {texts[place] for place in dropped} == {max(texts), min(texts)}
    kept = [text for place, text in enumerate(texts) if place not in dropped]
    assert Fraction(first["total"]) == round(sum(kept) / len(kept) * 100) / Fraction(100)
    assert Fraction(first["spread"]) == max(texts) - min(texts)
    assert [row["tied"] for row in context["rows"]] == [False, False, False, True, True, False]
    assert len(context["signatures"]) == 3
    assert not any(str(person.user) in str(context) for person in papers.evaluators)


def test_the_panel_summary_says_why_each_entry_stands_where_it_stands(papers):
    context = said("panel_summary", papers.final)
    first, fourth = context["rows"][0], context["rows"][3]
    sheets = [line for table in first["tables"][-1:] for line in table["rows"]]
    assert [line["cells"][-1]["text"] for line in sheets] == [mark["text"] for mark in first["marks"]]
    assert [line["cells"][-1]["dropped"] for line in sheets] == [mark["dropped"] for mark in first["marks"]]
    panel, total, rank = first["lines"]
    kept = [mark["text"].rstrip("0").rstrip(".") for mark in first["marks"] if not mark["dropped"]]
    assert panel.startswith(f"Panel: ({' + '.join(kept)}) / 4 = ") and total.endswith(first["total"])
    assert rank == "Rank: 0 higher + 0 of the same total before it + 1 = 1"
    assert fourth["lines"][-1] == "Rank: 3 higher + 0 of the same total before it + 1 = 4"
    assert not any(row["fault"] for row in context["rows"])


def test_the_panel_summary_explains_nothing_that_does_not_agree(papers):
    papers.final.standings.get().rows.filter(rank=1).update(total="99.99")
    first, second = said("panel_summary", papers.final)["rows"][:2]
    assert "do not agree" in first["fault"] and not first["lines"] and not first["tables"]
    assert not second["fault"] and second["lines"]


def test_a_large_pool_is_shown_seat_by_seat(papers, monkeypatch):
    monkeypatch.setattr("evaluations.documents.panel_summary.MOST_COLUMNS", 4)
    context = said("panel_summary", papers.final)
    assert context["evaluators"] == [f"Seat {n}" for n in range(1, 7)]
    assert [mark["code"] for mark in context["rows"][0]["marks"]] == sorted(person.code for person in papers.evaluators)


@pytest.mark.parametrize("kind", ["panel_summary", "award_report"])
def test_nobody_gets_scores_before_the_round_is_closed_or_with_a_conflict(papers, kind):
    subject = papers.final if kind == "panel_summary" else papers.proposal
    Round.objects.filter(pk=papers.final.pk).update(state="judging")
    with pytest.raises(NotAllowed) as refusal:
        said(kind, subject, actor=papers.organiser)
    assert refusal.value.reason.code == "competition.scores_sealed"
    Round.objects.filter(pk=papers.final.pk).update(state="closed")
    give(papers.organiser, "applicant", f"organisation:{papers.entries[2].application.organisation_id}")
    with pytest.raises(NotAllowed) as refusal:
        said(kind, subject, actor=type(papers.organiser).objects.get(pk=papers.organiser.pk))
    assert refusal.value.reason.code == "competition.scores_conflict"


def test_a_score_sheet_adds_up(papers):
    sheet = papers.sheets[1]
    context = said("score_sheet", sheet, actor=sheet.assignment.evaluator.user)
    counted = [Fraction(row["counted"]) for dimension in context["dimensions"] for row in dimension["criteria"]]
    assert sum(counted) == Fraction(context["total"]) == sheet_totals(papers.final)[papers.entries[0].pk][context["evaluator"]]
    assert [dimension["code"] for dimension in context["dimensions"]] == ["A", "B", "C", "D", "E"]
    assert (context["weight"], context["revision"]) == ("100", 1)
    assert context["dimensions"][0]["weight"] == "25"
    assert Fraction(context["dimensions"][0]["subtotal"]) == counted[0] + counted[1]


def test_a_score_sheet_belongs_to_its_evaluator(papers):
    sheet, other = papers.sheets[0], papers.sheets[1].assignment.evaluator.user
    with pytest.raises(NotAllowed):
        said("score_sheet", sheet, actor=other)
    Round.objects.filter(pk=papers.final.pk).update(state="judging")
    with pytest.raises(NotAllowed) as refusal:
        said("score_sheet", sheet, actor=papers.organiser)
    assert refusal.value.reason.code == "competition.scores_sealed"
    said("score_sheet", sheet, actor=sheet.assignment.evaluator.user)


def test_a_draft_sheet_is_not_printed(papers):
    person = make_evaluator(make_user())
    give(person.user, "evaluator", f"competition:{papers.competition.pk}")
    sheet = make_sheet(make_assignment(papers.entries[0], person), {"A1": 8000})
    with pytest.raises(NotAllowed) as refusal:
        said("score_sheet", Sheet.objects.get(pk=sheet.pk), actor=person.user)
    assert refusal.value.reason.code == "evaluations.sheet_not_submitted"
