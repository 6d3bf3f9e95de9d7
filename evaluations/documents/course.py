"""How the field came to where it is: funnel, regions and ranks over the rounds, as charts take them."""

from collections import Counter
from itertools import pairwise

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from competition.domain.advancement_rule import parse_rule
from competition.models import Application, Entry, Region

MARKS = {"advance": "in", "reserve": "reserve"}
MOST_LANES = 40


def rounds_until(round) -> list:
    return [other for other in round.competition.rounds.order_by("order") if other.order <= round.order]


def funnel_of(round, outcomes) -> list[list]:
    """[name, how many, note] from the applications to what is proposed now."""
    submitted = Application.objects.filter(competition=round.competition_id, revisions__isnull=False)
    applied = submitted.exclude(comeback__rule__enters__order__gt=1).distinct().count()
    joined = Counter(
        Entry.objects.filter(round__competition=round.competition_id, application__comeback__rule__enters=F("round")).values_list(
            "round__order", flat=True
        )
    )
    rounds = list(
        round.competition.rounds.filter(order__lte=round.order)
        .annotate(entered=Count("entries"), went_on=Count("entries", filter=Q(entries__outcome="advance")))
        .order_by("order")
    )
    accepted = rounds[0].entered
    gone = applied - accepted
    left = ngettext("%(n)s not accepted or withdrawn", "%(n)s not accepted or withdrawn", gone) % {"n": gone} if gone > 0 else ""
    steps = [[pgettext("stage", "Applied"), max(applied, accepted), ""], [pgettext("stage", "Accepted"), accepted, left]]
    for earlier, following in pairwise(rounds):
        back = joined[following.order]
        note = ngettext("%(n)s more let in again", "%(n)s more let in again", back) % {"n": back} if back else ""
        steps.append([_("After %(round)s") % {"round": earlier}, earlier.went_on, note])
    reserve = outcomes.count("reserve")
    last = not round.competition.rounds.filter(order__gt=round.order).exists()
    name = pgettext("stage", "Recommended") if last else pgettext("stage", "To advance")
    steps.append([name, outcomes.count("advance"), _("reserve %(n)s") % {"n": reserve} if reserve else ""])
    return steps


def regions_of(round, rows, places) -> list[dict]:
    """By lead region: entered the competition, ranked now, recommended now."""
    entered = Counter(
        Application.objects.filter(competition=round.competition_id, revisions__isnull=False)
        .distinct()
        .values_list("cluster__lead_region", flat=True)
    )
    ranked, advanced = Counter(), Counter()
    for row in rows:
        code = row.entry.application.cluster.lead_region_id
        ranked[code] += row.rank is not None
        advanced[code] += row.outcome == "advance"
    codes = sorted(set(entered) | set(ranked))
    names = {region.code: str(region) for region in Region.objects.filter(code__in=codes)}
    return [
        {"name": names[code], "entered": max(entered[code], ranked[code]), "ranked": ranked[code], "advanced": advanced[code]}
        for code in codes
    ]


def tiles_of(rows) -> dict:
    """What is recommended, by tile; a city counts with its province, a joint cluster in each of its provinces."""
    counts: Counter = Counter()
    regions = {region.code: region for region in Region.objects.all()}
    for row in rows:
        if row.outcome == "advance":
            counts.update({_tile(regions, region.code) for region in row.entry.application.cluster.regions.all()})
    shown = [region for region in regions.values() if region.tile_col is not None]
    return {
        "regions": [
            {
                "key": region.code,
                "label": region.short_zh,
                "name": str(region),
                "col": region.tile_col,
                "row": region.tile_row,
                "recommends": region.recommends,
            }
            for region in shown
        ],
        "counts": dict(counts),
        "title": _("Recommended clusters by region"),
    }


def _tile(regions, code: str) -> str:
    region = regions[code]
    return code if region.tile_col is not None or region.parent_id is None else _tile(regions, region.parent_id)


def race_of(proposal, rows) -> dict | None:
    """Ranks over the rounds, each from the snapshot its proposal stood on; None while there is but one round."""
    rounds = rounds_until(proposal.round)
    if len(rounds) < 2:
        return None
    found: dict[int, list[int]] = {}
    joined: dict[int, int] = {}
    clusters: dict[int, object] = {}
    stages = []
    for number, round in enumerate(rounds):
        released = round.proposals.filter(state="released").select_related("standings", "rule").first()
        standings = proposal.standings if round.pk == proposal.round_id else released.standings if released else None
        places = standings.rows.filter(rank__isnull=False).select_related("entry__application__cluster") if standings else []
        going = 0
        for place in places:
            application = place.entry.application
            ranks = found.setdefault(application.pk, [])
            joined.setdefault(application.pk, number)
            if len(ranks) + joined[application.pk] == number:  # whoever was not ranked in between has no way to show
                ranks.append(place.rank)
                clusters[application.pk] = application.cluster
        if round.pk == proposal.round_id:
            going = sum(row.outcome == "advance" for row in rows)
        elif released:
            going = released.rows.filter(outcome="advance").count()
        line = parse_rule((proposal if round.pk == proposal.round_id else released).rule.rule).draws_line if standings else False
        stages.append({"name": str(round), "note": f"{len(places)} → {going}", "cut": going if line else None})
    now = {row.entry.application_id: row for row in rows}
    ranks_now = Counter(row.rank for row in rows)
    lanes = [
        {
            "key": str(pk),
            "label": clusters[pk].words("short"),
            "name": str(clusters[pk]),
            "ranks": ranks,
            "outcome": MARKS.get(now[pk].outcome, "out") if pk in now else "out",
            "tied": pk in now and ranks_now[now[pk].rank] > 1,
            "joined": joined[pk],
        }
        for pk, ranks in found.items()
        if ranks
    ]
    if len(lanes) > MOST_LANES:
        lanes = [lane for lane in lanes if lane["joined"] + len(lane["ranks"]) == len(rounds)]
    return {"lanes": lanes, "stages": stages, "chosen": []}
