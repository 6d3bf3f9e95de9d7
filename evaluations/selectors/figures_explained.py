"""How the computed criteria of one entry came by their points, from the figures it reported."""

from dataclasses import dataclass
from fractions import Fraction

from competition.domain.figure_steps import FigureSteps, figure_steps
from competition.domain.forms import fields, last_years
from competition.selectors.answers import text_of
from evaluations.domain.metric_steps import MetricSteps
from evaluations.models import Criterion
from evaluations.selectors.rubrics import Book


@dataclass(frozen=True)
class Item:
    """One row of the reported figures; `values` run beside the years."""

    code: str
    label: str
    unit: str
    values: tuple[Fraction | None, ...]
    source: str
    explanation: str
    computed: bool


@dataclass(frozen=True)
class MetricExplained:
    """`items`: those the figure hangs on, its own last; empty where the form does not ask for it. `parts`: (factor, item, its figure
    by year) of a computed one."""

    criterion: Criterion
    steps: MetricSteps
    years: tuple[int, ...]
    figure: FigureSteps | None
    items: tuple[Item, ...]

    @property
    def item(self) -> Item | None:
        return self.items[-1] if self.items else None

    @property
    def parts(self) -> list[tuple[Fraction, Item, Fraction | None]]:
        if self.figure is None:
            return []
        by_code = {item.code: item for item in self.items}
        return [(factor, by_code[part.code], part.values[part.year]) for factor, part in self.figure.parts]


def metrics_explained(entry, book: Book, metrics: dict[str, MetricSteps]) -> list[MetricExplained]:
    """In the order of the rubric. `entry` with its revision, the revision's form and its round's competition."""
    criteria = {row.code: row for dimension in book.rubric.dimensions.all() for row in dimension.criteria.all()}
    definition = entry.revision.form.definition if entry.revision_id else {"sections": []}
    data = entry.revision.data if entry.revision_id else {}
    years = last_years(entry.round.competition.year, definition.get("years", 3))
    found = []
    for code in criteria:
        if code in metrics:
            table, values = _table(definition, data, book.items[code])
            figure = figure_steps(table["items"], values, years, book.items[code]) if table else None
            items = tuple(_item(table, values, step, years) for step in figure.items()) if figure else ()
            found.append(MetricExplained(criteria[code], metrics[code], years, figure, items))
    return found


def _table(definition, data, code) -> tuple[dict | None, dict]:
    for field in fields(definition):
        if field["type"] == "table" and any(item["code"] == code for item in field["items"]):
            return field, data.get(field["code"]) or {}
    return None, {}


def _item(table, values, step: FigureSteps, years) -> Item:
    rules = next(item for item in table["items"] if item["code"] == step.code)
    given = values.get(step.code) or {}
    return Item(
        step.code,
        text_of(rules["label"]),
        text_of(rules["unit"]),
        tuple(step.values[year] for year in years),
        given.get("source", ""),
        given.get("explanation", ""),
        "computed" in rules,
    )
