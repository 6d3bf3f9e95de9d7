"""Rows of the judging for tests."""

from evaluations.models import Assignment, Criterion, Dimension, Evaluator, Mark, Rubric, Sheet
from tests.factories.competition import NOW
from tests.factories.serial import serial


def make_evaluator(user, **fields) -> Evaluator:
    regions, sectors = fields.pop("regions", ()), fields.pop("sectors", ())
    evaluator = Evaluator.objects.create(user=user, **{"code": f"E-{serial()}"} | fields)
    evaluator.regions.set(regions)
    evaluator.sectors.set(sectors)
    return evaluator


def make_rubric(round, weights=None) -> Rubric:
    """A rubric of expert criteria. `weights`: code → percent; the letter before the digit is the dimension."""
    weights = weights or {"A1": 60, "B1": 40}
    rubric = Rubric.objects.create(round=round, version=round.rubrics.count() + 1)
    dimensions = {}
    for order, (code, weight) in enumerate(weights.items()):
        letter = code[0]
        if letter not in dimensions:
            dimensions[letter] = Dimension.objects.create(
                rubric=rubric, code=letter, name_zh=f"维度{letter}", name_en=f"Dimension {letter}", order=len(dimensions)
            )
        Criterion.objects.create(
            dimension=dimensions[letter],
            code=code,
            name_zh=f"指标{code}",
            name_en=f"Criterion {code}",
            kind="expert",
            weight=weight * 10_000,
            order=order,
        )
    return rubric


def add_unweighted(round, rows) -> dict[str, Criterion]:
    """Bonuses (from −3 to 2 in steps of 0.5) and vetoes for a rubric. `rows`: code → (kind, given by)."""
    rubric = round.rubrics.first()
    dimension = Dimension.objects.create(rubric=rubric, code="Z", name_zh="加减分与否决", name_en="Unweighted", order=90)
    made = {}
    for order, (code, (kind, given_by)) in enumerate(rows.items()):
        bounds = {"least": -300, "maximum": 200, "step": 50} if kind == "bonus" else {"maximum": 100, "step": 100}
        missing = "exclude" if given_by == "organiser" else "required"
        fields = {"name_zh": f"指标{code}", "name_en": f"Criterion {code}", "order": order, "missing": missing, **bounds}
        made[code] = Criterion.objects.create(dimension=dimension, code=code, kind=kind, given_by=given_by, weight=None, **fields)
    return made


def make_assignment(entry, evaluator, **fields) -> Assignment:
    return Assignment.objects.create(
        entry=entry, evaluator=evaluator, **{"state": "confirmed", "source": "hand", "created_at": NOW} | fields
    )


def make_sheet(assignment, marks=None, **fields) -> Sheet:
    """`marks`: criterion code → hundredths, or None for an abstention."""
    rubric = fields.pop("rubric", None) or assignment.entry.round.rubrics.first()
    sheet = Sheet.objects.create(assignment=assignment, revision=assignment.entry.revision, rubric=rubric, **fields)
    criteria = {criterion.code: criterion for criterion in Criterion.objects.filter(dimension__rubric=rubric)}
    Mark.objects.bulk_create(
        [Mark(sheet=sheet, criterion=criteria[code], value=value, abstained=value is None) for code, value in (marks or {}).items()]
    )
    return sheet
