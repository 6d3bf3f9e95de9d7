"""The files of `replays/`: which competition is run again, and what of it was published. Read and checked, the fault at its place."""

from functools import cache
from pathlib import Path

from competition.domain.form_schema import TEXT
from competition.domain.format_schema import ROUND_PROPERTIES, SLUG, TRACK
from competition.domain.formats import at, check_shape, malformed
from competition.domain.publication import parse_publication
from competition.domain.votes import read_vote
from competition.selectors.formats import DEFAULT, load, read_format

FOLDER = Path(__file__).resolve().parent / "replays"
_COUNT = {"type": "integer", "minimum": 1, "maximum": 5000}
_REGION = {"type": "string", "pattern": "^[0-9]{6}$"}
_TRACK = {**TRACK, "properties": TRACK["properties"] | {"entries": _COUNT, "top": _COUNT}, "required": [*TRACK["required"], "entries"]}
_ROUND = {
    "type": "object",
    "properties": {
        **ROUND_PROPERTIES,
        "scope": {"enum": ["group", "track", "overall"]},
        "top": _COUNT,
        "vote": {"type": "object"},
        "fail": {"type": "integer", "minimum": 0, "maximum": 5000},
        "condition": {
            "type": "object",
            "properties": {**TEXT["properties"], "days": _COUNT},
            "required": ["zh", "en", "days"],
            "additionalProperties": False,
        },
    },
    "required": ["code", "name", "intake"],
    "additionalProperties": False,
    "if": {"properties": {"kind": {"const": "formal_check"}}, "required": ["kind"]},
    "then": {
        "properties": {"seats": {"const": 0}, "blind": {"const": False}} | dict.fromkeys(("scope", "top", "vote", "groups"), {"not": {}})
    },
    "else": {"properties": {"seats": {"minimum": 1}, "fail": {"not": {}}}, "required": ["seats", "scope"]},
}
SCHEMA = {
    "type": "object",
    "properties": {
        "code": SLUG,
        "name": TEXT,
        "level": {"enum": ["nation", "province"]},
        "region": {"anyOf": [{"type": "null"}, _REGION]},
        "format": {"type": "string"},
        "regions": {"type": "array", "minItems": 1, "items": _REGION},
        "partner_regions": {"type": "array", "minItems": 1, "items": _REGION},
        "funnel": {"type": "array", "minItems": 2, "items": _COUNT},
        "evaluators": {"type": "integer", "minimum": 1, "maximum": 99},
        "joint_every": {"type": "integer", "minimum": 0},
        "joint_entries": {"type": "boolean"},
        "assumptions": {"type": "array", "items": {"type": "string"}},
        "tracks": {"type": "array", "minItems": 1, "items": _TRACK},
        "rounds": {"type": "array", "minItems": 1, "items": _ROUND},
    },
    "required": [
        *("code", "name", "level", "region", "regions", "funnel", "evaluators", "joint_every", "assumptions", "tracks", "rounds"),
    ],
    "additionalProperties": False,
}


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


@cache
def read(name: str) -> dict:
    """`name`: of a file that is shipped, or the path of another one. `Refused` where it is malformed."""
    path = Path(name) if name.endswith(".yaml") else FOLDER / f"{name}.yaml"
    plan = load(path)
    check_plan(plan, file=path.name)
    return plan


def check_plan(plan, *, file: str) -> None:
    """`Refused` with the file and the place. Besides the shape: as many rounds as its format has, a number of places for each round,
    partners only where two regions apply together, a condition only in the last round."""
    check_shape(plan, SCHEMA, file=file)
    rounds = plan["rounds"]
    there = len(read_format(plan.get("format", DEFAULT))["rounds"])
    if len(rounds) != there:
        raise malformed(file, "rounds", f"the format {plan.get('format', DEFAULT)} has {there} rounds, not {len(rounds)}")
    if len(plan["funnel"]) != len(rounds) + 1:
        raise malformed(file, "funnel", f"{len(rounds)} rounds make {len(rounds) + 1} numbers")
    if plan.get("joint_entries") and not plan["joint_every"]:
        raise malformed(file, "joint_every", "without joint clusters there are no partners")
    for position, row in enumerate(rounds):
        place = f"rounds.{position}"
        if "publication" in row:
            at(file, f"{place}.publication", lambda row=row: parse_publication(row["publication"]))
        if "vote" in row:
            at(file, f"{place}.vote", lambda row=row: read_vote(row["vote"], "vote"))
        if row.get("scope") == "group" and "groups" not in row:
            raise malformed(file, f"{place}.scope", "the round has no groups")
        by_track = "top" not in row and all("top" in track for track in plan["tracks"])
        if row.get("kind") != "formal_check" and "top" not in row and (row["scope"] == "overall" or not by_track):
            raise malformed(file, f"{place}.top", "how many go on is missing")
        if "condition" in row and position != len(rounds) - 1:
            raise malformed(file, f"{place}.condition", "only the last round chooses on a condition")
