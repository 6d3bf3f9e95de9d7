from copy import deepcopy
from fnmatch import fnmatch
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from competition.domain.advancement_rule import vote_in
from competition.domain.formats import check_format
from competition.selectors.formats import load, names, read_format
from ledger.domain.reason import Refused

FORMATS = Path(__file__).parents[3] / "competition/formats"
FORMS = {"default_form": yaml.safe_load((FORMATS / "default_form.yaml").read_text("utf-8"))}
DEFAULT = yaml.safe_load((FORMATS / "default.yaml").read_text("utf-8"))
CRITERIA = "rubrics.default.dimensions.0.criteria"
TRACK, NOTHING = "competition.advancement_track_unknown", "competition.publication_of_nothing"


def test_the_default_is_sound():
    check_format(DEFAULT, FORMS)
    assert [row["code"] for row in DEFAULT["rounds"]] == ["preliminary", "final"]


def test_the_default_rubric_is_the_proposed_one():
    dimensions = DEFAULT["rubrics"]["default"]["dimensions"]
    assert {d["code"]: sum(Fraction(c.get("weight", 0)) for c in d["criteria"]) for d in dimensions} == {
        "A": 25,
        "B": 25,
        "C": 20,
        "D": 15,
        "E": 15,
        "F": 0,
        "V": 0,
    }
    kinds = {c["code"]: c["kind"] for d in dimensions for c in d["criteria"]}
    assert [code for code, kind in kinds.items() if kind == "metric"] == ["A1", "A2", "A4", "A5", "B1", "B2", "B3", "C1", "C4", "C5", "D1"]
    assert [code for code, kind in kinds.items() if kind == "mixed"] == ["A3", "A6", "D3", "E1", "E2"]
    assert [code for code, kind in kinds.items() if kind == "expert"] == ["B4", "B5", "C2", "C3", "D2", "D4", "E3", "E4"]
    bonuses = [c for d in dimensions for c in d["criteria"] if c["kind"] == "bonus"]
    assert [(c["code"], c["min"], c["max"]) for c in bonuses] == [("F1", "0", "3"), ("F2", "0", "2"), ("F3", "-2", "0"), ("F4", "-3", "0")]
    assert [code for code, kind in kinds.items() if kind == "veto"] == ["V1", "V2", "V3", "V4"]
    assert DEFAULT["schemes"]["default"]["bonus_cap"] == ["-5", "5"]


def last(data, dimension):
    return data["rubrics"]["default"]["dimensions"][dimension]["criteria"][-1]


def second(data, **changes):
    data["rounds"][1].update(changes)


def inside_groups(data):
    second(data, advancement={"take": {"top": 2}, "scope": "group"})


def check(data, **changes):
    """The first round a formal check as it should be, but for the changes."""
    kept = {name: value for name, value in data["rounds"][0].items() if name in ("code", "name", "intake", "form")}
    data["rounds"][0] = kept | {"kind": "formal_check"} | changes


def vote(data, rubric=None, **by):
    """The second round a vote."""
    kept = {name: value for name, value in data["rounds"][1].items() if name not in ("rubric", "scheme")}
    data["rounds"][1] = kept | {"advancement": {"take": {"vote": by}}} | ({"rubric": rubric} if rubric else {})


def criterion(data, place):
    return data["rubrics"]["default"]["dimensions"][0]["criteria"][place]


@pytest.mark.parametrize(
    ("break_it", "code", "place"),
    [
        (lambda data: data.pop("level"), "competition.format_malformed", "format"),
        (lambda data: data["rounds"][0].update(form="other"), "competition.format_malformed", "rounds.0.form"),
        (lambda data: data["rounds"].append(data["rounds"][0]), "competition.format_malformed", "rounds"),
        (lambda data: criterion(data, 0).pop("function"), "competition.format_malformed", f"{CRITERIA}.0"),
        (lambda data: criterion(data, 2).update(function={"linear": {}}), "competition.format_malformed", f"{CRITERIA}.2.function"),
        (lambda data: criterion(data, 0).update(weight="7"), "competition.weights_off", "rubrics.default"),
        (lambda data: criterion(data, 0).update(data_item="moon"), "competition.form_item_unknown", "rounds.0.rubric"),
        (lambda data: last(data, -1).update(weight="1"), "competition.format_malformed", "rubrics.default.dimensions.6.criteria.3.weight"),
        (lambda data: last(data, -1).update(min="-1"), "competition.format_malformed", "rubrics.default.dimensions.6.criteria.3.min"),
        (lambda data: last(data, -2).pop("given_by"), "competition.format_malformed", "rubrics.default.dimensions.5.criteria.3"),
        (lambda data: second(data, advancement={"take": {"top": -1}}), "competition.rule_malformed", "rounds.1.advancement"),
        (lambda data: second(data, advancement={"take": {"top": {"moon": 1}}, "scope": "track"}), TRACK, "rounds.1.advancement"),
        (lambda data: data["rounds"][0].update(intake="carry"), "competition.first_round_fresh", "rounds.0.intake"),
        (lambda data: data["rounds"][0].pop("form"), "competition.format_malformed", "rounds.0.form"),
        (lambda data: data.update(joint_entries="yes"), "competition.format_malformed", "joint_entries"),
        (lambda data: second(data, blind="yes"), "competition.format_malformed", "rounds.1.blind"),
        (lambda data: second(data, seats=0), "competition.format_malformed", "rounds.1.seats"),
        (lambda data: second(data, publication={"shown": "some"}), "competition.format_malformed", "rounds.1.publication.shown"),
        (lambda data: second(data, publication={"shown": "nothing", "ranks": True}), NOTHING, "rounds.1.publication"),
        (lambda data: second(data, kind="formal"), "competition.format_malformed", "rounds.1.kind"),
        (lambda data: second(data, kind="formal_check"), "competition.format_malformed", "rounds.1.*"),
        (lambda data: check(data, seats=3), "competition.format_malformed", "rounds.0.seats"),
        (lambda data: check(data, blind=True), "competition.format_malformed", "rounds.0.blind"),
        (lambda data: second(data, groups={"most": 1}), "competition.format_malformed", "rounds.1.groups.most"),
        (lambda data: second(data, groups={"most": 9, "how": "snake"}), "competition.format_malformed", "rounds.1.groups.how"),
        (lambda data: inside_groups(data), "competition.advancement_without_groups", "rounds.1.advancement"),
        (lambda data: check(data, groups={"most": 9}), "competition.format_malformed", "rounds.0.groups"),
        (lambda data: check(data, rubric="default"), "competition.format_malformed", "rubrics.default"),
        (lambda data: vote(data, quorum="2/3", majority="3/2"), "competition.rule_malformed", "rounds.1.advancement"),
        (lambda data: vote(data, rubric="default", quorum="2/3", majority="1/2"), "competition.format_malformed", "rounds.1.rubric"),
        (lambda data: data["rounds"][1].pop("scheme"), "competition.format_malformed", "rounds.1"),
    ],
)
def test_a_broken_one_is_refused_with_the_file_and_the_place(break_it, code, place):
    data = deepcopy(DEFAULT)
    break_it(data)
    with pytest.raises(Refused) as refusal:
        check_format(data, FORMS, file="own.yaml")
    reasons = refusal.value.reasons
    assert reasons[-1].code == code
    assert reasons[0].params["file"] == "own.yaml"
    assert fnmatch(reasons[0].params["place"], place)


def test_every_shipped_one_is_sound_and_the_default_stands_first():
    assert names() == ["default", "deliberation"]
    check, desk, council = read_format("deliberation")["rounds"]
    assert [row.get("blind", False) for row in (check, desk, council)] == [False, True, False]
    assert (check["kind"], vote_in(council["advancement"]).majority) == ("formal_check", Fraction(1, 2))
    assert [sorted({"rubric", "scheme", "form"} & set(row)) for row in (check, desk, council)] == [
        ["form"],
        ["form", "rubric", "scheme"],
        ["form"],
    ]


def test_a_file_that_is_no_yaml_is_refused_with_its_line(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text("code: own\nrounds: [\n", encoding="utf-8")
    with pytest.raises(Refused) as refusal:
        load(path)
    assert refusal.value.reason.params["file"] == "own.yaml"
    assert refusal.value.reason.params["place"] == "line 3"
