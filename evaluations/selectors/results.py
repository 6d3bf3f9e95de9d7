"""Live results as plain rows: what is on file of a round that is computed again in parts."""

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from django.db.models import BooleanField, ExpressionWrapper, F, Q

from evaluations.domain.totals import EntryTotal
from evaluations.models import Result


class Filed(NamedTuple):
    """`revision`: which one was judged; `judged`: whether there is a total or a reason why there is none."""

    entry: int
    rank: int | None
    track_rank: int | None
    total: str | None
    numerator: str | None
    denominator: str | None
    revision: int | None
    judged: bool

    def official(self, digits: int | None) -> Fraction | None:
        """The official total, exactly."""
        if self.total is None:
            return None
        if digits is None:
            return Fraction(int(self.numerator), int(self.denominator))
        return Fraction(int(self.total.replace(".", "")), 10**digits)


def filed(round) -> dict[int, Filed]:
    """By entry. One query."""
    rows = Result.objects.filter(round=round).order_by()
    judged = ExpressionWrapper(Q(values__has_key="total"), output_field=BooleanField())
    fields = ("entry_id", "rank", "track_rank", "total", "numerator", "denominator")
    found = rows.annotate(revision=F("values__revision"), judged=judged).values_list(*fields, "revision", "judged")
    return {row[0]: Filed(*row) for row in found}


def totals_of(entries: Iterable[int]) -> list[EntryTotal]:
    """As they were collapsed. One query."""
    rows = Result.objects.filter(entry__in=list(entries)).order_by("entry_id").values_list("values", flat=True)
    return [EntryTotal.from_json(values["total"]) for values in rows]
