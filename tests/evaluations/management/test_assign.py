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

INSTANCE = {
    "entries": [{"id": "甲 / 1", "seats": 2}, {"id": "b", "seats": 1}, {"id": "c", "seats": 0}],
    "evaluators": [{"id": "x", "max": 2}, {"id": "y", "min": 1, "max": 1}, {"id": "z"}],
    "fit": [[10, 80.5, 20], [90, 85, 1], [1, 1, 1]],
}


@pytest.fixture
def run(tmp_path):
    def assign(instance, **options):
        text = instance if isinstance(instance, (str, bytes)) else json.dumps(instance)
        (tmp_path / "instance.json").write_bytes(text if isinstance(text, bytes) else text.encode())
        out = io.StringIO()
        try:
            call_command("assign", str(tmp_path / "instance.json"), stdout=out, **options)
        except CommandError as error:
            error.printed = out.getvalue()
            raise
        return json.loads(out.getvalue())

    return assign


def test_the_best_total_is_found(run):
    assert run("\ufeff" + json.dumps(INSTANCE)) == {
        "solved": True,
        "total_fit": 190.5,
        "worst_entry": 90,
        "assignment": [["b", "x"], ["甲 / 1", "y"], ["甲 / 1", "z"]],
    }


def test_the_order_of_the_file_changes_nothing(run):
    turned = {
        "evaluators": INSTANCE["evaluators"][::-1],
        "entries": INSTANCE["entries"][::-1],
        "fit": [row[::-1] for row in INSTANCE["fit"][::-1]],
    }
    assert run(turned) == run(INSTANCE)


def test_forbidden_and_required_pairs(run):
    found = run(INSTANCE | {"forbidden": [["b", "x"]], "required": [["甲 / 1", "x"]]})
    assert found["assignment"] == [["b", "y"], ["甲 / 1", "x"], ["甲 / 1", "z"]]
    assert found["total_fit"] == 115


def test_rules_about_panels_and_anchors(run):
    evaluators = [row | {"employer": employer} for row, employer in zip(INSTANCE["evaluators"], ["u", "v", "v"], strict=True)]
    instance = INSTANCE | {"evaluators": evaluators, "one_per_employer": True}
    assert [pair for pair in run(instance)["assignment"] if pair[0] != "b"] == [["甲 / 1", "x"], ["甲 / 1", "y"]]
    found = run(instance | {"anchors": ["c"], "evaluators": [row | {"max": 3} for row in evaluators]})["assignment"]
    assert [name for entry, name in found if entry == "c"] == ["x", "y", "z"]


@pytest.mark.parametrize("bounds", [[0, 1], {"T": [0, 1]}, {"T": {"max": 1}}, {"*": [0, 1]}])
def test_a_range_of_disciplines_in_each_of_its_forms(run, bounds):
    evaluators = [row | {"discipline": name} for row, name in zip(INSTANCE["evaluators"], "ETT", strict=True)]
    found = run(INSTANCE | {"evaluators": evaluators, "discipline_range": bounds})["assignment"]
    assert [name for entry, name in found if entry == "甲 / 1"] == ["x", "y"]


def test_fairness_is_the_default(run):
    instance = {
        "entries": [{"id": "a", "seats": 1}, {"id": "b", "seats": 1}],
        "evaluators": [{"id": "x", "max": 1}, {"id": "y", "max": 1}],
        "fit": [[1000, 600], [596, 200]],
    }
    assert (run(instance)["worst_entry"], run(instance | {"fairness": False})["worst_entry"]) == (596, 200)


@pytest.mark.parametrize(("fit", "panel"), [(1e308, "x"), (-1e308, "y"), (5e-324, "y")])
def test_fits_beyond_what_floats_can_add(run, fit, panel):
    evaluators = [row | {"employer": employer} for row, employer in zip(INSTANCE["evaluators"], ["u", "v", "w"], strict=True)]
    found = run(INSTANCE | {"evaluators": evaluators, "one_per_employer": True, "fit": [[fit, 80.5, 20], [90, 85, 1], [1, 1, 1]]})
    assert len(found["assignment"]) == 3 and ["甲 / 1", panel] in found["assignment"]


def test_nothing_to_assign(run):
    found = run({"entries": [], "evaluators": []})
    assert found == {"solved": True, "total_fit": 0, "worst_entry": None, "assignment": []}


@pytest.mark.parametrize(
    ("changes", "shortage"),
    [
        (
            {"forbidden": [["甲 / 1", "x", "region"], ["甲 / 1", "y", "region"]]},
            ["Entry 甲 / 1 has 1 eligible evaluators for 2 seats.", "Entry 甲 / 1: 2 excluded by region."],
        ),
        (
            {"evaluators": [{"id": "x", "max": 1}, {"id": "y", "max": 1}, {"id": "z", "max": 0}]},
            ["There are 3 seats, and all evaluators together can take 2."],
        ),
        (
            {"evaluators": [{"id": "x", "min": 2}, {"id": "y", "min": 2}, {"id": "z"}]},
            ["There are 3 seats, and the smallest loads add up to 4."],
        ),
        (
            {"required": [["b", "x"], ["b", "y"]]},
            ["Entry b: 2 evaluators are fixed by hand, and it has 1 seats."],
        ),
    ],
)
def test_without_an_assignment_the_shortage_is_said_and_the_status_is_3(run, changes, shortage):
    with pytest.raises(CommandError) as error:
        run(INSTANCE | changes)
    assert json.loads(error.value.printed) == {"solved": False, "shortage": shortage}
    assert error.value.returncode == 3
    assert str(error.value).endswith(f"instance.json: {shortage[0]}")


FAULTS = [
    ({"entries": []}, "evaluators: this value is missing."),
    (INSTANCE | {"colour": 1}, "colour: this key is not known. Check its spelling or remove it."),
    (INSTANCE | {"entries": [{"id": "a"}]}, "entries[0].seats: this value is missing."),
    (INSTANCE | {"entries": [{"id": "a", "seats": -1}]}, "entries[0].seats: “-1” is not a whole number from 0 to 10000."),
    (INSTANCE | {"entries": [{"id": "", "seats": 1}]}, "entries[0].id: a text of 1 to 200 characters is expected here."),
    (INSTANCE | {"entries": [7]}, "entries[0]: a set of named values is expected here."),
    (INSTANCE | {"entries": [{"id": "a", "seats": 1}] * 2}, "entries[1].id: “a” is used twice."),
    (INSTANCE | {"evaluators": [{"id": "x", "max": "2"}]}, "evaluators[0].max: “2” is not a whole number from 0 to 1000000."),
    (INSTANCE | {"fit": [[1, 2, 3]]}, "fit: 1 values stand here, 3 are expected."),
    (INSTANCE | {"fit": [[1, 2, 3], [1, 2], [1, 2, 3]]}, "fit[1]: 2 values stand here, 3 are expected."),
    (INSTANCE | {"fit": [[1, 2, 3], [1, "2", 3], [1, 2, 3]]}, "fit[1][1]: “2” is not a finite number."),
    (INSTANCE | {"fit": [[1, 2, 3], [1, True, 3], [1, 2, 3]]}, "fit[1][1]: “True” is not a finite number."),
    (json.dumps(INSTANCE).replace("80.5", "1e999"), "fit[0][1]: “inf” is not a finite number."),
    (json.dumps(INSTANCE).replace("80.5", "NaN"), "This is no JSON: NaN"),
    (INSTANCE | {"forbidden": [["a"]]}, "forbidden[0]: exactly two values are expected here."),
    (INSTANCE | {"forbidden": [["b", "w"]]}, "forbidden[0][1]: “w” is not among the ids of this file."),
    (INSTANCE | {"fairness": 1}, "fairness: “1” is not possible here; choose one of true, false."),
    (INSTANCE | {"seed": []}, "seed: a whole number or a text is expected here."),
    (INSTANCE | {"discipline_range": [2, 1]}, "discipline_range.*: the lower bound lies above the upper one."),
    ("[]", "$: a set of named values is expected here."),
    ("{", "row 1, column 2: Expecting property name enclosed in double quotes"),
]


@pytest.mark.parametrize(("instance", "fault"), FAULTS, ids=[row[1][:50] for row in FAULTS])
def test_a_malformed_file_gets_one_line(run, instance, fault):
    with pytest.raises(CommandError, match=re.escape(f"instance.json: {fault}")) as error:
        run(instance)
    assert "\n" not in str(error.value)
    assert (error.value.returncode, error.value.printed) == (2, "")


def test_as_a_process_it_needs_no_database_and_leaves_no_traceback(tmp_path):
    (tmp_path / "i.json").write_text(json.dumps(INSTANCE))
    (tmp_path / "short.json").write_text(json.dumps(INSTANCE | {"entries": [{"id": "a", "seats": 9}], "fit": [[1, 2, 3]]}))

    def run(name):
        command = [sys.executable, "manage.py", "assign", str(tmp_path / name), "--lang", "zh-hans"]
        environment = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "VAR_DIR": str(tmp_path / "var"), "LANG": "C"}
        return subprocess.run(command, cwd=Path(settings.BASE_DIR), env=environment, capture_output=True, timeout=60)

    good, short = run("i.json"), run("short.json")
    assert (good.returncode, good.stderr, json.loads(good.stdout)["total_fit"]) == (0, b"", 190.5)
    assert (short.returncode, json.loads(short.stdout)["solved"], len(short.stderr.decode().splitlines())) == (3, False, 1)
