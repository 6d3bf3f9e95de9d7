import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.evaluations.domain.schemes import rounding, scheme_json, trimmed

HEADER = "entry,evaluator,criterion,score"


@pytest.fixture
def standings(tmp_path):
    """Runs the command on the texts of its files; gives the text it printed."""

    def run(data, scores, *, carry=None, **options):
        files = {"scheme.json": json.dumps(data) if isinstance(data, dict) else data, "scores.csv": scores, "carry.csv": carry}
        for name, content in files.items():
            if content is not None:
                (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        out = io.StringIO()
        if carry is not None:
            options["carry"] = str(tmp_path / "carry.csv")
        call_command("standings", str(tmp_path / "scores.csv"), scheme=str(tmp_path / "scheme.json"), stdout=out, **options)
        return out.getvalue()

    return run


def lines(sheets, header=HEADER):
    rows = [
        f"{entry},{evaluator},C{place},{mark}"
        for entry, panel in sheets.items()
        for evaluator, marks in panel.items()
        for place, mark in enumerate(marks, 1)
    ]
    return "\n".join([header, *rows, ""])


TABLE_1 = {
    "X": {"张": (80, 90), "b": (75, 85), "c": ("91.0", 70), "d": (88, 77)},
    "Y / 2": {"张": (84, 84), "b": (80, 78), "c": (83, 80), "d": (87, 79)},
    "Z": {"张": (70, 95), "b": (72, 91)},
}


def test_rows_best_first_and_unranked_last(standings):
    data = scheme_json([60, 40], panel={"method": "mean", "min_panel": 3}, rounding=rounding(sheet=2, panel=2))
    found = json.loads(standings(data, b"\xef\xbb\xbf" + lines(TABLE_1).encode()))
    assert list(found) == ["standings"]
    assert found["standings"][0] == {
        "entry": "X",
        "total": "82.30",
        "exact": "823/10",
        "rank": 1,
        "track": None,
        "track_rank": 1,
        "tied_with": [],
        "tie_broken_by": None,
        "panel": {"size": 4, "abstained": 0, "dropped": []},
        "criteria": {"C1": "83.50", "C2": "80.50"},
        "dimensions": {"D1": "50.100000", "D2": "32.200000"},
        "flags": [],
        "reason": None,
    }
    assert [(row["entry"], row["total"], row["rank"]) for row in found["standings"][1:]] == [("Y / 2", "82.20", 2), ("Z", None, None)]
    assert found["standings"][2]["reason"] == "Not ranked: 2 evaluators scored this entry, at least 3 are needed."


def test_figures_bonuses_vetoes_abstentions_and_tracks(standings):
    data = scheme_json([60], missing="exclude", panel=trimmed(1, 1, 3), ties=["lot"])
    data["criteria"] += [
        {"code": "Q", "dimension": "D2", "kind": "metric", "max": "100", "weight": "40", "function": "min_max"},
        {"code": "plus", "kind": "bonus", "min": "-5", "max": "5"},
        {"code": "law", "kind": "veto"},
    ]
    scores = "\n".join(
        [
            HEADER + ",track",
            "X,a,C1,80,T1",
            "X,b,C1,90,",
            "X,c,C1,70,",
            "X,d,C1,abstain,",
            "X,,Q,12.5,T1",
            "X,,plus,1.255,",
            "Y,a,C1,80,T1",
            "Y,,Q,2.5,",
            "Y,,law,0,",
            "Z,a,C1,66,T2",
            "Z,,Q,,T2",
        ]
    )
    rows = {row["entry"]: row for row in json.loads(standings(data, scores, seed="7"))["standings"]}
    # the three sheets are 94, 100 and 88 hundredths of 60 plus 40: 88.00, 94.00, 82.00
    assert (rows["X"]["total"], rows["X"]["exact"], rows["X"]["criteria"]["Q"]) == ("89.26", "17851/200", "100.000000")
    assert rows["X"]["panel"] == {
        "size": 3,
        "abstained": 1,
        "dropped": [{"evaluator": "b", "criterion": None, "end": "high"}, {"evaluator": "c", "criterion": None, "end": "low"}],
    }
    assert (rows["Y"]["rank"], rows["Y"]["flags"], rows["Y"]["total"]) == (None, ["small_panel", "ineligible"], "48.00")
    assert rows["Z"]["reason"] == "Not ranked: the reported figure for Q is missing."
    assert {entry: (row["track"], row["track_rank"]) for entry, row in rows.items()} == {
        "X": ("T1", 1),
        "Y": ("T1", None),
        "Z": ("T2", None),
    }


def test_carry(standings):
    data = scheme_json([100], rounding=rounding(), carry=[{"round": "desk", "weight": "40"}])
    scores = lines({"X": {"a": ("78.83",), "b": ("78.84",)}, "Y": {"a": (70,)}})
    rows = json.loads(standings(data, scores, carry="entry,round,total\nX,desk,82.30\nout,desk,70\n"))["standings"]
    assert [(row["entry"], row["total"], row["exact"]) for row in rows] == [("X", "80.22", "80221/1000"), ("Y", None, None)]


def test_csv_has_one_line_per_entry(standings):
    data = scheme_json([60, 40])
    found = list(csv.DictReader(io.StringIO(standings(data, lines(TABLE_1), format="csv"))))
    assert [(row["entry"], row["total"], row["rank"], row["criterion:C1"]) for row in found] == [
        ("X", "82.30", "1", "83.500000"),
        ("Y / 2", "82.20", "2", "83.500000"),
        ("Z", "79.80", "3", "71.000000"),
    ]


def test_out_writes_the_file_instead(standings, tmp_path):
    printed = standings(scheme_json([60, 40]), lines(TABLE_1))
    assert standings(scheme_json([60, 40]), lines(TABLE_1), out=str(tmp_path / "out.json")) == ""
    assert (tmp_path / "out.json").read_text() == printed


def test_the_order_of_rows_changes_no_byte(standings):
    header, *rows = lines(TABLE_1).splitlines()
    assert standings(scheme_json([60, 40]), "\n".join([header, *reversed(rows)])) == standings(scheme_json([60, 40]), lines(TABLE_1))


FAULTS = [
    ("entry,evaluator,score\nX,a,1", "row 1, column criterion: this column is missing."),
    (HEADER + ",colour\n", "row 1, column colour: this column is not known."),
    ("", "row 1, column entry: this column is missing."),
    (HEADER + "\nX,a,C1,80\nX,a,C2\n", "row 3, column score: the row ends before this column."),
    (HEADER + "\nX,a,C1,80,7\n", "row 2, column 5: the row has more cells than the 4 of the header."),
    (HEADER + "\n,a,C1,80\n", "row 2, column entry: the cell is empty."),
    (HEADER + "\n" + "X" * 201 + ",a,C1,80\n", "row 2, column entry: the text is longer than 200 characters."),
    (HEADER + "\nX,a,C9,80\n", "row 2, column criterion: the scheme has no criterion “C9”."),
    (HEADER + "\nX,a,C1,eighty\n", "row 2, column score: “eighty” is not a decimal number."),
    (HEADER + "\nX,a,C1,8e1\n", "row 2, column score: “8e1” is not a decimal number."),
    (HEADER + "\nX,a,C1,80.001\n", "row 2, column score: 80.001 has more than two decimals."),
    (HEADER + "\nX,a,C1,100.5\n", "row 2, column score: 100.5 lies outside 0 to 100."),
    (HEADER + "\nX,a,C1,-0.5\n", "row 2, column score: -0.5 lies outside 0 to 100."),
    (HEADER + "\nX,a,C2,80.25\n", "row 2, column score: 80.25 is not a multiple of 0.5."),
    (HEADER + "\nX,a,C1,80\nX,a,C2,80\nX,a,C1,80\n", "row 4, column criterion: the same value stands already in row 2."),
    (HEADER + "\nX,a,C1,80\nX,b,C1,80\nX,b,C2,\n", "row 2, column score: the required mark of a for C2 of entry X is missing."),
    (HEADER + "\nX,,C1,80\n", "row 2, column evaluator: C1 is marked by evaluators; name one."),
    (HEADER + ",track\nX,a,C1,80,T\nX,a,C2,80,U\n", "row 3, column track: the track is “U”, in an earlier row “T”."),
    (HEADER.encode() + b"\nX,a,C1,80\nX,\xff,C2,80\n", "row 3, column ?: the file is not UTF-8 text."),
    (HEADER + '\nX,a,C1,"80', "row 2, column ?: this is not CSV (unexpected end of data)."),
]


@pytest.mark.parametrize(("scores", "fault"), FAULTS, ids=[row[1][:60] for row in FAULTS])
def test_a_malformed_file_gets_one_line_with_row_column_and_fault(standings, scores, fault):
    data = scheme_json([60, 40])
    data["criteria"][1]["step"] = "0.5"
    with pytest.raises(CommandError) as error:
        standings(data, scores)
    assert str(error.value).endswith(f"scores.csv: {fault}")
    assert "\n" not in str(error.value)
    assert error.value.returncode == 2


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ("{", "row 1, column 2: Expecting property name enclosed in double quotes"),
        ('{"scale": 1, "scale": 2}', "This is no JSON: the key “scale” stands twice"),
        ("[" * 100_000, "This is no JSON: maximum recursion depth exceeded"),
        (scheme_json([60, 30]), "criteria: the weights add up to 90; under the scale “percent” they must add up to 100."),
        (scheme_json([100], ties=["lot"]), "The tie ladder ends in a lot, and the round has no seed."),
    ],
)
def test_a_faulty_scheme_gets_one_line(standings, data, fault):
    with pytest.raises(CommandError, match=re.escape(fault)) as error:
        standings(data, lines({"X": {"a": (80,)}}))
    assert "\n" not in str(error.value)
    assert error.value.returncode == 2


@pytest.mark.parametrize(
    ("carry", "fault"),
    [
        ("entry,round,total\nX,visit,7\n", "row 2, column round: the scheme carries no round “visit”."),
        ("entry,round,total\nX,desk,7\nX,desk,7\n", "row 3, column round: the same value stands already in row 2."),
        ("entry,round,total\nX,desk,x\n", "row 2, column total: “x” is not a decimal number."),
    ],
)
def test_a_faulty_carry_file_gets_one_line(standings, carry, fault):
    data = scheme_json([100], carry=[{"round": "desk", "weight": "40"}])
    with pytest.raises(CommandError, match=re.escape(f"carry.csv: {fault}")):
        standings(data, lines({"X": {"a": (80,)}}), carry=carry)


def test_errors_in_chinese_when_asked(standings):
    with pytest.raises(CommandError, match="第 2 行、entry 列：单元格为空。"):
        standings(scheme_json([100]), HEADER + "\n,a,C1,80\n", lang="zh-hans")


def test_as_a_process_it_needs_no_database_and_leaves_no_traceback(tmp_path):
    (tmp_path / "scheme.json").write_text(json.dumps(scheme_json([60, 40])))
    (tmp_path / "scores.csv").write_text(lines(TABLE_1))
    (tmp_path / "bad.csv").write_text("nothing")

    def run(name):
        command = [sys.executable, "manage.py", "standings", str(tmp_path / name), "--scheme", str(tmp_path / "scheme.json")]
        environment = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "VAR_DIR": str(tmp_path / "var"), "LANG": "C"}
        return subprocess.run(command, cwd=Path(settings.BASE_DIR), env=environment, capture_output=True, timeout=60)

    good, bad = run("scores.csv"), run("bad.csv")
    assert (good.returncode, good.stderr) == (0, b"")
    assert [row["entry"] for row in json.loads(good.stdout)["standings"]] == ["X", "Y / 2", "Z"]
    assert (bad.returncode, bad.stdout) == (2, b"")
    assert len(bad.stderr.decode().splitlines()) == 1


def test_groups_of_the_file_are_ranked_apart_inside_their_track(standings):
    data = scheme_json([100])
    rows = [("a", "x", "1", 90), ("b", "x", "2", 80), ("c", "x", "1", 70), ("d", "y", "1", 60), ("e", "x", "", 50)]
    text = "\n".join([f"{HEADER},track,group", *(f"{entry},p,C1,{mark},{track},{group}" for entry, track, group, mark in rows), ""])
    found = json.loads(standings(data, text))["standings"]
    assert [(row["entry"], row["group"], row["group_rank"]) for row in found] == [
        ("a", "1", 1), ("b", "2", 1), ("c", "1", 2), ("d", "1", 1), ("e", None, None)
    ]  # fmt: skip
    (header, *_rest) = csv.reader(io.StringIO(standings(data, text, format="csv")))
    assert header[4:8] == ["track", "track_rank", "group", "group_rank"]
    with pytest.raises(CommandError) as refusal:
        standings(data, f"{HEADER},group\na,p,C1,90,1\na,q,C1,90,2\n")
    assert "row 3, column group" in str(refusal.value)
