"""Rubric and scheme in words, for the public and under the editor."""

import hashlib

from django.utils.translation import get_language, ngettext, override, pgettext
from django.utils.translation import gettext as _

from competition.rules import Heading
from evaluations.domain.decimals import exact_value, plain_text
from evaluations.domain.rubric import weighted, weights_sum


def rubric_words(dimensions: list[dict], items: dict[str, dict], language: str, *, check: bool = False) -> list[str]:
    """A heading per dimension, a line per criterion; of a formal check (`check`) each is an item that is passed or not."""
    with override(language):
        lines: list[str] = []
        for dimension in dimensions:
            head = {"code": dimension["code"], "name": _name(dimension, language), "points": weights_sum([dimension])}
            lines.append(Heading((_("%(code)s %(name)s: %(points)s points") if weighted(dimension) else _("%(code)s %(name)s")) % head))
            lines += [_item_words(row, language) if check else _criterion_words(row, items, language) for row in dimension["criteria"]]
        return lines


def _name(row, language, field="name"):
    first, second = ("en", "zh") if language.startswith("en") else ("zh", "en")
    return row[f"{field}_{first}"] or row[f"{field}_{second}"]


def _criterion_words(row, items, language):
    if row["kind"] in ("bonus", "veto"):
        return _join(*_unweighted_words(row, language), _name(row, language, "guidance"))
    words = _("%(code)s %(name)s (%(weight)s):") % {"code": row["code"], "name": _name(row, language), "weight": row["weight"]}
    item = items.get(row["data_item"])
    label = item["label"]["en" if language.startswith("en") else "zh"] if item else row["data_item"]
    unit = item["unit"]["en" if language.startswith("en") else "zh"] if item else ""
    if row["kind"] == "metric":
        said = metric_words(row["function"], label, unit, row.get("reverse", False))
    elif row["kind"] == "mixed" and row["data_item"]:
        said = _("marked by evaluators from 0 to %(most)s, with the reported figure “%(item)s” in view.") % {
            "most": row["max"],
            "item": label,
        }
    else:
        said = _("marked by evaluators from 0 to %(most)s.") % {"most": row["max"]}
    missing = (
        {
            "exclude": _("Whoever leaves it blank does not count for it."),
            "zero": _("Left blank counts as 0."),
        }.get(row["missing"], "")
        if row["kind"] != "metric"
        else ""
    )
    guidance = _name(row, language, "guidance")
    return _join(words, said, missing, guidance)


def _item_words(row, language):
    return _join(_("%(code)s %(name)s") % {"code": row["code"], "name": _name(row, language)}, _name(row, language, "guidance"))


def _unweighted_words(row, language):
    """A bonus or a veto: what it does, and who finds it."""
    named = {"code": row["code"], "name": _name(row, language)}
    by_panel = row["given_by"] == "panel"
    if row["kind"] == "veto":
        yield _("%(code)s %(name)s: whoever fails it is not eligible, whatever the total.") % named
        yield _("Each evaluator answers; one answer “failed” is enough.") if by_panel else _("The organiser checks it before closing.")
        return
    named |= {"least": _signed(row["min"]), "most": _signed(row["max"])}
    yield _("%(code)s %(name)s: from %(least)s to %(most)s points, added to the total.") % named
    if by_panel:
        yield _("Given by each evaluator, then brought together over the panel.")
    else:
        yield _("Given once by the organiser after checking.")
    if by_panel and row["missing"] == "zero":
        yield _("Left blank counts as 0.")


def mark_words(kind: str, mark: str) -> str:
    """Decimal text, "abstain" or empty, as it is read: a veto is passed or failed, points of a bonus carry their sign."""
    if mark == "abstain":
        return _("Abstained")
    if not mark:
        return "—"
    if kind == "veto":
        return pgettext("a veto", "failed") if mark == "0" else pgettext("a veto", "passed")
    return _signed(mark) if kind == "bonus" else mark


def bonus_words(exact: str) -> str:
    """ "n/d" as points with their sign; empty for none."""
    if not exact or exact == "0/1":
        return ""
    return _signed(plain_text(exact_value(exact)))


def _signed(text: str) -> str:
    return text.replace("-", "−") if text.startswith("-") else f"+{text}" if text != "0" else text


def metric_words(function: dict | None, label: str, unit: str, reverse: bool = False) -> str:
    """How a computed criterion reads its figure, in the language of the moment."""
    words = _function_words(function, {"item": f"{label} [{unit}]" if unit else label})
    return _join(words, _("Less is better: the points so found are taken from the full marks.")) if reverse else words


def _function_words(function, known):
    match function:
        case {"linear": {"floor": floor, "target": target}}:
            words = _("computed from “%(item)s”: nothing at %(floor)s, full marks at %(target)s, evenly between.")
            return words % (known | {"floor": floor, "target": target})
        case {"threshold": {"op": op, "value": value}}:
            words = _("computed from “%(item)s”: full marks where it is %(op)s %(value)s, else nothing.")
            return words % (known | {"op": {">=": "≥", "<=": "≤"}.get(op, op), "value": value})
        case {"steps": table}:
            steps = _("; ").join(_("from %(bound)s on %(points)s points") % {"bound": bound, "points": points} for bound, points in table)
            return _("computed from “%(item)s” by steps: %(steps)s; below that none.") % (known | {"steps": steps})
        case {"percentile": _rest}:
            return (
                _("computed from “%(item)s” by the place among the others of the track: the share of them that it leaves behind.") % known
            )
        case {"min_max": _rest}:
            return _("computed from “%(item)s”: nothing for the least of the track, full marks for the greatest, evenly between.") % known
        case {"per_item": {"points": points}}:
            return _("computed from “%(item)s”: %(points)s points for each, up to the full marks.") % (known | {"points": points})
    return _("computed from “%(item)s”.") % known


def _join(*sentences):
    between = "" if (get_language() or "").startswith("zh") else " "
    return between.join(sentence for sentence in sentences if sentence)


def scheme_words(definition: dict, dimensions: list[dict], language: str, *, carried) -> list[str]:
    """How marks become a rank, a line per rule. `carried`: the rounds whose totals it carries in (`carried_rounds`)."""
    with override(language):
        return [line for line in _scheme_lines(definition, dimensions, language, {row.code: str(row) for row in carried}) if line]


def _scheme_lines(definition, dimensions, language, names):
    if definition.get("scale") == "factor":
        yield _("A mark counts its weight times; the sum may be more than 100.")
    yield (
        _("Each evaluator's sheet is totalled first; then the totals of the panel are brought together.")
        if definition["order"] == "sheet"
        else _("The marks for each criterion are brought together over the panel first; then they are weighted and added.")
    )
    yield from _panel_lines(definition["panel"])
    yield _rounding_line(definition["rounding"], definition["order"])
    if cap := definition.get("bonus_cap"):
        yield _("All bonuses and deductions of an entry together count from %(least)s to %(most)s points.") % {
            "least": _signed(cap[0]),
            "most": _signed(cap[1]),
        }
    yield from _threshold_lines(definition.get("thresholds") or {}, dimensions, language)
    yield _tie_line(definition.get("ties") or [], dimensions, language)
    yield from _carry_lines(definition.get("carry") or [], definition.get("scale", "percent"), names)


def _carry_lines(carry, scale, names):
    words = (
        _("Of 100 points of the total %(weight)s come from the official total of the round “%(name)s”, the others from this round.")
        if scale == "percent"
        else _("The official total of the round “%(name)s”, times %(weight)s, is added.")
    )
    for row in carry:
        yield words % {"name": names.get(row["round"], row["round"]), "weight": row["weight"]}
    if carry:
        yield _("Whoever has no total in an earlier round is not ranked.")


def lot_words(round, language: str) -> list[str]:
    """How a lot can be checked: the digest of its number from publishing on, the number itself once the round is released."""
    if not round.seed:
        return []
    with override(language):
        lines = [
            _("The SHA-256 of this round's lot number is %(digest)s; it was fixed when the call was published.")
            % {"digest": hashlib.sha256(round.seed.encode()).hexdigest()}
        ]
        if round.state == "released":
            lines.append(
                _("The lot number was %(seed)s: whoever has the smaller SHA-256 of “%(seed)s|entry number” comes first.")
                % {"seed": round.seed}
            )
        return lines


def _panel_lines(panel):
    if panel["method"] == "mean":
        yield _("The mean of the panel counts.")
    elif panel["method"] == "median":
        yield _("The median of the panel counts; of an even panel the mean of the two in the middle.")
    else:
        high, low = panel["drop_high"], panel["drop_low"]
        if high == low == 1:
            yield _("Drop one highest and one lowest, then take the mean of the others.")
        else:
            yield _("Drop the %(high)s highest and the %(low)s lowest, then take the mean of the others.") % {"high": high, "low": low}
        yield _("With fewer than %(count)s values nothing is dropped: the plain mean counts, and the result says so.") % {
            "count": panel["min_to_trim"]
        }
    least = panel["min_panel"]
    yield ngettext(
        "An entry with fewer than %(count)d evaluator is not ranked.", "An entry with fewer than %(count)d evaluators is not ranked.", least
    ) % {"count": least}


def _rounding_line(rounding, order):
    names = {
        "sheet": _("each sheet's total"),
        "panel": _("the panel's value"),
        "weighted": _("each weighted value"),
        "total": _("the total"),
    }
    stages = ("sheet", "panel", "total") if order == "sheet" else ("panel", "weighted", "total")
    parts = [
        ngettext("%(what)s to %(count)d decimal", "%(what)s to %(count)d decimals", rounding[stage])
        % {"what": names[stage], "count": rounding[stage]}
        for stage in stages
        if rounding.get(stage) is not None
    ]
    if not parts:
        return _("Nothing is rounded before ranking; totals are shown with 6 decimals.")
    return _("Rounded half up: %(parts)s. Nothing else is rounded.") % {"parts": _(", ").join(parts)}


def _threshold_lines(thresholds, dimensions, language):
    names = _named(dimensions, language)
    if thresholds.get("total"):
        yield _("Whoever has less than %(value)s points in total cannot advance.") % {"value": thresholds["total"]}
    for code, value in (thresholds.get("dimensions") or {}).items():
        yield _("Whoever has less than %(value)s points in “%(name)s” cannot advance.") % {"value": value, "name": names.get(code, code)}
    for code, value in (thresholds.get("criteria") or {}).items():
        yield _("Whoever has a mark below %(value)s in “%(name)s” cannot advance.") % {"value": value, "name": names.get(code, code)}


def _tie_line(ties, dimensions, language):
    if not ties:
        return _("Equal totals share the rank.")
    return _("Between equal totals decides, in this order: %(rungs)s. What is still equal shares the rank.") % {
        "rungs": _("; ").join(rung_words(rung, dimensions, language) for rung in ties)
    }


def rung_words(rung: str, dimensions: list[dict], language: str) -> str:
    """One step of the tie ladder."""
    kind, _colon, code = rung.partition(":")
    names = _named(dimensions, language)
    if kind in ("dimension", "criterion"):
        return _("the value of “%(name)s”") % {"name": names.get(code, code)}
    return {
        "untrimmed_mean": _("the mean of all sheets, nothing dropped"),
        "median": _("the median of the sheets"),
        "lot": _("the lot, by a number that was committed when the call was published"),
    }[kind]


def rung_words_here(rung: str, dimensions: list[dict]) -> str:
    """In the reader's language."""
    return rung_words(rung, dimensions, "en" if (get_language() or "").startswith("en") else "zh")


def _named(dimensions, language):
    return {row["code"]: f"{row['code']} {_name(row, language)}" for dimension in dimensions for row in (dimension, *dimension["criteria"])}
