"""The analysis of a closed round on a page of its own: charts with their tables, all beside the official result."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.figures import num, percent
from competition.documents import charts
from competition.documents.charts import Judge
from competition.labels import MACRO_REGIONS
from competition.models import Region
from competition.permissions.secrecy import against_scores
from competition.services.standings import read_standings
from evaluations.selectors import analysis_shown as shown
from evaluations.selectors.analysis import analyses_of, seed_words
from evaluations.selectors.ballots import VOTE
from evaluations.selectors.flags import flags_of
from evaluations.selectors.line import line_of
from evaluations.services.analysis import ask_analysis
from evaluations.views.beside import asking
from evaluations.views.running import PAGE, found_round, frame, withheld
from ledger.domain.reason import Reason

AGREEMENT = {
    "kendall_w": gettext_lazy("Kendall's W"),
    "icc_2_1": "ICC(2,1)",
    "icc_2_k": "ICC(2,k)",
    "alpha": gettext_lazy("Krippendorff's α"),
    "alpha_k": gettext_lazy("α of the panel together"),
}
SPREAD = ("entries", "winners", "output")


@require_GET
def standings_analysis(request, pk, round_pk):
    """As secret as the standings; the reading is recorded."""
    round = found_round(request, pk, round_pk)
    if reason := against_scores(request.user, round):
        return withheld(request, round, reason)
    snapshot = read_standings(round, viewer=request.user, at=timezone.now(), part="analysis")
    if snapshot is None or VOTE in snapshot.method:
        raise Http404
    found = analyses_of(snapshot)
    names = round.state == "released"
    context = frame(round) | asking(request, round, found) | {"snapshot": snapshot, "names": names, "flags": flags_of(round)[:PAGE]}
    if found.by_kind:
        line = line_of(round, snapshot)
        context |= {
            "lists": [_drawn(one, found) for one in shown.lists_of(found, snapshot, line.outcomes)],
            "reasons": {kind: _reason(found.result(kind)) for kind in ("robustness", "weights")},
            "seeds": {kind: seed_words(row.seed) for kind, row in found.by_kind.items()},
            "computed_at": max(row.computed_at for row in found.by_kind.values()),
            "outliers": shown.outliers_of(found),
            "severity_reasons": shown.severity_reasons(found),
            "agreement": _agreement(found),
            **_judges(found, names),
            **_balance(found),
        }
    return render(request, "evaluations/running/analysis.html", context)


@require_POST
def analysis_ask(request, pk, round_pk):
    round = found_round(request, pk, round_pk)
    ask_analysis(round, actor=request.user, at=timezone.now())
    messages.success(request, _("The analysis is being computed."))
    return redirect("evaluations:standings_analysis", pk, round_pk)


def _reason(result: dict | None) -> Reason | None:
    return Reason.from_json(result["reason"]) if result and result.get("reason") else None


def _drawn(one: dict, found) -> dict:
    """A list with its two pictures: evaluators drawn again, weights drawn around the official ones."""

    def row(line, values):
        facts = {"label": line["label"], "rank": line["rank"], "outcome": line["outcome"], "tied": line["tied"], "total": line["total"]}
        chance = "" if values["p"] is None else percent(values["p"])
        return charts.Row(**facts, low=values["low"], high=values["high"], chance=chance)

    size = {"cut": one["places"] or None, "reserve": one["reserve"], "size": one["size"]}
    drawn = [row(line, line) for line in one["rows"]]
    weighed = [row(line, line["weights"]) for line in one["rows"]]
    return one | {
        "drawn": charts.lanes(drawn, **size) if drawn[0].low is not None else "",
        "weighed": charts.lanes(weighed, **size) if weighed[0].low is not None else "",
        "drawn_stacked": charts.lanes(drawn, stacked=True, **size),
        "weighed_stacked": charts.lanes(weighed, stacked=True, **size),
        "weighed_table": charts.lanes_table(weighed),
        "compared": shown.compared(found, one["rows"]),
    }


def _judges(found, names: bool) -> dict:
    judges = shown.judges_of(found, names=names)
    rows = [
        Judge(
            f"{row['code']} {row['name']}".strip(),
            row["severity"],
            row["se"],
            tuple(row["five"]),
            row["scores"],
        )
        for row in judges["rows"]
    ]
    if not rows:
        return {"judges": []}
    return {
        "judges": rows,
        "judges_left_off": judges["left_off"],
        "components": judges["components"],
        "severities": charts.severities(rows),
        "severities_stacked": charts.severities(rows, stacked=True),
        "severities_table": charts.severities_table(rows),
        "spreads": charts.spreads(rows),
        "spreads_stacked": charts.spreads(rows, stacked=True),
        "spreads_table": charts.spreads_table(rows),
    }


def _agreement(found) -> dict | None:
    result = found.result("agreement")
    if result is None:
        return None
    return result | {"lines": shown.agreement_lines(result, AGREEMENT)}


def _balance(found) -> dict:
    balance = shown.balance_of(found)
    if balance is None:
        return {"balance": None}
    totals = {"entries": balance["entries"], "winners": balance["winners"], "output": balance["total_output"]}
    names = [_("entries"), _("inside the line"), _("reported output")]
    kept = [name for name in SPREAD if totals[name]]

    def cell(row, name) -> str:
        return num(row[name], 0 if name != "output" else 2)

    groups = [
        (
            str(MACRO_REGIONS[row["code"]]),
            [float(row[name] / totals[name]) for name in kept],
            [f"{cell(row, name)}　{percent(row[name] / totals[name])}" for name in kept],
        )
        for row in balance["macro"]
    ]
    heads = (_("region"), *(names[SPREAD.index(name)] for name in SPREAD))
    provinces = [(row["name"], *(cell(row, name) for name in SPREAD)) for row in balance["provinces"]]
    macro = [(str(MACRO_REGIONS[row["code"]]), *(cell(row, name) for name in SPREAD)) for row in balance["macro"]]
    tiles = [
        charts.Region(region.code, region.short_zh, str(region), region.tile_col, region.tile_row, region.recommends)
        for region in Region.objects.exclude(tile_col=None)
    ]
    return {
        "balance": balance,
        "shares": charts.shares(groups),
        "shares_legend": charts.shares_legend([names[SPREAD.index(name)] for name in kept]),
        "shares_table": charts.table(_("Shares of the regions"), heads, macro),
        "tiles": charts.tiles(tiles, {row["code"]: int(row["entries"]) for row in balance["provinces"]}),
        "tiles_table": charts.table(_("By province"), heads, provinces),
    }
