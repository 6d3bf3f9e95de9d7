"""A judged round with computed criteria: what each entry reported over three years, and a track to compare it with."""

from competition.models import Form
from evaluations.models import Criterion
from tests.factories.accounts import make_user
from tests.factories.competition import make_application, make_entry, make_revision
from tests.factories.judging import TABLE, Judged

ITEMS = [
    {"code": "output", "label": {"zh": "产值", "en": "Output"}, "unit": {"zh": "亿元", "en": "100 m CNY"}},
    {"code": "growth", "label": {"zh": "增速", "en": "Growth"}, "unit": {"zh": "%", "en": "%"}, "computed": {"growth": "output"}},
]
FIGURES = {"X": ("400", "500", "550"), "Y": ("80", "100", "120"), "Z": ("200", "300", "360")}


DEFINITION = {"sections": [{"code": "s", "fields": [{"code": "figures", "type": "table", "items": ITEMS}]}]}


class Measured(Judged):
    """A1 40, B1 40, M1 10 (linear, of the growth), M2 10 (share of the track, of the output)."""

    def __init__(self, figures=None, *, table=None, **fields):
        self.figures = FIGURES if figures is None else figures
        super().__init__({name: (table or TABLE).get(name, TABLE["X"]) for name in self.figures}, **fields)
        Criterion.objects.filter(dimension__rubric__round=self.round).update(weight=400_000)
        dimension = Criterion.objects.get(dimension__rubric__round=self.round, code="B1").dimension
        for code, item, function in (
            ("M1", "growth", {"linear": {"floor": "0", "target": "40"}}),
            ("M2", "output", {"percentile": {}}),
        ):
            names = {"name_zh": f"指标{code}", "name_en": f"Criterion {code}"}
            Criterion.objects.create(
                dimension=dimension, code=code, kind="metric", weight=100_000, order=7, function=function, data_item=item, **names
            )

    def enter(self, name):
        Form.objects.get_or_create(round=self.round, version=1, defaults={"definition": DEFINITION, "digest": "0" * 64})
        application = make_application(self.round, make_user(), state="accepted")
        values = dict(zip(("2023", "2024", "2025"), self.figures[name], strict=True))
        data = {"figures": {"output": {"values": values, "source": f"年报{name}"}}}
        return make_entry(self.round, application.created_by, application=application, revision=make_revision(application, data=data))
