"""Which grade the lines of a snapshot have earned, where their round's rule has grades. Who may read is decided before."""

from django.db.models import OuterRef, Subquery

from competition.domain.advancement_rule import parse_rule
from competition.domain.grades import Band, grade_of, official_total
from competition.models import Proposal, Standing
from competition.rule_wording import grade_name

# Of a round: the rule (as data) that its released proposal stands on, or None.
RELEASED_RULE = Subquery(Proposal.objects.filter(round=OuterRef("pk"), state="released").values("rule__rule")[:1])


class Grading:
    """Of one rule (as data, or None) on snapshots with one `method`. False where the rule has no grades."""

    def __init__(self, rule: dict | None, method: dict):
        self.bands = parse_rule(rule).bands if rule else ()
        self.method = method

    def __bool__(self) -> bool:
        return bool(self.bands)

    def band(self, row: Standing) -> Band | None:
        """Only ranked ones have a grade."""
        if row.rank is None or not self.bands:
            return None
        return grade_of(self.bands, official_total(row.total, row.exact, self.method))

    def code(self, row: Standing) -> str | None:
        band = self.band(row)
        return band.code if band else None

    def word(self, row: Standing | None) -> str:
        """The grade's name in the language under way; empty without one."""
        band = self.band(row) if row is not None else None
        return grade_name(band) if band else ""


def grade_of_entry(entry) -> Band | None:
    """As released, in the entry's own round."""
    row = entry.standings.filter(standings__proposals__state="released").select_related("standings").first()
    rule = row.standings.proposals.filter(state="released").values_list("rule__rule", flat=True).first() if row else None
    return Grading(rule, row.standings.method).band(row) if rule else None


def released_grades(round) -> dict[int, str]:
    """{entry: name of its grade} of a round with its `released_rule`: one query, and only where that has grades."""
    if not Grading(round.released_rule, {}):
        return {}
    rows = list(
        Standing.objects.filter(standings__proposals__round=round, standings__proposals__state="released").select_related("standings")
    )
    return {row.entry_id: word for row in rows if (word := Grading(round.released_rule, row.standings.method).word(row))}
