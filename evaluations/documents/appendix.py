"""The appendix of the award report: how firmly the line stands, agreement, balance. Analysis as it was on file when the report was
issued, kept as words and whole numbers; where it was not there, that is said."""

from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.figures import num, percent, signed
from competition.labels import MACRO_REGIONS
from evaluations.selectors import analysis_shown as shown
from evaluations.selectors.analysis import analyses_of
from ledger.domain.reason import Reason
from ledger.reasons import say

MOST_LANES = 24  # around the line, one list of a page
FIGURES = (("kendall_w", "Kendall's W"), ("icc_2_1", "ICC(2,1)"), ("icc_2_k", "ICC(2,k)"), ("alpha", "Krippendorff's α"))


def appendix(standings, outcomes: dict[int, str]) -> dict:
    """`outcomes`: of each entry as the proposal has it. {"computed": False} where not every kind was on file."""
    found = analyses_of(standings)
    balance = _balance(outcomes)
    if not found.complete:
        return {"computed": False, "balance": balance}
    lists = shown.lists_of(found, standings, outcomes)
    return {
        "computed": True,
        "lists": [_list(one) for one in lists if one["rows"] and one["rows"][0]["low"] is not None],
        "without": [say(Reason.from_json(result["reason"])) for result in [found.result("robustness")] if result["reason"]],
        "cases": [_case(line) for one in lists for line in one["rows"] if shown.on_the_margin(line["p"])],
        "agreement": _agreement(found.result("agreement")),
        "severity": _severity(found),
        "balance": balance,
        "seed": found.seed("robustness"),
        "draws": num(found.result("robustness").get("draws")),
        "digest": found.by_kind["robustness"].result_digest,
    }


def _list(one: dict) -> dict:
    words = ""
    if one["changing"] is not None:
        of = {"n": one["changing"], "of": one["evaluators"]}
        words = (
            ngettext(
                "Of %(of)s evaluators, taking any one out changes who is inside the line in %(n)s case.",
                "Of %(of)s evaluators, taking any one out changes who is inside the line in %(n)s cases.",
                one["changing"],
            )
            % of
        )
    start = min(max(0, one["places"] - MOST_LANES // 2), max(0, len(one["rows"]) - MOST_LANES))
    rows = [
        {
            **{name: line[name] for name in ("label", "rank", "outcome", "tied", "low", "high")},
            "total": line["total"] or "",
            "chance": "" if line["p"] is None else percent(line["p"]),
        }
        for line in one["rows"][start : start + MOST_LANES]
    ]
    lanes = {"rows": rows, "cut": one["places"] or None, "reserve": one["reserve"], "size": one["size"]}
    return {"name": one["name"], "words": words, "lanes": lanes, "left_off": one["size"] - len(rows)}


def _case(line: dict) -> dict:
    return {
        "rank": line["rank"],
        "name": line["name"],
        "total": line["total"],
        "p": percent(line["p"]),
        "interval": f"{line['low']}–{line['high']}",
        "margin": signed(line["margin"], 2),
        "errors": signed(line["margin_se"], 1),
        "removals": line["removals"],
    }


def _agreement(result: dict) -> list[dict]:
    names = dict(FIGURES) | {"kendall_w": _("Kendall's W"), "alpha": _("Krippendorff's α")}
    return [
        {"label": line["label"], "value": num(line["value"], 2), "reason": say(line["reason"]) if line["reason"] else ""}
        for line in shown.agreement_lines(result, names)
    ]


def _severity(found) -> list[str]:
    words = [say(reason) for reason in shown.severity_reasons(found).values()]
    extremes = shown.extremes_of(found)
    if extremes:
        strict, generous = (signed(value, 1) for value in extremes)
        words.insert(0, _("Severity of the evaluators: from %(a)s to %(b)s points.") % {"a": strict, "b": generous})
    return words


def _balance(outcomes: dict[int, str]) -> dict:
    """Exact, and of the list as it is proposed."""
    regions = shown.regions_now(outcomes, shown.macro_regions(outcomes))
    rows = [
        {"name": str(words), "entered": len(regions["marks"][code]), "inside": regions["inside"][code]}
        for code, words in MACRO_REGIONS.items()
    ]
    gini = {name: num(value, 2) if isinstance(value, Fraction) else "—" for name, value in regions.items() if name.startswith("gini")}
    return {"rows": rows, "n": regions["n"], **gini}
