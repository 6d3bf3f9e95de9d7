import io
import json
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from competition.domain.advancement import Row
from competition.domain.standing_file import read_standings

ENTRIES = "entry,track,region,macro_region,recommender,sector\n"


def standing(entry, rank, total="80.00", **rest):
    return {
        "entry": entry,
        "rank": rank,
        "total": total,
        "exact": None,
        "track": None,
        "track_rank": rank,
        "flags": [],
        "reason": None,
    } | rest


FIVE = [standing("甲 / 1", 1), standing("b", 2), standing("c", 2), standing("d", 4), standing("e", 5)]


@pytest.fixture
def run(tmp_path):
    """Runs the command on the contents of its files; gives what it printed."""

    def advance(standings, rule, entries=None, **options):
        data = {"standings": standings} if isinstance(standings, list) else standings
        files = {"standings.json": data, "rule.json": rule, "entries.csv": entries}
        for name, content in files.items():
            if content is not None:
                text = content if isinstance(content, (str, bytes)) else json.dumps(content)
                (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        out = io.StringIO()
        if entries is not None:
            options["entries"] = str(tmp_path / "entries.csv")
        call_command("advance", str(tmp_path / "standings.json"), rule=str(tmp_path / "rule.json"), stdout=out, **options)
        return out.getvalue()

    return advance


def outcomes(text):
    return [(row["entry"], row["outcome"]) for row in json.loads(text)["outcomes"]]


def test_each_entry_gets_one_outcome_and_one_reason_in_the_order_of_the_standings(run):
    found = json.loads(run(FIVE, {"take": {"top": 3}, "reserve": 1}))
    assert list(found) == ["outcomes"]
    assert found["outcomes"][0] == {"entry": "甲 / 1", "outcome": "advance", "rank": 1, "reason": "Rank 1 of 5; cut after 3."}
    assert outcomes(json.dumps(found)) == [("甲 / 1", "advance"), ("b", "advance"), ("c", "advance"), ("d", "reserve"), ("e", "eliminated")]
    assert found["outcomes"][4]["reason"] == "Rank 5 of 5; cut after 3."


def test_grades_stand_beside_outcomes_where_the_rule_has_them(run):
    rows = [standing("a", 1, "90.00"), standing("b", 2, "75.49"), standing("c", None, None)]
    rule = {"take": {"bands": [{"code": "A", "least": "90", "name_zh": "优秀", "name_en": "Excellent"}], "from": "A"}}
    found = json.loads(run(rows, rule))["outcomes"]
    assert [(row["outcome"], row["grade"]) for row in found] == [("advance", "A"), ("eliminated", None), ("undecided", None)]
    assert found[0]["reason"] == "Rank 1 of 2; grade “Excellent”, from 90 points on."
    said = json.loads(run(rows, rule, lang="zh-hans"))["outcomes"][1]["reason"]
    assert said == "第 2 名（共 2 个），未达到任何等级；自等级“优秀”（90 分）起方可晋级。"
    assert outcomes(run(FIVE, {"take": "all"})) == [(row["entry"], "advance") for row in FIVE]


def test_a_byte_order_mark_and_another_language(run):
    text = run("\ufeff" + json.dumps({"standings": FIVE}), "\ufeff" + json.dumps({"take": {"top": 1}}), lang="zh-hans")
    assert json.loads(text)["outcomes"][1]["reason"] == "第 2 名（共 5 个），晋级线 1。"


def test_attributes_come_from_the_entries_file(run):
    entries = "\ufeff" + ENTRIES + "甲 / 1,,江苏,east,,\nb,,江苏,east,,\nc,,江苏,east,,\nd,,四川,west,,\ne,,四川,west,,\nout,,四川,west,,\n"
    rule = {"take": {"top": 3}, "caps": [{"by": "region", "max": 1}], "floors": [{"by": "macro_region", "value": "west", "min": 1}]}
    found = json.loads(run(FIVE, rule, entries=entries, lang="en"))["outcomes"]
    assert [row["outcome"] for row in found] == ["advance", "eliminated", "eliminated", "advance", "eliminated"]
    assert found[1]["reason"] == "Rank 2 of 5; cap of 1 for 江苏 reached by ranks 1."


def test_a_track_that_only_the_entries_file_knows_counts_inside_itself(run):
    entries = ENTRIES + "".join(f"{row['entry']},{track},,,,\n" for row, track in zip(FIVE, "xyyxx", strict=True))
    found = json.loads(run(FIVE, {"take": {"top": {"x": 2, "*": 1}}, "at_the_line": "exclude"}, entries=entries))["outcomes"]
    assert [row["outcome"] for row in found] == ["advance", "eliminated", "eliminated", "advance", "eliminated"]
    assert found[3]["reason"] == "Rank 2 of 3 in the track x; cut after 2."
    assert found[1]["reason"] == "Rank 1 of 2; 2 of equal rank for 1 places, so none of them advances."


def test_reasons_of_the_standings_stay(run):
    rows = [
        standing("a", 1),
        standing("b", 2, flags=["below_threshold"], reason="Cannot advance: 40 % in B lies below."),
        standing("c", None, total=None, flags=["ineligible"], reason="Not eligible: veto item V is not met."),
        standing("d", None, total=None, reason=None),
    ]
    found = json.loads(run(rows, {"take": {"top": 2}}))["outcomes"]
    assert [row["outcome"] for row in found] == ["advance", "eliminated", "ineligible", "undecided"]
    assert [row["reason"] for row in found[1:]] == [
        "Cannot advance: 40 % in B lies below.",
        "Not eligible: veto item V is not met.",
        "Could not be ranked.",
    ]


@pytest.mark.parametrize(
    ("total", "exact", "official"),
    [
        ("80.00", "15999/200", "80"),  # 79.995, rounded by the scheme: the rounded one is official
        ("80.000000", "79999999/1000000", "79.999999"),  # nothing rounded: printed with six digits
        ("80", None, "80"),
        (None, None, None),
    ],
)
def test_the_total_that_counts_is_the_official_one(total, exact, official):
    row = read_standings({"standings": [standing("a", 1, total, exact=exact)]})[0]
    assert row.total == (None if official is None else Fraction(official))


def test_only_entry_and_rank_are_needed():
    assert read_standings({"standings": [{"entry": "a", "rank": 1}, {"entry": "b", "rank": None}]}) == [Row("a", 1), Row("b", None)]


FAULTS = [
    ([standing("", 1)], "standings.json: row 1, column entry: the cell is empty."),
    ([standing("a", 1), standing("a", 2)], "standings.json: row 2, column entry: this entry stands already in row 1."),
    ([standing("a", 0)], "standings.json: row 1, column rank: “0” is not a rank (1, 2, 3, … or null)."),
    ([standing("a", True)], "standings.json: row 1, column rank: “True” is not a rank (1, 2, 3, … or null)."),
    ([standing("a", 1, 80)], "standings.json: row 1, column total: a text is expected here."),
    ([standing("a", 1, "8e1")], "standings.json: row 1, column total: “8e1” is not a decimal number."),
    ([standing("a", 1, exact="1/0")], "standings.json: row 1, column exact: “1/0” is not of the form n/d."),
    ([standing("a", 1, flags="ineligible")], "standings.json: row 1, column flags: a list of texts is expected here."),
    ([{"entry": "a"}], "standings.json: row 1, column rank: this value is missing."),
    ([7], "standings.json: row 1, column ?: a set of named values is expected here."),
    ({"rows": []}, "standings.json: row 1, column standings: a list of rows is expected here, as the command standings prints it."),
    ("[1,", "standings.json: row 1, column 4: Expecting value"),
    (b"\xff{}", "standings.json: This is no JSON: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
]


@pytest.mark.parametrize(("standings", "fault"), FAULTS, ids=[row[1][16:70] for row in FAULTS])
def test_malformed_standings_get_one_line(run, standings, fault):
    with pytest.raises(CommandError, match=re.escape(fault)) as error:
        run(standings, {"take": {"top": 1}})
    assert "\n" not in str(error.value)
    assert error.value.returncode == 2


@pytest.mark.parametrize(
    ("rule", "entries", "fault"),
    [
        ({"take": {"top": 0}}, None, "rule.json: The advancement rule is malformed at take.top: a whole number, 1 or more"),
        (
            {"take": {"top": 2}, "floors": [{"by": "region", "value": "四川", "min": 2}]},
            None,
            "rule.json: A floor of 2 for 四川, and 0 can be chosen.",
        ),
        ({"take": "all", "reserve": 1}, None, "rule.json: reserve: everybody whom no threshold holds back advances"),
        (
            {"take": {"bands": [{"code": "A", "least": "x"}], "from": "A"}},
            None,
            "rule.json: The advancement rule is malformed at take.bands.0.least: a decimal as text",
        ),
        ({"take": {"top": 1}}, "entry,colour\n", "entries.csv: row 1, column colour: this column is not known."),
        ({"take": {"top": 1}}, ENTRIES + "b,,,,,\nb,,,,,\n", "entries.csv: row 3, column entry: this entry stands already in row 2."),
        ({"take": {"top": 1}}, "region\nx\n", "entries.csv: row 1, column entry: this column is missing."),
    ],
)
def test_a_rule_or_entries_at_fault_get_one_line(run, rule, entries, fault):
    with pytest.raises(CommandError, match=re.escape(fault)) as error:
        run(FIVE, rule, entries=entries)
    assert error.value.returncode == 2


def test_tracks_that_differ_are_a_fault_of_the_entries_file(run):
    with pytest.raises(CommandError, match=re.escape("entries.csv: row 2, column track: the track is “x”, in the standings “y”.")):
        run([standing("a", 1, track="y")], {"take": {"top": 1}}, entries=ENTRIES + "a,x,,,,\n")


def test_as_a_process_it_needs_no_database_and_leaves_no_traceback(tmp_path):
    (tmp_path / "s.json").write_text(json.dumps({"standings": FIVE}))
    (tmp_path / "r.json").write_text('{"take": {"share": "40"}}')
    (tmp_path / "bad.json").write_text("nothing")

    def run(name):
        command = [sys.executable, "manage.py", "advance", str(tmp_path / "s.json"), "--rule", str(tmp_path / name)]
        environment = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "VAR_DIR": str(tmp_path / "var"), "LANG": "C"}
        return subprocess.run(command, cwd=Path(settings.BASE_DIR), env=environment, capture_output=True, timeout=60)

    good, bad = run("r.json"), run("bad.json")
    assert (good.returncode, good.stderr) == (0, b"")
    assert [row["outcome"] for row in json.loads(good.stdout)["outcomes"]] == ["advance"] + ["undecided"] * 2 + ["eliminated"] * 2
    assert (bad.returncode, bad.stdout, len(bad.stderr.decode().splitlines())) == (2, b"", 1)


VOTE = {"take": {"vote": {"quorum": 8, "majority": "50", "most": 1}}}


def test_a_vote_is_counted_from_the_ballots_of_each_row(run):
    rows = [
        {"entry": "a", "ballots": {"members": 12, "yes": 7, "no": 2, "excused": 1}},
        {"entry": "b", "ballots": {"members": 12, "yes": 4, "no": 3}},
        {"entry": "c", "ballots": {"members": 12, "yes": 6, "no": 3, "abstain": 2}},
        {"entry": "d", "rank": None, "reason": "withdrawn"},
    ]
    found = json.loads(run(rows, VOTE))["outcomes"]
    assert [(row["entry"], row["outcome"], row["rank"]) for row in found] == [
        ("a", "advance", 1),
        ("b", "undecided", None),
        ("c", "eliminated", 2),
        ("d", "undecided", None),
    ]
    assert found[0]["reason"] == (
        "9 of 12 voted, 1 excused for a conflict of interest and not counted: 7 yes, 2 no, 0 abstained; "
        "more than 50 % of the yes and no votes."
    )
    assert found[1]["reason"] == "7 of 12 voted; the quorum of 8 is not reached: undecided."
    said = json.loads(run(rows, VOTE, lang="zh-hans"))["outcomes"][1]["reason"]
    assert said == "12 人有表决权，7 人投票；未达到法定的 8 票，结果待定。"


@pytest.mark.parametrize(
    ("ballots", "line"),
    [
        (7, "row 1, column ballots: a set of named values is expected here."),
        ({"yes": 3}, "row 1, column ballots.members: this value is missing."),
        ({"members": 5, "maybe": 1}, "row 1, column ballots.maybe: this value is not known."),
        ({"members": 5, "yes": -1}, "row 1, column ballots.yes: “-1” is not a number of people (0, 1, 2, …)."),
        ({"members": 5, "no": "2"}, "row 1, column ballots.no: “2” is not a number of people (0, 1, 2, …)."),
        ({"members": 5, "yes": 4, "no": 2}, "row 1, column ballots: 6 ballots, and 5 members who may vote."),
    ],
)
def test_ballots_at_fault_are_told_in_one_line(run, ballots, line):
    with pytest.raises(CommandError, match=re.escape(line)) as fault:
        run([{"entry": "a", "ballots": ballots}], VOTE)
    assert fault.value.returncode == 2


def test_a_vote_that_cannot_work_is_told_at_its_key(run):
    with pytest.raises(CommandError, match="take.vote.majority") as fault:
        run([{"entry": "a", "ballots": {"members": 5}}], {"take": {"vote": {"quorum": 3, "majority": "100"}}})
    assert fault.value.returncode == 2


def test_places_in_each_group_of_the_file(run):
    """The track stands in the standings; the group, which only the file knows, starts a count of its own."""
    rows = [row | {"track": "x"} for row in FIVE]
    groups = "entry,group\n甲 / 1,1\nb,1\nc,2\nd,2\n"
    found = json.loads(run(rows, {"take": {"top": 1}, "scope": "group"}, groups))["outcomes"]
    assert [(row["entry"], row["outcome"]) for row in found] == [
        ("甲 / 1", "advance"), ("b", "eliminated"), ("c", "advance"), ("d", "eliminated"), ("e", "advance")
    ]  # fmt: skip
    assert found[3]["reason"] == "Rank 2 of 2 in group 2 of the track x; cut after 1."
    told = [row | {"group": group, "group_rank": rank} for row, group, rank in zip(rows, "11221", (1, 2, 1, 2, 3), strict=True)]
    found = outcomes(run(told, {"take": {"top": 2}, "scope": "group"}))
    assert [outcome[0] for _entry, outcome in found] == ["a", "a", "a", "a", "e"]


def test_a_group_that_differs_from_the_standings_is_refused_with_its_row(run):
    with pytest.raises(CommandError) as refusal:
        run([standing("b", 1, group="1")], {"take": {"top": 1}, "scope": "group"}, "entry,group\nb,2\n")
    assert "row 2, column group" in str(refusal.value) and refusal.value.returncode == 2
