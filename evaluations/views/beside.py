"""What the page of the standings shows beside the official result: intervals, chances, regions, agreement. Labelled as analysis."""

from accounts.job_faults import fault_words
from accounts.permissions import can
from competition.documents import charts
from competition.labels import MACRO_REGIONS
from evaluations.selectors.analysis import Found, group_of, inside_of
from evaluations.selectors.analysis_shown import extremes_of, margin_cases, on_the_margin, regions_now

MOST_UNITS = 14  # clusters of one macro-region that are drawn one by one


class Drawn:
    """The robustness of one list. Intervals belong to the list that was drawn; the chance to be inside belongs to the entry."""

    def __init__(self, found: Found, track: str):
        robust = found.result("robustness")
        self.group = group_of(robust, track)
        self.rows = self.group["rows"] if self.group else {}
        self.inside = inside_of(robust)
        self.removed = {entry: row for one in (robust or {}).get("groups", ()) for entry, row in one["rows"].items()}
        self.draws = (robust or {}).get("draws")
        self.seed = found.seed("robustness")

    @property
    def intervals(self) -> bool:
        return bool(self.rows)

    @property
    def chances(self) -> bool:
        return any(p is not None for p in self.inside.values())

    def interval(self, row) -> tuple[int | None, int | None]:
        drawn = self.rows.get(str(row.entry_id))
        return (drawn["low"], drawn["high"]) if drawn else (None, None)

    def chance(self, row) -> tuple[float | None, int, bool]:
        """P(inside), how many removals of one evaluator change it, and whether it is a margin case."""
        p = self.inside.get(row.entry_id)
        margin = on_the_margin(p)
        return p, (self.removed[str(row.entry_id)]["removals"] or 0) if margin else 0, margin

    def error(self, row) -> float | None:
        """The standard error of the gap between the last inside and the first outside."""
        drawn = self.rows.get(str(row.entry_id)) if row is not None else None
        return drawn["margin"] / drawn["margin_se"] if drawn and drawn["margin_se"] else None


def beside(request, round, line, found: Found, known: dict) -> dict:
    """The panels of the rail; `known`: {entry: its standing}, those on the margin among them."""
    regions = regions_now(line.outcomes, {place.entry: place.macro_region for place in line.everywhere}) if line.outcomes else None
    return {
        "regions": regions,
        "region_units": _units(regions) if regions else "",
        "region_lines": _lines(regions) if regions else (),
        "margin_cases": margin_cases(found, known) if inside_of(found.result("robustness")) else None,
        "agreed": found.result("agreement"),
        "extremes": extremes_of(found),
        **asking(request, round, found),
    }


def asking(request, round, found: Found) -> dict:
    """What evaluations/running/analysis_ask.html asks for."""
    return {
        "analysis": found,
        "fault": fault_words(found.job) if found.job is not None and found.job.is_over else "",
        "may_compute": can(request.user, "analysis.compute", round).allowed,
    }


def _note(regions, code) -> str:
    return f"{regions['inside'][code]} / {len(regions['marks'][code])}"


def _lines(regions) -> list[tuple]:
    return [(words, _note(regions, code)) for code, words in MACRO_REGIONS.items()]


def _units(regions):
    """One mark for each cluster; where a region has too many for that, the numbers stand alone."""
    if max(map(len, regions["marks"].values())) > MOST_UNITS:
        return ""
    return charts.units([(str(words), regions["marks"][code], _note(regions, code)) for code, words in MACRO_REGIONS.items()])
