"""Live results as plain rows: what is on file of a round that is computed again in parts."""

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from django.db.models import BigIntegerField, BooleanField, ExpressionWrapper, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

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

    def official(self, digits: int | None) -> int | Fraction:
        """The official total of a ranked entry, exactly, times `unit_of(digits)`."""
        return Fraction(int(self.numerator), int(self.denominator)) if digits is None else int(self.total.replace(".", ""))


def unit_of(digits: int | None) -> int:
    """What makes whole numbers of totals rounded to so many digits."""
    return 1 if digits is None else 10**digits


def filed(round) -> dict[int, Filed]:
    """By entry. One query."""
    rows = Result.objects.filter(round=round).order_by()
    judged = ExpressionWrapper(Q(values__has_key="total"), output_field=BooleanField())
    fields = ("entry_id", "rank", "track_rank", "total", "numerator", "denominator")
    revision = Cast(KeyTextTransform("revision", "values"), BigIntegerField())
    found = rows.annotate(revision=revision, judged=judged).values_list(*fields, "revision", "judged")
    return {row[0]: Filed(*row) for row in found}


def totals_of(entries: Iterable[int]) -> list[EntryTotal]:
    """As they were collapsed. One query."""
    rows = Result.objects.filter(entry__in=list(entries)).order_by("entry_id").values_list("values", flat=True)
    return [EntryTotal.from_json(values["total"]) for values in rows]
