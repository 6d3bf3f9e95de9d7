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

from tests.evaluations.domain.rating_tables import KRIPPENDORFF, SHROUT_FLEISS

HEADER = "entry,evaluator,criterion,score\n"


@pytest.fixture
def agreement(tmp_path):
    def run(scores, **options):
        (tmp_path / "scores.csv").write_bytes(scores if isinstance(scores, bytes) else scores.encode())
        out = io.StringIO()
        call_command("agreement", str(tmp_path / "scores.csv"), stdout=out, **options)
        return json.loads(out.getvalue())

    return run


def lines(rows, header=HEADER):
    cells = ((f"项 {entry}", "abcd"[judge], score) for entry, row in enumerate(rows) for judge, score in enumerate(row))
    return header + "".join(f"{entry},{judge},C,{'' if score is None else score}\n" for entry, judge, score in cells)


def test_a_complete_table(agreement):
    found = agreement("\ufeff" + lines(SHROUT_FLEISS))
    assert list(found) == [
        "kendall_w",
        "chi2",
        "df",
        "p",
        "icc_2_1",
        "icc_2_k",
        "alpha_interval",
        "alpha_interval_k",
        "evaluators",
        "reasons",
    ]
    assert (round(found["icc_2_1"], 2), round(found["icc_2_k"], 2), found["df"], found["reasons"]) == (0.29, 0.62, 5, {})
    # the means of the judges are 7.67, 2.50, 4.33 and 6.67, that of all 5.29
    assert {name: round(row["severity"], 2) for name, row in found["evaluators"].items()} == {"a": 2.37, "b": -2.79, "c": -0.96, "d": 1.38}
    # the mean square of the error is 1.02, over 6 entries and a fourth less for what adds up to 0
    assert {round(row["se"], 3) for row in found["evaluators"].values()} == {0.357}
    (doubtful,) = found["evaluators"]["d"].pop("outliers")
    assert (doubtful["entry"], doubtful["score"], doubtful["expected"], round(doubtful["t"], 2)) == ("项 1", 2, 4.375, -4.49)
    assert [found["evaluators"][name]["outliers"] for name in "abc"] == [[]] * 3


def test_holes_leave_null_with_the_reason(agreement):
    found = agreement(lines(KRIPPENDORFF))
    assert round(found["alpha_interval"], 3) == 0.849
    assert (found["kendall_w"], found["chi2"], found["df"], found["p"], found["icc_2_1"], found["icc_2_k"]) == (None,) * 6
    assert found["reasons"]["kendall_w"] == "Every evaluator has to have scored every entry; 7 of 48 scores are missing."


def test_criteria_are_added_and_an_incomplete_sheet_is_a_hole(agreement):
    scores = HEADER.replace("\n", ",track\n") + "".join(
        f"{entry},{judge},{criterion},{score},T\n"
        for entry, judge, marks in [("X", "a", (50, 30.5)), ("X", "b", (40, 38)), ("Y", "a", (45, 25)), ("Y", "b", (41, "abstain"))]
        for criterion, score in zip("PQ", marks, strict=True)
    )
    found = agreement(scores + "X,,F,1200,\n")
    assert found["evaluators"]["a"]["severity"] == 1.25
    assert found["reasons"]["se"] == "There are too few scores to estimate an error."
    assert found["reasons"]["icc_2_1"] == "Every evaluator has to have scored every entry; 1 of 4 scores are missing."


def test_an_outlier_names_entry_score_and_expectation(agreement):
    rows = [[60 + entry, 62 + entry, 63 + entry, 58 + entry] for entry in range(5)]
    rows[3][1] += 10
    found = agreement(lines(rows))["evaluators"]
    assert [len(row["outliers"]) for row in found.values()] == [0, 1, 0, 0]
    outlier = found["b"]["outliers"][0]
    assert (outlier["entry"], outlier["score"], outlier["t"]) == ("项 3", 75, None)


def test_parts_without_a_bridge_are_said(agreement):
    rows = [[80, 70, None, None], [90, 84, None, None], [None, None, 60, 66], [None, None, 71, 75], [75, 69, None, None]]
    assert agreement(lines(rows))["reasons"]["severity"] == (
        "The evaluators fall into 2 parts that share no entry, so severities hold only inside each part. "
        "One more seat each would connect them (evaluator → entry): c → 项 0."
    )


def test_nothing_to_compare(agreement):
    found = agreement(HEADER)
    assert (found["evaluators"], found["alpha_interval"]) == ({}, None)
    assert found["reasons"]["alpha_interval"] == "No entry was scored by two evaluators."
    assert agreement(HEADER, lang="zh-hans")["reasons"]["alpha_interval"] == "没有任何参赛项目由两名专家评分。"


@pytest.mark.parametrize(
    ("scores", "fault"),
    [
        (HEADER + "X,a,C,1e3\n", "row 2, column score: “1e3” is not a decimal number."),
        (HEADER + "X,a,C,1\nX,a,C,2\n", "row 3, column criterion: the same value stands already in row 2."),
        (HEADER + ",a,C,1\n", "row 2, column entry: the cell is empty."),
        ("entry,evaluator,score\n", "row 1, column criterion: this column is missing."),
        (HEADER.encode() + b"\xff,a,C,1\n", "row 2, column ?: the file is not UTF-8 text."),
    ],
)
def test_a_malformed_file_gets_one_line(agreement, scores, fault):
    with pytest.raises(CommandError, match=re.escape(f"scores.csv: {fault}")) as error:
        agreement(scores)
    assert "\n" not in str(error.value)
    assert error.value.returncode == 2


def test_as_a_process_it_needs_no_database(tmp_path):
    (tmp_path / "s.csv").write_text(lines(SHROUT_FLEISS))
    command = [sys.executable, "manage.py", "agreement", str(tmp_path / "s.csv"), "--out", str(tmp_path / "o.json")]
    environment = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "VAR_DIR": str(tmp_path / "var"), "LANG": "C"}
    done = subprocess.run(command, cwd=Path(settings.BASE_DIR), env=environment, capture_output=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert round(json.loads((tmp_path / "o.json").read_text())["icc_2_k"], 2) == 0.62
