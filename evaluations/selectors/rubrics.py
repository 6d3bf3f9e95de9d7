"""Rubric and scheme of a round as they count: the newest version, which publishing has frozen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from competition.selectors.rules import form_for
from evaluations.domain.decimals import HUNDREDTH, TEN_THOUSANDTH, plain_text
from evaluations.domain.scheme import Scheme as DomainScheme
from evaluations.domain.scheme_reader import parse_scheme
from evaluations.domain.scheme_sense import unreachable
from evaluations.models import Criterion, Rubric, Scheme
from ledger.domain.reason import Reason, Refused


def rubric_of(round) -> Rubric | None:
    return round.rubrics.order_by("-version").first()


def scheme_of(round) -> Scheme | None:
    return round.schemes.order_by("-version").first()


def carried_rounds(round, definition: dict) -> list:
    """The earlier rounds whose totals this definition of a scheme carries in; no query where it carries none."""
    codes = [row["round"] for row in definition.get("carry") or []]
    return list(round.competition.rounds.filter(code__in=codes, order__lt=round.order).order_by("order")) if codes else []


def round_names(rounds: Iterable) -> dict[str, dict[str, str]]:
    """{code: its name in both languages}"""
    return {round.code: {"zh": round.name_zh, "en": round.name_en} for round in rounds}


def named(reason: Reason, rounds: Mapping[str, dict[str, str]]) -> Reason:
    """The reason with its round by name: scoring knows rounds by their codes alone. One that has its name already stays."""
    code = reason.params.get("round")
    return Reason(reason.code, {**reason.params, "round": rounds[code]}) if isinstance(code, str) and code in rounds else reason


def dimensions_json(rubric: Rubric | None) -> list[dict]:
    """The rubric as plain JSON: dimensions with their criteria, numbers as decimal text (weight in points, max and step in marks)."""
    if rubric is None:
        return []
    return [
        {
            "code": dimension.code,
            "name_zh": dimension.name_zh,
            "name_en": dimension.name_en,
            "criteria": [_criterion_json(criterion) for criterion in dimension.criteria.all()],
        }
        for dimension in _dimensions(rubric)
    ]


def _dimensions(rubric: Rubric):
    fetched = "dimensions" in getattr(rubric, "_prefetched_objects_cache", {})
    return rubric.dimensions.all() if fetched else rubric.dimensions.prefetch_related("criteria")


def _criterion_json(criterion: Criterion) -> dict:
    row = {
        name: getattr(criterion, name)
        for name in ("code", "name_zh", "name_en", "guidance_zh", "guidance_en", "kind", "missing", "data_item")
    }
    if criterion.given_by:
        row["given_by"] = criterion.given_by
    if criterion.kind == "veto":
        return row
    if criterion.kind == "bonus":
        row["min"] = _marks(criterion.least)
    else:
        row |= {"weight": plain_text(Fraction(criterion.weight, TEN_THOUSANDTH)), "function": criterion.function}
        row |= {"reverse": True} if criterion.reverse else {}
    return row | {"max": _marks(criterion.maximum), "step": _marks(criterion.step)}


def _marks(hundredths: int) -> str:
    return plain_text(Fraction(hundredths, HUNDREDTH))


SCHEME_KEYS = {
    "expert": ("code", "kind", "max", "weight", "missing", "step"),
    "mixed": ("code", "kind", "max", "weight", "missing", "step"),
    "metric": ("code", "kind", "max", "weight", "missing", "function", "reverse"),
    "bonus": ("code", "kind", "min", "max", "missing"),
    "veto": ("code", "kind", "missing"),
}


def whole_scheme(definition: dict, dimensions: list[dict]) -> dict:
    """The scheme of docs/scoring.md: the stored definition with the criteria of the rubric put in."""
    criteria = []
    for dimension in dimensions:
        for row in dimension["criteria"]:
            criteria.append({name: row[name] for name in SCHEME_KEYS[row["kind"]] if name in row} | {"dimension": dimension["code"]})
    return {**definition, "criteria": criteria}


def scheme_faults(definition: dict, dimensions: list[dict]) -> list[Reason]:
    """What is wrong with a scheme beside its rubric, whose own faults (paths under `criteria`) are told there; each reason has the
    key's `path`."""
    whole = whole_scheme(definition, dimensions)
    try:
        return unreachable(parse_scheme(whole))
    except Refused as refused:
        own = [reason for reason in refused.reasons if not str(reason.params.get("path", "")).startswith("criteria")]
        if own or whole.get("scale") != "percent":
            return own
    # Weights that do not add up yet must not hide what is wrong with the scheme.
    return scheme_faults({**definition, "scale": "factor"}, dimensions)


def scheme_json(round) -> dict:
    """The whole scheme of a round; LookupError where rubric or scheme is not there."""
    rubric, scheme = rubric_of(round), scheme_of(round)
    if rubric is None or scheme is None:
        raise LookupError(f"round {round.pk} has no rubric or no scheme")
    return whole_scheme(scheme.definition, dimensions_json(rubric))


@dataclass(frozen=True)
class Book:
    """What a round is judged by, read once: `criteria` maps ids to codes, `items` the codes of metrics to the item each reads, `names`
    codes to what they are called in both languages, `rounds` likewise of the rounds carried in; `given_once`: codes of what the
    organiser gives; `checks_only`: of a formal check."""

    rubric: Rubric
    scheme: DomainScheme
    criteria: dict[int, str]
    items: dict[str, str]
    names: dict[str, dict[str, str]]
    given_once: frozenset[str]
    rounds: dict[str, dict[str, str]]
    checks_only: bool = False


def book_of(round) -> Book:
    """Four queries, two more where earlier totals are carried in. LookupError where rubric or scheme is not there."""
    scheme = scheme_of(round)
    rubric = round.rubrics.prefetch_related("dimensions__criteria").order_by("-version").first()
    if rubric is None or scheme is None:
        raise LookupError(f"round {round.pk} has no rubric or no scheme")
    criteria = [criterion for dimension in rubric.dimensions.all() for criterion in dimension.criteria.all()]
    return Book(
        rubric=rubric,
        scheme=parse_scheme(whole_scheme(scheme.definition, dimensions_json(rubric))),
        criteria={criterion.pk: criterion.code for criterion in criteria},
        items={criterion.code: criterion.data_item for criterion in criteria if criterion.kind == "metric"},
        names={criterion.code: {"zh": criterion.name_zh, "en": criterion.name_en} for criterion in criteria},
        given_once=frozenset(criterion.code for criterion in criteria if criterion.given_by == "organiser"),
        rounds=round_names(carried_rounds(round, scheme.definition)),
        checks_only=round.checks_only,
    )


def domain_scheme(round) -> DomainScheme:
    """What the scoring computes by; `Refused` where the rules contradict themselves, which a published round never does."""
    return parse_scheme(scheme_json(round))


def data_items(round) -> dict[str, dict]:
    """The items of the form's tables that a criterion of this round may read, by code."""
    form = form_for(round)
    if form is None:
        return {}
    rows = (field.get("items", []) for section in form.definition["sections"] for field in section["fields"])
    return {item["code"]: item for items in rows for item in items}
