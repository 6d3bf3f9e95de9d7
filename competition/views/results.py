"""Results of released rounds, open to everybody. What is shown is decided in `competition.permissions.secrecy`."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import public
from accounts.figures import num
from competition import labels
from competition.domain.advancement_rule import vote_in
from competition.permissions.secrecy import against_public_outcomes
from competition.selectors import results as selectors

LANES = 30


@public
def result_list(request):
    now = timezone.now()
    page = Paginator(selectors.released_rounds(), 50).get_page(request.GET.get("page"))
    notices = selectors.notices(page.object_list)
    rows = [{"round": round, "publicity": selectors.publicity(notices.get(round.pk), at=now)} for round in page.object_list]
    context = {"rows": rows, "page": page, "demo": any(row["round"].competition.demo for row in rows)}
    return render(request, "competition/public/result_list.html", context)


def _matching(rows, asked):
    """Rows that the filters leave: name, track, region, outcome."""
    name = asked["q"].casefold()
    return [
        row
        for row in rows
        if (not name or name in row["cluster"].name_zh.casefold() or name in row["cluster"].name_en.casefold())
        and (not asked["track"] or (row["track"] and row["track"].code == asked["track"]))
        and (not asked["region"] or asked["region"] in {region.code for region in row["regions"]})
        and (not asked["outcome"] or row["outcome"] == asked["outcome"])
    ]


@public
def result(request, code, round_code):
    now = timezone.now()
    round = selectors.public_round(code, round_code)
    competition = round.competition
    rows = selectors.public_rows(round)
    publicity = selectors.publicity(selectors.notices([round]).get(round.pk), at=now)
    if publicity and publicity["phase"] == "withdrawn":
        rows = []
    asked = {name: request.GET.get(name, "").strip()[:60] for name in ("q", "track", "region", "outcome")}
    shown = _matching(rows, asked)
    page = Paginator(shown, 100).get_page(request.GET.get("page"))
    running = selectors.race(round, _matching(rows + selectors.stopped_before(round, rows), asked | {"outcome": ""})) if rows else None
    if running and len(running["lanes"]) > LANES:
        running = running | {"lanes": [], "many": len(running["lanes"])}
    if running:
        running["cut"] = any(stage["cut"] is not None for stage in running["stages"])
    if running and competition.demo:
        running["mark"] = _("Demo data")
    regions = {region.code: str(region) for row in rows for region in row["regions"]}
    counts = {code: sum(1 for row in rows if row["outcome"] == code) for code in ("advance", "reserve")}
    words = labels.outcomes(round)
    stats = [{"label": words["advance"], "value": num(counts["advance"])}]
    if counts["reserve"]:
        stats.append({"label": words["reserve"], "value": num(counts["reserve"])})
    stats.append(
        {"label": _("Regions"), "value": num(len({r.code for row in rows if row["outcome"] == "advance" for r in row["regions"]}))}
    )
    if publicity and publicity["phase"] == "running":
        stats.append({"label": _("Publicity left"), "value": num(publicity["left"]), "note": _("days")})
    context = {
        "competition": competition,
        "demo": competition.demo,
        "round": round,
        "publicity": publicity,
        "page": page,
        "rows": page.object_list,
        "total": len(rows),
        "ranked": any(row["rank"] for row in rows),
        "by_rank": round.publishes.order == "rank",
        "totals": round.publishes.totals,
        "by_vote": vote_in(round.released_rule) is not None,
        "stats": stats,
        "course": selectors.course(round) if rows else [],
        "race": running,
        "map": selectors.map_of(rows),
        "macro": selectors.macro_regions(rows) if round.publishes.whole else [],
        "asked": asked,
        "tracks": [(track.code, str(track)) for track in competition.tracks.all()],
        "regions": sorted(regions.items()),
        "outcomes": [(code, words[code]) for code in words if any(row["outcome"] == code for row in rows)],
        "others": [row for row in competition.rounds.all() if row.pk != round.pk and against_public_outcomes(row) is None],
    }
    return render(request, "competition/public/result.html", context)
