"""The analysis of a snapshot as pages and documents read it. Who may read is decided before (secrecy.against_scores)."""

from dataclasses import dataclass

from evaluations.models import Analysis
from jobs.models import Job
from jobs.selectors import latest

COMPUTE = "analysis.compute"


@dataclass(frozen=True)
class Found:
    """The newest of each kind for one snapshot; `job`: the newest computation that was asked for."""

    by_kind: dict[str, Analysis]
    job: Job | None

    @property
    def complete(self) -> bool:
        return len(self.by_kind) == len(Analysis.KINDS)

    @property
    def running(self) -> bool:
        return self.job is not None and not self.job.is_over

    def result(self, kind: str) -> dict | None:
        found = self.by_kind.get(kind)
        return found.result if found else None

    def seed(self, kind: str) -> str:
        """As it is printed: 7F3A·91C2."""
        found = self.by_kind.get(kind)
        return seed_words(found.seed) if found else ""


def analyses_of(standings, *, asked: bool = True) -> Found:
    """Two queries; one where all is there and nobody wants to know whether it was `asked` for again."""
    by_kind = {row.kind: row for row in Analysis.objects.filter(standings=standings).order_by("id")}
    found = Found(by_kind, None)
    return found if found.complete and not asked else Found(by_kind, latest(COMPUTE, f"round:{standings.round_id}"))


def seed_words(seed: int) -> str:
    digits = f"{seed:08X}"
    return f"{digits[:4]}·{digits[4:]}"


def group_of(result: dict | None, track: str = "") -> dict | None:
    """The list that a page shows: all ranked entries, or those of a track (or by a `race_key` of a group) where the rule takes by it;
    None where the analysis has no such list."""
    groups = (result or {}).get("groups", ())
    return next((group for group in groups if (group["track"] or "") == track and (group["track"] is None) == (not track)), None)


def inside_of(result: dict | None) -> dict[int, float | None]:
    """{entry: P(inside the cut)} whatever the list."""
    return {int(entry): row["p"] for group in (result or {}).get("groups", ()) for entry, row in group["rows"].items()}
