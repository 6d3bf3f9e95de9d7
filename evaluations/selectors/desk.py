"""One score sheet with everything beside it: criteria, own marks, figures, the accepted revision, its files."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from django.utils.translation import get_language

from competition.domain.blindness import anonymous, file_name, without_sources
from competition.domain.figures import decimal, grid
from competition.domain.forms import fields, last_years, reported
from competition.selectors.parties import submitted_partners
from evaluations.domain.decimals import HUNDREDTH, TEN_THOUSANDTH, half_up, plain_text
from evaluations.domain.metrics import metric_values
from evaluations.domain.own_marks import Line, Sum, subtotals, total
from evaluations.models import Criterion, Sheet
from evaluations.selectors.ballots import answer_of
from evaluations.selectors.blindness import code_of, hidden_from
from evaluations.selectors.rubrics import domain_scheme
from evaluations.selectors.sheets import criteria_of
from evaluations.wording import mark_words, metric_words

ABSTAIN = "abstain"
MISSING = ""


@dataclass(frozen=True)
class Figures:
    """A row of the data table as the evaluator reads it; `values` run beside the years."""

    code: str
    label: str
    unit: str
    values: tuple[str, ...]
    source: str = ""
    explanation: str = ""
    computed: bool = False

    @property
    def missing(self) -> bool:
        return not self.values or self.values[-1] == MISSING


@dataclass
class Row:
    """One criterion; `weight` is empty for a bonus and a veto. `mark` is decimal text, "abstain" or empty; `points` of a computed one,
    None where they cannot be shown yet; `refused` and `other` (the value saved elsewhere) belong to a refused save."""

    criterion: Criterion
    weight: str
    most: str
    step: str
    least: str = "0"
    mark: str = ""
    points: str | None = None
    value: int | None = None
    figure: Figures | None = None
    related: list[Figures] = field(default_factory=list)
    refused: str = ""
    other: str | None = None
    how: str = ""

    @property
    def guidance(self) -> str:
        return self.criterion.words("guidance")

    @property
    def code(self) -> str:
        return self.criterion.code

    @property
    def marked(self) -> bool:
        return self.criterion.kind != "metric"

    @property
    def said(self) -> str:
        """The mark as a reader takes it in."""
        return mark_words(self.criterion.kind, self.mark)

    @property
    def other_said(self) -> str | None:
        return None if self.other is None else mark_words(self.criterion.kind, self.other)

    @property
    def abstained(self) -> bool:
        return self.mark == ABSTAIN

    @property
    def shown(self) -> str:
        return "" if self.abstained else self.mark


@dataclass
class Block:
    """A dimension with its criteria and the subtotal of the own marks; without weight there is none."""

    code: str
    name: str
    weight: str
    rows: list[Row]
    sum: Sum

    @property
    def most(self) -> str:
        """The points of what is not abstained from."""
        return plain_text(self.sum.most)


@dataclass
class Desk:
    sheet: Sheet
    scale: str
    blocks: list[Block]
    sum: Sum
    digits: int
    years: tuple[int, ...]
    figures: list[tuple[str, list[Figures]]]
    sections: list[dict]
    files: list
    partners: list  # of a joint entry

    @property
    def rows(self) -> list[Row]:
        return [row for block in self.blocks for row in block.rows]

    @property
    def to_mark(self) -> list[Row]:
        return [row for row in self.rows if row.marked]

    @property
    def done(self) -> int:
        return sum(1 for row in self.to_mark if row.mark)

    @property
    def missing(self) -> list[Row]:
        """What keeps the sheet from being submitted."""
        return [row for row in self.to_mark if not row.mark and row.criterion.missing == "required"]

    @property
    def figure_count(self) -> int:
        return sum(len(rows) for _label, rows in self.figures)


def marks_of(sheet) -> dict[str, str]:
    """Criterion code → decimal text or "abstain": the marks as they are saved; of a ballot its answer. One query."""
    if sheet.rubric_id is None:
        return answer_of(sheet)
    return {
        code: ABSTAIN if abstained else plain_text(Fraction(value, HUNDREDTH))
        for code, value, abstained in sheet.marks.order_by("criterion__code").values_list("criterion__code", "value", "abstained")
    }


def desk(viewer, sheet: Sheet) -> Desk:
    """A fixed number of queries, whatever the size of rubric and form. In a blind round its evaluator gets nothing that tells who
    applies."""
    round = sheet.assignment.entry.round
    definition, data = sheet.revision.form.definition, sheet.revision.data
    years = last_years(round.competition.year, definition.get("years", 3))
    heads = reported(definition, data, years)
    if blind := hidden_from(viewer, sheet):
        definition, data = anonymous(definition), without_sources(data, definition)
    groups, files = _figures(definition, data, years), files_of(sheet, blind=blind)
    partners = [] if blind else submitted_partners(sheet.revision, round.competition)
    if sheet.rubric_id is None:
        return Desk(sheet, "", [], Sum(None, Fraction(0)), 0, years, groups, _sections(definition, data), files, partners)
    scheme = domain_scheme(round)
    by_item = {row.code: row for _label, rows in groups for row in rows}
    marks, rules = marks_of(sheet), {rule.code: rule for rule in scheme.criteria}
    blocks: dict[str, Block] = {}
    lines: list[Line] = []
    for criterion in criteria_of(sheet.rubric):
        if criterion.given_by == "organiser":
            continue
        dimension = criterion.dimension
        row = _row(criterion, marks.get(criterion.code, ""))
        row.figure = by_item.get(criterion.data_item)
        if criterion.kind == "metric":
            _compute(row, rules[criterion.code], heads.get(criterion.data_item))
        row.related = _related(row, dimension.code, groups)
        if criterion.weight is not None:
            lines.append(Line(dimension.code, criterion.weight, criterion.maximum, row.value, row.abstained))
        blocks.setdefault(dimension.code, Block(dimension.code, str(dimension), "", [], Sum(None, Fraction(0)))).rows.append(row)
    for code, found in subtotals(lines, scheme.scale).items():
        block = blocks[code]
        block.sum = found
        block.weight = plain_text(sum((Fraction(row.criterion.weight or 0, TEN_THOUSANDTH) for row in block.rows), Fraction(0)))
    digits = 2 if scheme.rounding.sheet is None else scheme.rounding.sheet
    return Desk(
        sheet,
        scheme.scale,
        list(blocks.values()),
        total(lines, scheme.scale),
        digits,
        years,
        groups,
        _sections(definition, data),
        files,
        partners,
    )


def _compute(row: Row, rule, figure) -> None:
    """A computed mark, unless it hangs on the figures of the others in the track: that would tell of them."""
    item = row.criterion.data_item
    row.how = metric_words(
        row.criterion.function, row.figure.label if row.figure else item, row.figure.unit if row.figure else "", row.criterion.reverse
    )
    if not rule.in_group:
        row.value = metric_values(rule.function, rule.maximum, rule.reverse, [figure], [""])[0]
        row.points = None if row.value is None else plain_text(Fraction(row.value, HUNDREDTH))


def _row(criterion, mark: str) -> Row:
    value = None if mark in ("", ABSTAIN) else half_up(*Fraction(mark).as_integer_ratio(), 2)
    return Row(
        criterion,
        weight="" if criterion.weight is None else plain_text(Fraction(criterion.weight, TEN_THOUSANDTH)),
        least=plain_text(Fraction(criterion.least or 0, HUNDREDTH)),
        most=plain_text(Fraction(criterion.maximum, HUNDREDTH)),
        step=plain_text(Fraction(criterion.step, HUNDREDTH)),
        mark=mark,
        value=value,
    )


def _related(row: Row, dimension: str, groups) -> list[Figures]:
    """The criterion's own figure first, then the others that the form groups under its dimension."""
    own = [row.figure] if row.figure else []
    return own + [figures for label, rows in groups if label == dimension for figures in rows if figures is not row.figure]


def _said(label: Mapping | None) -> str:
    if not label:
        return ""
    first, second = ("en", "zh") if (get_language() or "").startswith("en") else ("zh", "en")
    return label.get(first) or label.get(second) or ""


def _figures(definition, data, years) -> list[tuple[str, list[Figures]]]:
    """The data tables by group, computed items too."""
    groups: dict[str, list[Figures]] = {}
    for table in fields(definition):
        if table["type"] != "table":
            continue
        given = data.get(table["code"]) or {}
        rows = grid(table["items"], given, years)
        for item in table["items"]:
            values = tuple(MISSING if rows[item["code"]][year] is None else decimal(rows[item["code"]][year], 2) for year in years)
            own = given.get(item["code"]) or {}
            groups.setdefault(item.get("group", ""), []).append(
                Figures(
                    item["code"],
                    _said(item["label"]),
                    _said(item["unit"]),
                    values,
                    own.get("source", ""),
                    own.get("explanation", ""),
                    "computed" in item,
                )
            )
    return list(groups.items())


def _sections(definition, data) -> list[dict]:
    """What was written, section by section; tables and files stand apart, and so do blank answers."""
    found = []
    for section in definition["sections"]:
        answers = [
            {"label": _said(item["label"]), "text": _answer(item, data[item["code"]]), "long": item["type"] == "long_text"}
            for item in section["fields"]
            if item["type"] not in ("table", "attachment", "undertaking") and data.get(item["code"])
        ]
        if answers:
            found.append({"code": section["code"], "label": _said(section["label"]), "answers": answers})
    return found


def _answer(item, value) -> str:
    if item["type"] == "choice":
        labels = {option["code"]: _said(option["label"]) for option in item["options"]}
        return "、".join(labels.get(code, code) for code in (value if isinstance(value, list) else [value]))
    unit = _said(item.get("unit"))
    return f"{value} {unit}".strip() if unit else str(value)


def files_of(sheet, *, blind: bool) -> list:
    """The files of the bound revision, each with the words of its slot, and `called`: its name, or in a blind round one that tells nothing;
    those of slots that tell who applies are left out there."""
    definition = sheet.revision.form.definition
    slots = {
        item["code"]: _said(item["label"])
        for item in fields(anonymous(definition) if blind else definition)
        if item["type"] == "attachment"
    }
    files, numbers = [], Counter()
    for file in sheet.revision.attachments.order_by("slot", "pk"):
        if blind and file.slot not in slots:
            continue
        numbers[file.slot] += 1
        file.slot_label = slots.get(file.slot, file.slot)
        file.called = file_name(code_of(sheet.assignment.entry), file.slot, numbers[file.slot], file.name) if blind else file.name
        file.ending = file.called.rpartition(".")[2].upper()[:4]
        files.append(file)
    return files
