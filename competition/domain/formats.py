"""A competition format: the data from which an organiser starts a new competition (`competition/formats/*.yaml`).

What a rubric's functions and a scheme mean is the judging's business; here their place and sums are checked."""

from collections.abc import Callable, Mapping
from fractions import Fraction

from competition.domain.advancement_rule import numbers_by_track, parse_rule, refuse_beyond_tracks, vote_in
from competition.domain.form_schema import check_definition
from competition.domain.format_schema import SCHEMA
from competition.domain.forms import fields
from competition.domain.publication import parse_publication
from ledger.domain.reason import Reason, Refused


def check_format(data, forms: Mapping[str, Mapping], *, file: str = "format") -> None:
    """`Refused` where a format is malformed, naming `file` and the place in it. `forms` are the form definitions by name. Refused
    too: a round that names what is not there, a code given twice, weights that do not add up to 100 under `percent`, a criterion
    that reads an item its round's form does not ask for, an impossible advancement rule, a publication that says two things at once."""
    check_shape(data, SCHEMA, file=file)
    for name, codes in (("tracks", data["tracks"]), ("rounds", data["rounds"])):
        _refuse_twice(file, name, [row["code"] for row in codes])
    if data["rounds"][0]["intake"] != "fresh":
        raise refused_at(file, "rounds.0.intake", Reason("competition.first_round_fresh"))
    form = None
    for position, row in enumerate(data["rounds"]):
        place = f"rounds.{position}"
        for part, known in (("form", forms), ("rubric", data["rubrics"]), ("scheme", data["schemes"])):
            if part in row and row[part] not in known:
                raise malformed(file, f"{place}.{part}", f"there is no {part} {row[part]!r}")
        form = row.get("form", form)
        if form is None or (row["intake"] == "fresh" and "form" not in row):
            raise malformed(file, f"{place}.form", "a round that takes in names its form")
        at(file, f"{place}.form", lambda form=form: check_definition(forms[form]))
        if "publication" in row:
            at(file, f"{place}.publication", lambda row=row: parse_publication(row["publication"]))
        if "advancement" in row:
            at(file, f"{place}.advancement", lambda row=row: _check_rule(row["advancement"], data["tracks"]))
        if row.get("advancement", {}).get("scope") == "group" and "groups" not in row:
            raise refused_at(file, f"{place}.advancement", Reason("competition.advancement_without_groups", {"round": position + 1}))
        if "rubric" in row:
            _check_rubric(file, place, row, data, forms[form])


def _check_rule(rule, tracks) -> None:
    parsed, codes = parse_rule(rule), [row["code"] for row in tracks]
    if (numbers := numbers_by_track(rule)) is not None:
        if unknown := [code for code in numbers if code not in codes and code != "*"]:
            raise Refused(Reason("competition.advancement_track_unknown", {"tracks": unknown}))
        if "*" not in numbers and (absent := [code for code in codes if code not in numbers]):
            raise Refused(Reason("competition.advancement_track_missing", {"tracks": absent}))
    if codes:
        refuse_beyond_tracks(parsed, codes)
    vote_in(rule)


def _check_rubric(file, place, row, data, form) -> None:
    rubric = f"rubrics.{row['rubric']}"
    criteria = [item for dimension in data["rubrics"][row["rubric"]]["dimensions"] for item in dimension["criteria"]]
    _refuse_twice(file, rubric, [item["code"] for item in criteria])
    if "scheme" not in row:
        if marked := [item["code"] for item in criteria if (item["kind"], item.get("given_by")) != ("veto", "organiser")]:
            raise malformed(file, rubric, f"a formal check has only veto items given by the organiser, not {', '.join(marked)}")
        return
    total = sum((Fraction(item["weight"]) for item in criteria if "weight" in item), Fraction(0))
    if data["schemes"][row["scheme"]].get("scale") == "percent" and total != 100:
        raise refused_at(file, rubric, Reason("competition.weights_off", {"total": str(total), "rubric": row["rubric"]}))
    items = {item["code"] for field in fields(form) for item in field.get("items", ())}
    for item in criteria:
        if "data_item" in item and item["data_item"] not in items:
            raise refused_at(
                file, f"{place}.rubric", Reason("competition.form_item_unknown", {"item": item["code"], "reads": item["data_item"]})
            )


def check_shape(data, schema: Mapping, *, file: str) -> None:
    """By a JSON schema: `Refused` at the place where the fault is deepest."""
    import jsonschema

    fault = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(schema).iter_errors(data))
    if fault is not None:
        place = ".".join(str(part) for part in fault.absolute_path)
        raise malformed(file, place or "format", "this does not belong here" if fault.validator == "not" else fault.message[:300])


def malformed(file: str, place: str, fault: str) -> Refused:
    return Refused(Reason("competition.format_malformed", {"file": file, "place": place, "fault": fault}))


def refused_at(file: str, place: str, *reasons: Reason) -> Refused:
    """The reasons, headed by where in which file they hold."""
    return Refused(Reason("competition.format_refused", {"file": file, "place": place}), *reasons)


def at(file: str, place: str, check: Callable[[], object]) -> None:
    """Runs `check`; what it refuses is refused at this place."""
    try:
        check()
    except Refused as refused:
        raise refused_at(file, place, *refused.reasons) from None


def _refuse_twice(file: str, place: str, codes: list[str]) -> None:
    for code in codes:
        if codes.count(code) > 1:
            raise malformed(file, place, f"{code!r} stands twice")
