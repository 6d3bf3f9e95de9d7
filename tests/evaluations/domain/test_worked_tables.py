"""The worked tables of docs/scoring.md, with its numbers: every cell is read from the page and computed by the code."""

import hashlib
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from competition.domain.advancement import Row, advance
from competition.domain.balance import gini
from competition.domain.condition import later, over
from competition.domain.figure_steps import figure_steps
from competition.domain.groups import Card, Grouping, draw, ranks_inside
from competition.domain.states import CONDITION
from competition.domain.votes import Ballots
from evaluations.domain.agreement import agreement, kendall_w
from evaluations.domain.assignment import assign
from evaluations.domain.assignment_groups import assign_in_groups
from evaluations.domain.assignment_problem import Load, Need, Problem
from evaluations.domain.decimals import fraction_text, round_half_up
from evaluations.domain.explainer import collapse_seats, explain
from evaluations.domain.explanation import Check, Inputs, Seat
from evaluations.domain.metrics import Linear, MinMax, Percentile, PerItem, Steps, Threshold, metric_values
from evaluations.domain.ranking import lot_number, rank
from evaluations.domain.scheme import Panel, Rung
from evaluations.domain.scheme_reader import parse_scheme
from evaluations.domain.severity import severity
from evaluations.domain.totals import Given, Score
from ledger.domain.reason import Refused
from tests.evaluations.domain.rating_tables import KRIPPENDORFF, SHROUT_FLEISS, SIEGEL, SIEGEL_TIES, table
from tests.evaluations.domain.schemes import panel_of, rounding, scheme_json, total_texts, totals, trimmed
from tests.evaluations.domain.worked import fractions, halves, worked

F = Fraction


def marks_of(cell):
    """Sheets of a panel: (80, 90) (75, 85) as rows; a hole stays one."""
    return panel_of(*[[None if text == "—" else text for text in group] for group in cell.groups])


def singles(cell):
    """One mark to a sheet."""
    return panel_of(*[[None if text == "—" else text] for text in cell.numbers])


def test_n1_numbers_are_exact():
    for weights, marks, total in worked("N1"):
        assert total_texts(scheme_json(weights.numbers), {"X": panel_of(marks.numbers)}) == {"X": total.number}


def test_n2_half_cents():
    for sheets, mean, total in worked("N2"):
        row = totals(scheme_json([100]), {"X": singles(sheets)})["X"]
        assert (row.exact, row.total_text(2)) == (F(mean.number), total.number)


def test_s1_sheet_totals():
    for entry, weights, marks, sheets, total in worked("S1"):
        data = scheme_json(weights.numbers)
        assert total_texts(data, {entry.plain: marks_of(marks)}) == {entry.plain: total.number}
        given = {name: {f"C{n}": int(F(mark) * 100) for n, mark in enumerate(row, 1)} for name, row in marks_of(marks).items()}
        steps = explain(parse_scheme(data), Inputs(entry.plain, given))
        assert [fraction_text(sheet.total.value, 2) for sheet in steps.sheets] == sheets.numbers


@pytest.mark.parametrize(("column", "order", "panel"), [(2, "sheet", None), (3, "criterion", None), (4, "criterion", 2)])
def test_s2_order_matters(column, order, panel):
    for row in worked("S2"):
        data = scheme_json([50, 50], order=order, panel=trimmed(), rounding=rounding(sheet=2, panel=panel))
        assert total_texts(data, {"X": marks_of(row[1])}) == {"X": row[column].number}


def test_s3_renormalised():
    for weights, marks, total, present, official in worked("S3"):
        data = scheme_json(weights.numbers, missing="exclude")
        row = [None if text == "—" else text for text in marks.numbers]
        assert total_texts(data, {"X": panel_of(row)}) == {"X": official.number}
        exact = totals(data | {"rounding": rounding()}, {"X": panel_of(row)})["X"].exact
        assert exact == F(total.number) * 100 / F(present.number)


def test_s4_missing_is_not_zero():
    for policy, marks, elsewhere, value in worked("S4"):
        others = [70, 75, 83 if elsewhere.number == "1" else None]
        data = scheme_json([50, 50], order="criterion", missing=policy.plain, rounding=rounding(panel=2))
        firsts = [None if text == "—" else text for text in marks.numbers]
        row = totals(data, {"X": panel_of(*zip(firsts, others, strict=True))})["X"]
        assert (row.criteria["C1"], row.panel_size) == (value.number, 3 if elsewhere.number == "1" else 2)


def test_s5_values_beside_the_total():
    for marks, total, values in worked("S5"):
        data = scheme_json([50, 50], panel=trimmed(), rounding=rounding(sheet=2, panel=2), thresholds={"criteria": {"C2": "78.5"}})
        row = totals(data, {"X": marks_of(marks)})["X"]
        assert (row.total_text(2), list(row.criteria.values())) == (total.number, values.numbers)
        assert row.flags == ("below_threshold",)
        assert [(reason.code, dict(reason.params)) for reason in row.reasons] == [
            ("evaluations.entry_criterion_below_threshold", {"code": "C2", "value": "78.330000", "least": "78.5"})
        ]
        assert row.dropped == (("e1", None, "high"), ("e5", None, "low"))


def test_p1_trimmed_mean():
    for sheets, dropped, total, flag in worked("P1"):
        row = totals(scheme_json([100], panel=trimmed()), {"X": singles(sheets)})["X"]
        by_name = {f"e{n}": mark for n, mark in enumerate(sheets.numbers, 1)}
        assert row.total_text(2) == total.number
        assert [by_name[name] for name, _whole, _end in row.dropped] == [text for text in dropped.numbers if text != "—"]
        assert row.flags == (() if flag.plain == "—" else (flag.plain,))


def test_p2_median():
    for sheets, median in worked("P2"):
        data = scheme_json([100], panel={"method": "median", "min_panel": 1})
        assert total_texts(data, {"X": singles(sheets)}) == {"X": median.number}
        seats = [Seat(str(n), value) for n, value in enumerate(fractions(sheets))]
        assert collapse_seats(seats, Panel("median", 1), None).result.exact == F(median.number)


def test_b1_bonus():
    for given, clipped, cap, added in worked("B1"):
        bonuses = [{"code": "G1", "kind": "bonus", "min": "-5", "max": "5"}, {"code": "G2", "kind": "bonus", "min": "-3", "max": "0"}]
        data = scheme_json([100]) | {"bonus_cap": cap.numbers}
        data["criteria"] = data["criteria"] + bonuses
        points = {code: {"X": value} for code, value in zip(("G1", "G2"), fractions(given), strict=True)}
        row = totals(data, {"X": panel_of(["80"])}, given=Given(bonuses=points))["X"]
        assert [row.criteria[code] for code in ("G1", "G2")] == clipped.numbers
        assert (row.bonus, row.exact) == (F(added.number), 80 + F(added.number))


def test_v1_veto():
    for given, passed in worked("V1"):
        data = scheme_json([100])
        data["criteria"] = [*data["criteria"], {"code": "V", "kind": "veto"}]
        row = totals(data, {"X": panel_of(*[["80", mark] for mark in given.numbers])})["X"]
        assert row.eligible == (passed.number == "1")


def test_h1_equal_passes():
    for value, least, passed in worked("H1"):
        data = scheme_json([100], thresholds={"total": least.number})
        row = totals(data, {"X": panel_of([value.number])})["X"]
        assert ("below_threshold" not in row.flags) == (passed.number == "1") == Check("total", "", row.total, F(least.number)).passed


def test_c1_carry():
    for scale, earlier, weight, this, exact, total in worked("C1"):
        data = scheme_json(
            [100 if scale.plain == "percent" else 1], rounding=rounding(), carry=[{"round": "desk", "weight": weight.number}]
        )
        data["scale"] = scale.plain
        half = F("0.005")
        sheets = {"X": panel_of([fraction_text(F(this.number) - half, 2)], [fraction_text(F(this.number) + half, 2)])}
        row = totals(data, sheets, carried={"X": {"desk": F(earlier.number)}})["X"]
        assert (row.exact, row.total_text(2)) == (F(exact.number), total.number)


def test_m1_the_figure_that_counts():
    items = [{"code": "output"}, {"code": "growth", "computed": {"growth": "output"}}]
    for reported, rates, figure in worked("M1"):
        years = range(2023, 2023 + len(reported.numbers))
        values = {str(year): text for year, text in zip(years, reported.numbers, strict=True)}
        steps = figure_steps(items, {"output": {"values": values}}, tuple(years), "growth")
        assert (list(steps.rates), steps.figure) == (fractions(rates), F(figure.number))


def points(function, figures, maximum=100, *, reverse=False):
    found = metric_values(function, maximum * 100, reverse, figures, ["T"] * len(figures))
    return [F(value, 100) for value in found]


def test_m2_linear():
    for floor, target, most, figure, expected in worked("M2"):
        assert points(Linear(F(floor.number), F(target.number)), fractions(figure), int(most.number)) == fractions(expected)


def test_m3_steps():
    for bounds, values, figure, expected in worked("M3"):
        table_of_steps = Steps(tuple(zip(fractions(bounds), fractions(values), strict=True)))
        assert points(table_of_steps, fractions(figure)) == fractions(expected)


@pytest.mark.parametrize(
    ("name", "function", "reverse"), [("M4", Percentile(), False), ("M5", MinMax(), False), ("M8", Percentile(), True)]
)
def test_m4_m5_m8_comparisons(name, function, reverse):
    for figures, expected in worked(name):
        assert points(function, fractions(figures), reverse=reverse) == fractions(expected)


def test_m6_threshold():
    for op, value, figure, expected in worked("M6"):
        assert points(Threshold(op.plain, F(value.number)), fractions(figure)) == fractions(expected)


def test_m7_per_item():
    for each, figure, expected in worked("M7"):
        assert points(PerItem(F(each.number)), fractions(figure)) == fractions(expected)


def test_t1_competition_rank():
    for given, ranks in worked("T1"):
        places = rank([Score(str(n), total) for n, total in enumerate(fractions(given))], ())
        assert [str(place.rank) for place in sorted(places, key=lambda place: int(place.entry))] == ranks.numbers


def test_t2_tie_ladder():
    rows = worked("T2")
    scores = [Score(entry.plain, F(80), (F(first.number), F(second.number))) for entry, first, second, _rank, _by in rows]
    places = {place.entry: place for place in rank(scores, (Rung("dimension", "B"), Rung("untrimmed_mean")))}
    for entry, _first, _second, place, by in rows:
        assert (places[entry.plain].rank, places[entry.plain].tie_broken_by) == (int(place.number), by.plain)


def test_t3_lot():
    rows = worked("T3")
    places = {
        place.entry: place.rank for place in rank([Score(row[0].plain, F(80), (None,)) for row in rows], (Rung("lot"),), seed="2026-07")
    }
    for entry, digest, place in rows:
        assert lot_number("2026-07", entry.plain).startswith(digest.plain)
        assert places[entry.plain] == int(place.number)


def test_t4_rank_inside_a_group():
    for ranks, groups, inside in worked("T4"):
        found = ranks_inside(dict(enumerate(map(int, ranks.numbers))), dict(enumerate(groups.numbers)))
        assert [str(found[place]) for place in range(len(found))] == inside.numbers


def test_k1_draw():
    rows = worked("K1")
    found = draw([Card(entry.plain, "x", region.plain) for entry, region, *_rest in rows], Grouping(4), "2026-07")
    for entry, region, of_region, of_entry, group in rows:
        assert found[entry.plain] == int(group.number)
        for text, digest in ((f"x|{region.plain}", of_region), (entry.plain, of_entry)):
            assert hashlib.sha256(f"2026-07|group|{text}".encode()).hexdigest().startswith(digest.plain)


def test_x1_both_ways():
    sheets = {row[0].plain: row for row in worked("S1")}
    for entry, arrays, explained in worked("X1"):
        row = sheets[entry.plain]
        data = scheme_json(row[1].numbers)
        given = {name: {f"C{n}": int(F(mark) * 100) for n, mark in enumerate(marks, 1)} for name, marks in marks_of(row[2]).items()}
        assert total_texts(data, {"X": marks_of(row[2])}) == {"X": arrays.number}
        assert fraction_text(explain(parse_scheme(data), Inputs("X", given)).total.value, 2) == explained.number


def test_a1_who_goes_on():
    rows = worked("A1")
    field = [Row(str(n), int(place.number), region=region.plain) for n, (place, region, _outcome) in enumerate(rows)]
    rule = {"take": {"top": 3}, "scope": "overall", "reserve": 1, "caps": [{"by": "region", "max": 2}]}
    found = advance(field, rule)
    assert [found[row.entry].outcome for row in field] == [outcome.plain for _place, _region, outcome in rows]


def test_a2_equal_ranks_at_the_line():
    for how, ranks, expected in worked("A2"):
        field = [Row(str(n), int(place)) for n, place in enumerate(ranks.numbers)]
        found = advance(field, {"take": {"top": 2}, "scope": "overall", "at_the_line": how.plain})
        assert [found[row.entry].outcome for row in field] == expected.plain.split()


def test_a3_thresholds_only():
    rows = worked("A3")
    field = [
        Row(str(n), int(place.number), region=region.plain, flags=frozenset({flag.plain} - {"—"}))
        for n, (place, flag, region, _plain, _capped) in enumerate(rows)
    ]
    for rest, column in (({}, 3), ({"caps": [{"by": "region", "max": 1}]}, 4)):
        found = advance(field, {"take": "all"} | rest)
        assert [found[row.entry].outcome for row in field] == [row[column].plain for row in rows]


def test_a4_grades():
    rows = worked("A4")
    field = [Row(str(n), int(place.number), total=F(total.number)) for n, (total, place, _grade, _outcome) in enumerate(rows)]
    least = {"excellent": "90", "good": "75.5", "qualified": "60"}
    found = advance(field, {"take": {"bands": [{"code": code, "least": text} for code, text in least.items()], "from": "good"}})
    assert [(found[row.entry].grade or "—", found[row.entry].outcome) for row in field] == [
        (grade.plain, outcome.plain) for _total, _place, grade, outcome in rows
    ]


def test_a5_votes():
    rows = worked("A5")
    counts = [[int(cell.number) for cell in row[:4]] for row in rows]
    field = [Row(str(n), None, ballots=Ballots(*numbers)) for n, numbers in enumerate(counts)]
    found = advance(field, {"take": {"vote": {"quorum": "2/3", "majority": "50", "most": 2}}})
    assert [(str(found[row.entry].rank or "—"), found[row.entry].outcome) for row in field] == [
        (place.plain, outcome.plain) for *_counts, place, outcome in rows
    ]


def test_a7_places_in_each_group():
    for ranks, groups, outcomes in worked("A7"):
        rows = [Row(str(n), int(rank), group=group) for n, (rank, group) in enumerate(zip(ranks.numbers, groups.numbers, strict=True))]
        found = advance(rows, {"take": {"top": 1}, "scope": "group", "reserve": 1})
        assert [found[row.entry].outcome for row in rows] == outcomes.text.replace("`", "").split()


def test_a6_titles_on_a_condition():
    for day, ruling, expected in worked("A6"):
        today, (action, *asked) = _date(day.plain), ruling.plain.split()
        try:
            if asked:
                later(_date(asked[0]), holds=_date("06-30"), today=today)
            facts = {"in_race": True, "day_over": over(_date("06-30"), today=today)}
            found = CONDITION.initial if action == "—" else CONDITION.step(CONDITION.initial, action, facts)
        except Refused as refused:
            found = refused.reason.code.removeprefix("competition.")
        assert found == expected.plain, (day.plain, ruling.plain)


def _date(text: str) -> date:
    return date.fromisoformat(f"2027-{text}")


def rounded(value, text):
    """With as many decimals as the page shows."""
    digits = len(text.partition(".")[2])
    return fraction_text(round_half_up(F(value), digits), digits)


def test_g1_kendall():
    for rows, (_name, judges, entries, w) in zip((SIEGEL, SIEGEL_TIES), worked("G1"), strict=True):
        assert (len(rows[0]), len(rows)) == (int(judges.number), int(entries.number))
        assert rounded(kendall_w(table(rows).table()), w.number) == w.number


def test_g2_g3_correlation_and_alpha():
    ((_name, single, together),) = worked("G2")
    found = agreement(table(SHROUT_FLEISS))
    assert (rounded(found.icc_2_1, single.number), rounded(found.icc_2_k, together.number)) == (single.number, together.number)
    ((_name, alpha),) = worked("G3")
    assert rounded(agreement(table(KRIPPENDORFF)).alpha, alpha.number) == alpha.number


def test_e1_severity():
    for scores, first, second in worked("E1"):
        found = severity(table([[F(text) for text in group] for group in scores.groups]))
        assert list(found.severity) == pytest.approx([float(first.number), float(second.number)])


def test_q1_gini():
    for counts, n, g in worked("Q1"):
        assert (len(counts.numbers), gini(fractions(counts))) == (int(n.number), F(g.number))


def solved(cell, **how):
    fits = {(f"e{e}", name): int(fit) for e, row in enumerate(cell.groups, 1) for name, fit in zip("ab", row, strict=True)}
    return assign(Problem((Need("e1", 1), Need("e2", 1)), (Load("a", 1), Load("b", 1)), fits, balance=False, **how))


def test_d2_d3_best_total_and_fairness():
    for fits, _seats, total, worst in worked("D2"):
        assert (solved(fits).total_fit, solved(fits).worst_fit) == (int(total.number), int(worst.number))
    for fits, total, worst in worked("D3"):
        fair = solved(fits, fairness=True)
        assert (fair.total_fit, fair.worst_fit) == (int(total.number), int(worst.number))


def test_d4_a_panel_for_each_group():
    for fits, *panels in worked("D4"):
        needs = tuple(Need(f"{group}{n}", 2) for group in (1, 2) for n in (1, 2, 3))
        table = [[int(fit) for fit in fits.groups[int(need.entry[0]) - 1]] for need in needs]
        loads = tuple(Load(name, 9) for name in "PQRS")
        problem = Problem(needs, loads, table, forbidden={("12", "P"): "declared"})
        found = assign_in_groups(problem, {need.entry: need.entry[0] for need in needs}).pairs
        for need in needs:
            assert [name for entry, name in found if entry == need.entry] == panels[int(need.entry[0]) - 1].plain.split()


def test_every_table_of_the_page_is_computed_here():
    """A table that no test above reads would be mere decoration."""
    source = Path(__file__).read_text()
    unread = [
        name for name, found in halves()[0].items() if found.rows and f'worked("{name}")' not in source and f'("{name}",' not in source
    ]
    assert unread == []
