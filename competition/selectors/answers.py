"""Answers to a form as a page shows them: to be filled in, or as they were submitted. In the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from django.utils.translation import get_language

from accounts.figures import num, signed
from competition.domain import blindness
from competition.domain.figures import decimal, grid, parse
from competition.domain.forms import QUESTIONS, completeness, validate, words
from ledger.domain.reason import Reason

# Not wrong, only not there yet: counted in the checklist, said at the field once somebody wants to submit.
MISSING = frozenset(f"competition.{name}_missing" for name in ("answer", "undertaking", "file", "figure", "source"))
_NO_FIGURE = "competition.figure_missing"


@dataclass
class Answer:
    """One field. `name` is its path and the name of its input; `value` as typed, `shown` in words; `rows` of a table,
    `files` of an attachment's slot."""

    code: str
    type: str
    label: str
    help: str
    required: bool
    value: object
    rules: Mapping
    unit: str = ""
    shown: str = ""
    count: int = 0
    options: list = field(default_factory=list)
    files: list = field(default_factory=list)
    rows: list = field(default_factory=list)
    years: Sequence[int] = ()
    faults: list[Reason] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.code

    @property
    def id(self) -> str:
        return f"f-{self.code}"

    @property
    def identifying(self) -> bool:
        return blindness.identifying(self.rules)

    @property
    def accept(self) -> str:
        return ",".join(f".{ending}" for ending in self.rules.get("types", ()))

    @property
    def room(self) -> int:
        """How many more files fit."""
        return self.rules.get("max_files", 1) - len(self.files)


@dataclass
class Cell:
    year: int
    name: str
    value: str
    change: str = ""
    faults: list[Reason] = field(default_factory=list)
    jump: Reason | None = None

    @property
    def id(self) -> str:
        return "f-" + self.name.replace(".", "-")


@dataclass
class Row:
    """One item of a table. `group` is the heading before it, where it begins one; `jumps` ask for an explanation even
    where one stands."""

    code: str
    name: str
    label: str
    unit: str
    note: str
    computed: bool
    cells: list[Cell]
    group: str = ""
    source: str = ""
    explanation: str = ""
    jumps: list[Reason] = field(default_factory=list)
    source_faults: list[Reason] = field(default_factory=list)

    @property
    def id(self) -> str:
        return "f-" + self.name.replace(".", "-")

    @property
    def faults(self) -> list[Reason]:
        """Of all cells and the source; missing years in one."""
        found = [reason for cell in self.cells for reason in cell.faults]
        years = [str(reason.params["year"]) for reason in found if reason.code == _NO_FIGURE]
        missing = [Reason(_NO_FIGURE, {"year": ", ".join(years)})] if years else []
        return [*missing, *(reason for reason in found if reason.code != _NO_FIGURE), *self.source_faults]


@dataclass
class Section:
    """`state` as the checklist knows it: done, bad, todo or empty for not begun."""

    code: str
    label: str
    help: str
    fields: list[Answer]
    state: str = ""
    wrong: int = 0
    missing: int = 0
    doubtful: int = 0


def text_of(text: Mapping | None) -> str:
    """`{zh: …, en: …}` in the reader's language."""
    if not text:
        return ""
    return text["en" if (get_language() or "").startswith("en") else "zh"]


def labels(definition: Mapping) -> dict[str, str]:
    """What each path is called, tables by item."""
    found = {}
    for section in definition["sections"]:
        for row in section["fields"]:
            found[row["code"]] = text_of(row["label"])
            for item in row.get("items", ()):
                found[f"{row['code']}.{item['code']}"] = text_of(item["label"])
    return found


def shown(rules: Mapping, value) -> str:
    """An answer in words: options by their label, figures with thin spaces."""
    if rules["type"] == "choice":
        names = {option["code"]: text_of(option["label"]) for option in rules["options"]}
        chosen = value if isinstance(value, list) else [value] if value else []
        return " · ".join(names.get(code, code) for code in chosen)
    if rules["type"] == "number":
        return _figure(value)
    return value if isinstance(value, str) else ""


def _figure(text) -> str:
    value = parse(text) if isinstance(text, str) else None
    if value is None:
        return text if isinstance(text, str) else ""
    plain = decimal(value)
    return num(value, len(plain.partition(".")[2]))


def sections(
    definition: Mapping,
    data: Mapping,
    years: Sequence[int],
    *,
    files: Mapping[str, list] | None = None,
    strict: bool = False,
    more: Sequence[tuple[str, Reason]] = (),
) -> list[Section]:
    """The form with its answers. `files`: attachments by slot. `strict`: what is only missing is said at its field, too. `more`: faults
    beside those of the form, by path."""
    files = files or {}
    data = {**data, **{slot: [file.name for file in rows] for slot, rows in files.items()}}
    faults: dict[str, list[Reason]] = {}
    for path, reason in (*validate(definition, data, years), *more):
        faults.setdefault(path, []).append(reason)
    lines = {line.code: line for line in completeness(definition, data, years)}
    built = []
    for section in definition["sections"]:
        line = lines[section["code"]]
        codes = [reason.code for _path, reason in line.faults]
        missing = sum(code in MISSING for code in codes)
        doubtful = sum(code in QUESTIONS for code in codes)
        others = sum(path in {row["code"] for row in section["fields"]} for path, _reason in more)
        wrong = len(codes) - missing - doubtful + others
        begun = line.done or any(data.get(row["code"]) for row in section["fields"])
        built.append(
            Section(
                code=section["code"],
                label=text_of(section["label"]),
                help=text_of(section.get("help")),
                fields=[_answer(row, data, years, files, faults, strict) for row in section["fields"]],
                state="done" if line.complete and not others else "bad" if wrong or doubtful else "todo" if begun else "",
                wrong=wrong,
                missing=missing,
                doubtful=doubtful,
            )
        )
    return built


def _answer(rules, data, years, files, faults, strict) -> Answer:
    value = data.get(rules["code"])
    answer = Answer(
        code=rules["code"],
        type=rules["type"],
        label=text_of(rules["label"]),
        help=text_of(rules.get("help")),
        required=rules.get("required", True),
        value=value if value is not None else "",
        rules=rules,
        unit=text_of(rules.get("unit")),
        shown=shown(rules, value),
        faults=_said(faults.get(rules["code"], ()), strict),
        files=list(files.get(rules["code"], ())) if rules["type"] == "attachment" else [],
        years=years,
    )
    if rules["type"] in ("text", "long_text") and isinstance(value, str):
        answer.count = words(value)
    if rules["type"] == "choice":
        chosen = value if isinstance(value, list) else [value]
        answer.options = [(option["code"], text_of(option["label"]), option["code"] in chosen) for option in rules["options"]]
    if rules["type"] == "table":
        answer.rows = _rows(rules, value if isinstance(value, Mapping) else {}, years, faults, strict)
    return answer


def _said(found, strict) -> list[Reason]:
    return [reason for reason in found if reason.code not in QUESTIONS and (strict or reason.code not in MISSING)]


def _rows(rules, table, years, faults, strict) -> list[Row]:
    figures = grid(rules["items"], table, years)
    jumps = _jumps(rules, table, years)
    names = {group["code"]: text_of(group["label"]) for group in rules.get("groups", ())}
    built, group = [], None
    for item in rules["items"]:
        path = f"{rules['code']}.{item['code']}"
        given = table.get(item["code"]) or {}
        computed = "computed" in item
        cells = []
        for place, year in enumerate(years):
            name = f"{path}.{year}"
            now, before = figures[item["code"]][year], figures[item["code"]][years[place - 1]] if place else None
            typed = (given.get("values") or {}).get(str(year), "")
            value = typed if not computed else "" if now is None else num(now, 2)
            cells.append(
                Cell(
                    year,
                    name,
                    value,
                    change=_change(item, before, now),
                    faults=_said(faults.get(name, ()), strict),
                    jump=jumps.get((item["code"], year)),
                )
            )
        heading = item.get("group")
        row = Row(
            code=item["code"],
            name=path,
            label=text_of(item["label"]),
            unit=text_of(item["unit"]),
            note=text_of(item.get("note")),
            computed=computed,
            cells=cells,
            group=f"{heading} {names.get(heading, '')}".strip() if heading and heading != group else "",
            source=given.get("source", ""),
            explanation=given.get("explanation", ""),
            jumps=[cell.jump for cell in cells if cell.jump],
            source_faults=_said(faults.get(f"{path}.source", ()), strict),
        )
        group = heading
        built.append(row)
    return built


def _jumps(rules, table, years) -> dict[tuple[str, int], Reason]:
    """Every jump, explained or not."""
    bare = {code: {**row, "explanation": ""} for code, row in table.items() if isinstance(row, Mapping)}
    only = {"sections": [{"code": "x", "fields": [rules]}]}
    found = {}
    for path, reason in validate(only, {rules["code"]: bare}, years):
        if reason.code in QUESTIONS:
            _table, item, year = path.split(".")
            found[item, int(year)] = reason
    return found


def _change(item, before: Fraction | None, now: Fraction | None) -> str:
    """On the year before: per cent where jumps are judged, else the difference."""
    if before is None or now is None:
        return ""
    if "jump" in item:
        return "" if before <= 0 else f"{signed((now - before) / before * 100, 1)}%"
    return signed(now - before, 2 if "computed" in item else item.get("decimals", 0))
