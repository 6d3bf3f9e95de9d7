"""A round among the rounds of its competition, with how far its judging came."""

from django.db.models import Case, IntegerField, JSONField, OuterRef, Subquery, When
from django.http import Http404

from accounts.permissions import require, visible
from accounts.sql import CountOf, rows_of
from competition.documents.course import counted
from competition.models import AdvancementRule, Competition, Round
from evaluations.models import Assignment, Criterion, Rubric, Sheet, Undertaking


def round_in_course(viewer, pk, *, action="round.view") -> tuple[Round, list[Round]]:
    """The round and all of its competition, `counted`; the round with `locked` and `submitted` sheets, `signed` undertakings, `judges`,
    how many should sign, `named`, what its rubric's parts are called, and `newest_rule`, of its advancement. One query. Http404 for
    strangers, NotAllowed for colleagues without `action`."""
    known = visible(viewer, "competition.view", Competition).values("pk")
    rows = Round.objects.filter(competition__rounds=pk, competition__in=known).select_related("competition__region")
    rows = rows.annotate(**{name: _here(pk, number, IntegerField()) for name, number in _progress().items()})
    rule = AdvancementRule.objects.filter(round=OuterRef("pk")).order_by("-version").values("rule")[:1]
    rows = rows.annotate(named=_here(pk, _names(), JSONField()), newest_rule=_here(pk, Subquery(rule), JSONField()))
    rounds = counted(rows)
    found = next((row for row in rounds if row.pk == pk), None)
    if found is None:
        raise Http404
    for row in rounds:
        row.competition = found.competition
    found.named = {code: {"code": code, "name_zh": zh, "name_en": en} for row in found.named or () for code, zh, en in (row[:3], row[3:])}
    require(viewer, action, found)
    return found, rounds


def _progress() -> dict[str, CountOf]:
    sheets = Sheet.objects.filter(assignment__entry__round=OuterRef("pk"))
    judges = Assignment.objects.filter(state="confirmed").values("evaluator")
    signed = Undertaking.objects.filter(round=OuterRef("pk"), evaluator__in=judges.filter(entry__round=OuterRef(OuterRef("pk"))))
    return {
        "locked": CountOf(sheets.filter(state="locked").values("pk")),
        "submitted": CountOf(sheets.filter(state="submitted").values("pk")),
        "signed": CountOf(signed.values("pk")),
        "judges": CountOf(judges.filter(entry__round=OuterRef("pk")).order_by().distinct()),
    }


def _names():
    newest = Rubric.objects.filter(round=OuterRef(OuterRef("pk"))).order_by("-version").values("pk")[:1]
    columns = ("code", "name_zh", "name_en", "dimension__code", "dimension__name_zh", "dimension__name_en")
    return rows_of(Criterion.objects.filter(dimension__rubric=newest), *columns)


def _here(pk, value, kind) -> Case:
    """Asked of the one round only."""
    return Case(When(pk=pk, then=value), output_field=kind)
