"""The application form as data: what a definition may hold, and what is wrong with the answers to it.

Answers are one JSON object by field code, as a draft keeps them:

    text, long_text, credit_code, number   text ("12.5"; a number is kept as it was typed)
    choice                                 option code, or a list of codes where `multiple`
    undertaking                            true
    attachment                             list of the files in this slot, whatever stands for one
    table                                  {item: {"values": {"2024": "12.5"}, "source": "…", "explanation": "…"}}

A path names one answer: `area`, `figures.output.2024`, `figures.output.source`."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from competition.domain.figures import headline, number, table_faults
from ledger.domain.reason import Reason

# A figure that is doubtful and not wrong: it may be submitted once its explanation is written.
QUESTIONS = frozenset({"competition.jump_unexplained"})


def fields(definition: Mapping) -> Iterator[Mapping]:
    for section in definition["sections"]:
        yield from section["fields"]


def slots(definition: Mapping) -> dict[str, Mapping]:
    """The attachment fields, by code."""
    return {field["code"]: field for field in fields(definition) if field["type"] == "attachment"}


def last_years(year: int, count: int = 3) -> tuple[int, ...]:
    """The `count` years before the competition's, oldest first."""
    return tuple(range(year - count, year))


def words(text: str) -> int:
    """Chinese counts by the character, other scripts by the word; punctuation does not count."""
    return len(re.findall(r"[〇㐀-鿿豈-﫿\U00020000-\U0003FFFF]|[^\W〇㐀-鿿豈-﫿\U00020000-\U0003FFFF]+", text))


def clean_text(text: str) -> str:
    """Without what no database and no document can hold: control characters (line breaks and tabs stay) and halves of
    surrogate pairs. Line breaks are plain."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]", "", plain)


def keep(definition: Mapping, data, years: Sequence[int]) -> dict:
    """`data` without whatever the form does not ask for or of the wrong shape: what may be stored from outside. Blank
    answers fall away. Files are not among the answers: they have rows of their own."""
    data = data if isinstance(data, Mapping) else {}
    kept = {}
    for field in fields(definition):
        value = data.get(field["code"])
        if field["type"] == "table":
            value = _keep_table(field, value, years)
        elif field["type"] == "undertaking":
            value = value is True
        elif field["type"] == "choice" and field.get("multiple"):
            value = [clean_text(code) for code in value if isinstance(code, str)] if isinstance(value, list) else None
        elif field["type"] == "attachment" or not isinstance(value, str):
            value = None
        else:
            value = clean_text(value)
        if value:
            kept[field["code"]] = value
    return kept


def _keep_table(field: Mapping, value, years: Sequence[int]) -> dict:
    kept = {}
    for item in field["items"]:
        given = value.get(item["code"]) if isinstance(value, Mapping) else None
        if not isinstance(given, Mapping) or "computed" in item:
            continue
        values = given.get("values")
        values = values if isinstance(values, Mapping) else {}
        row: dict = {
            "values": {
                str(year): text
                for year in years
                if isinstance(given_text := values.get(str(year)), str) and (text := clean_text(given_text))
            }
        }
        row |= {
            part: text
            for part in ("source", "explanation")
            if isinstance(given_text := given.get(part), str) and (text := clean_text(given_text))
        }
        if row["values"] or len(row) > 1:
            kept[item["code"]] = row
    return kept


def validate(definition: Mapping, data: Mapping, years: Sequence[int]) -> list[tuple[str, Reason]]:
    """Every fault by path, in the order of the form; empty: it may be submitted. Codes in `QUESTIONS` ask for an
    explanation and are gone once it stands."""
    return [fault for field in fields(definition) for fault in field_faults(field, data.get(field["code"]), years)]


def field_faults(field: Mapping, value, years: Sequence[int]) -> list[tuple[str, Reason]]:
    code = field["code"]
    if field["type"] == "table":
        return [(f"{code}.{path}", reason) for path, reason in table_faults(field["items"], value or {}, years)]
    if value is None or value is False or not (value.strip() if isinstance(value, str) else value):
        return [(code, Reason(_MISSING.get(field["type"], "competition.answer_missing")))] if field.get("required", True) else []
    return [(code, reason) for reason in _CHECKS[field["type"]](field, value)]


def _text_faults(field, value) -> Iterator[Reason]:
    count = words(value)
    if "max_words" in field and count > field["max_words"]:
        yield Reason("competition.text_too_long", {"count": count, "most": field["max_words"]})
    if "min_words" in field and count < field["min_words"]:
        yield Reason("competition.text_too_short", {"count": count, "least": field["min_words"]})


def _number_faults(field, value) -> Iterator[Reason]:
    if isinstance(checked := number(value, field), Reason):
        yield checked


def _credit_code_faults(field, value) -> Iterator[Reason]:
    from stdnum.cn import uscc
    from stdnum.exceptions import ValidationError

    code = value.strip().upper()
    if len(code) != 18:
        yield Reason("competition.credit_code_length", {"count": len(code)})
        return
    try:
        expected = uscc.calc_check_digit(code[:17])
    except (ValidationError, ValueError):
        yield Reason("competition.credit_code_characters")
        return
    if code[17] != expected:
        yield Reason("competition.credit_code_check", {"expected": expected})
    elif not uscc.is_valid(code):
        yield Reason("competition.credit_code_characters")


def _choice_faults(field, value) -> Iterator[Reason]:
    known = {option["code"] for option in field["options"]}
    if not set(value if isinstance(value, list) else [value]) <= known:
        yield Reason("competition.option_unknown")


def _attachment_faults(field, value) -> Iterator[Reason]:
    if len(value) > field.get("max_files", 1):
        yield Reason("competition.files_too_many", {"count": len(value), "most": field.get("max_files", 1)})


def _no_faults(field, value) -> tuple:
    return ()


_MISSING = {"undertaking": "competition.undertaking_missing", "attachment": "competition.file_missing"}
_CHECKS = {
    "text": _text_faults,
    "long_text": _text_faults,
    "number": _number_faults,
    "credit_code": _credit_code_faults,
    "choice": _choice_faults,
    "attachment": _attachment_faults,
    "undertaking": _no_faults,
}


@dataclass(frozen=True)
class SectionState:
    """A line of the checklist. `total` and `done` count answers that are required (each required item of a table is
    one); `faults` are those of the section, missing answers included."""

    code: str
    total: int
    done: int
    faults: tuple[tuple[str, Reason], ...]

    @property
    def complete(self) -> bool:
        return not self.faults


def completeness(definition: Mapping, data: Mapping, years: Sequence[int]) -> list[SectionState]:
    lines = []
    for section in definition["sections"]:
        total = done = 0
        faults: list[tuple[str, Reason]] = []
        for field in section["fields"]:
            found = field_faults(field, data.get(field["code"]), years)
            faults += found
            wrong = {_place(field, path) for path, _ in found}
            places = _places(field)
            total += len(places)
            done += sum(place not in wrong for place in places)
        lines.append(SectionState(section["code"], total, done, tuple(faults)))
    return lines


def _places(field: Mapping) -> list[str]:
    if field["type"] == "table":
        return [item["code"] for item in field["items"] if "computed" not in item and item.get("required", True)]
    return [field["code"]] if field.get("required", True) else []


def _place(field: Mapping, path: str) -> str:
    return path.split(".")[1] if field["type"] == "table" else field["code"]


def reported(definition: Mapping, data: Mapping, years: Sequence[int]) -> dict[str, Fraction | None]:
    """Every item of the form's tables, computed ones too, by code: what metrics read (None: missing)."""
    return {
        code: value
        for field in fields(definition)
        if field["type"] == "table"
        for code, value in headline(field["items"], data.get(field["code"]) or {}, years).items()
    }
