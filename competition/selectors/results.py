"""What the public sees of a released round, as the publication setting lets it. Nothing here is read before the release."""

from collections import Counter
from itertools import dropwhile, takewhile

from django.db.models import Count, Prefetch, Q
from django.http import Http404
from django.urls import reverse

from competition import labels
from competition.domain.advancement_rule import parse_rule, vote_in
from competition.domain.calendar import beijing_date, end_of
from competition.domain.states import GONE
from competition.domain.votes import ballots_in
from competition.models import Notice, ProposalRow, Region, Round, Standing
from competition.permissions.secrecy import against_public_outcomes, against_public_ranks, against_public_totals
from competition.selectors.grades import RELEASED_RULE, released_grades
from competition.selectors.parties import partners_by_revision


def released_rounds():
    """Those of which something is published, newest release first; with competition and notice: two queries."""
    return (
        Round.objects.filter(state="released")
        .exclude(competition__state="draft")
        .exclude(publication__shown="nothing")
        .select_related("competition")
        .prefetch_related("competition__rounds")
        .order_by("-released_at", "-pk")
    )


def notices(rounds) -> dict[int, Notice]:
    """By round."""
    found = Notice.objects.filter(proposal__round__in=[round.pk for round in rounds], proposal__state="released").select_related("proposal")
    return {notice.proposal.round_id: notice for notice in found}


def public_round(code, round_code) -> Round:
    """Http404 for whatever the public may not see, whether it exists or not."""
    found = (
        Round.objects.filter(competition__code=code, code=round_code)
        .annotate(released_rule=RELEASED_RULE)
        .select_related("competition")
        .prefetch_related(Prefetch("competition__rounds", Round.objects.annotate(released_rule=RELEASED_RULE)))
    )
    round = found.first()
    if round is None or round.competition.state == "draft" or against_public_outcomes(round):
        raise Http404
    return round


def public_rows(round) -> list[dict]:
    """The chosen, in region order; with those not chosen, ranks, groups, totals and order by rank where the round publishes them.
    Who left the race since is not named. A fixed number of queries whatever the number of entries."""
    if against_public_outcomes(round):
        return []
    publishes, ranks = round.publishes, against_public_ranks(round) is None
    entries = (
        round.entries.exclude(state__in=GONE)
        .select_related("track", "application__cluster__lead_region", "condition")
        .prefetch_related("application__cluster__regions__parent")
    )
    if not publishes.whole:
        entries = entries.filter(outcome="advance")
    places = {}
    if ranks:
        places = dict(ProposalRow.objects.filter(proposal__round=round, proposal__state="released").values_list("entry_id", "rank"))
    totals = _totals(round)
    tied = Counter(rank for rank in places.values() if rank is not None)
    words = labels.outcomes(round)
    grades = released_grades(round)
    entries = list(entries)
    partners = partners_by_revision([entry.revision_id for entry in entries], round.competition)
    rows = []
    for entry in entries:
        cluster = entry.application.cluster
        provinces = {region.parent or region for region in cluster.regions.all()} or {cluster.lead_region}
        rank = places.get(entry.pk)
        rows.append(
            {
                "application": entry.application_id,
                "cluster": cluster,
                "partners": partners.get(entry.revision_id, []),
                "track": entry.track,
                "group": entry.group if ranks else None,
                "regions": sorted(provinces, key=lambda region: region.code),
                "macro": cluster.lead_region.macro_region,
                "outcome": entry.outcome,
                "words": words.get(entry.outcome, ""),
                "pill": labels.OUTCOME_PILLS.get(entry.outcome, ""),
                "grade": grades.get(entry.pk, ""),
                "condition": getattr(entry, "condition", None),
                "rank": rank,
                "total": totals.get(entry.pk),
                "tied": rank is not None and tied[rank] > 1,
            }
        )
    by_rank = ranks and publishes.order == "rank"
    if by_rank:
        rows.sort(key=lambda row: (row["rank"] is None, row["rank"] or 0, row["cluster"].lead_region_id, row["cluster"].name_zh))
    else:
        rows.sort(key=lambda row: (row["outcome"] != "advance", row["cluster"].lead_region_id, row["cluster"].name_zh))
    return rows


def _totals(round) -> dict[int, str]:
    """By entry, of the standings that the released proposal stands on; empty where totals are not published. Of a vote they are the yes
    votes of those who may vote."""
    if against_public_totals(round):
        return {}
    rows = Standing.objects.filter(standings__proposals__round=round, standings__proposals__state="released")
    if vote_in(round.released_rule):
        counts = ((pk, ballots_in(panel)) for pk, panel in rows.values_list("entry_id", "panel"))
        return {pk: f"{found.yes} / {found.members}" for pk, found in counts if found}
    return dict(rows.filter(total__isnull=False).values_list("entry_id", "total"))


def course(round) -> list[list]:
    """[name, how many] from the applications to those who were chosen, published rounds only."""
    competition = round.competition
    rounds = [row for row in competition.rounds.all() if row.order <= round.order and against_public_outcomes(row) is None]
    found = [[str(labels.STEP_ENTERED), competition.applications.filter(revisions__isnull=False).distinct().count()]]
    found += [[str(row), row.entries.count()] for row in rounds]
    found.append([str(labels.outcomes(round)["advance"]), round.entries.filter(outcome="advance").exclude(state__in=GONE).count()])
    return found


def _is_none(rank) -> bool:
    return rank is None


def _is_rank(rank) -> bool:
    return rank is not None


def race(round, rows) -> dict | None:
    """Lanes of the clusters named in `rows` over the rounds whose ranks are published; None where this round's are not."""
    if against_public_ranks(round):
        return None
    rounds = [row for row in round.competition.rounds.all() if row.order <= round.order and against_public_ranks(row) is None]
    ranks: dict[int, dict[int, int]] = {}
    released = ProposalRow.objects.filter(proposal__round__in=rounds, proposal__state="released", rank__isnull=False)
    outcomes = Counter()
    for application, round_id, rank, outcome in released.values_list(
        "entry__application_id", "proposal__round_id", "rank", "entry__outcome"
    ):
        ranks.setdefault(application, {})[round_id] = rank
        outcomes[round_id, outcome] += 1
    lanes = []
    for row in rows:
        mine = ranks.get(row["application"], {})
        begun = list(dropwhile(_is_none, [mine.get(stage.pk) for stage in rounds]))
        run = list(takewhile(_is_rank, begun))
        if run:
            lanes.append(
                {
                    "key": str(row["application"]),
                    "label": row["cluster"].words("short"),
                    "name": str(row["cluster"]),
                    "ranks": run,
                    "outcome": labels.OUTCOME_MARKS.get(row["outcome"], "out"),
                    "tied": row["tied"],
                    "joined": len(rounds) - len(begun),
                }
            )
    entered = Counter(dict(_entered(rounds)))
    stages = [
        {
            "name": str(stage),
            "note": f"{entered[stage.pk]} → {outcomes[stage.pk, 'advance']}",
            "cut": outcomes[stage.pk, "advance"] if parse_rule(stage.released_rule).draws_line else None,
        }
        for stage in rounds
    ]
    lanes.sort(key=lambda lane: (-lane["joined"] - len(lane["ranks"]), lane["ranks"][-1]))
    return {"lanes": lanes, "stages": stages} if lanes else None


def _entered(rounds):
    return Round.objects.filter(pk__in=[row.pk for row in rounds]).annotate(n=Count("entries")).values_list("pk", "n")


def map_of(rows) -> dict:
    """Every province-level tile and how many of `rows` lie in it; joint ones count in each."""
    counts = Counter(region.code for row in rows for region in row["regions"])
    tiles = [
        {
            "key": region.code,
            "label": region.short_zh,
            "name": str(region),
            "col": region.tile_col,
            "row": region.tile_row,
            "recommends": region.recommends,
        }
        for region in Region.objects.filter(tile_col__isnull=False)
    ]
    return {"regions": tiles, "counts": dict(counts)}


def macro_regions(rows) -> list[tuple]:
    """(name, marks, note) of each macro region that has any."""
    found = []
    for code, name in labels.MACRO_REGIONS.items():
        mine = [labels.OUTCOME_MARKS.get(row["outcome"], "out") for row in rows if row["macro"] == code]
        if mine:
            chosen = mine.count("in")
            found.append((str(name), sorted(mine, key=("in", "reserve", "out").index), f"{chosen} / {len(mine)}"))
    return found


def publicity(notice, *, at) -> dict | None:
    """Its period and where it stands."""
    if notice is None:
        return None
    ends_at = end_of(notice.ends_on)
    phase = "withdrawn" if notice.state != "published" else "over" if beijing_date(at) > notice.ends_on else "running"
    return {"notice": notice, "ends_at": ends_at, "phase": phase, "left": max(0, (notice.ends_on - beijing_date(at)).days + 1)}


def stopped_before(round, rows) -> list[dict]:
    """Those who left the race in an earlier released round, where both rounds name those not chosen."""
    known = {row["application"] for row in rows}
    found = []
    if not round.publishes.whole:
        return found
    for earlier in sorted(round.competition.rounds.all(), key=lambda row: -row.order):
        if earlier.order < round.order and earlier.state == "released" and earlier.publishes.whole:
            for row in public_rows(earlier):
                if row["application"] not in known:
                    known.add(row["application"])
                    found.append(row | {"outcome": "eliminated", "tied": False})
    return found


def front_results(at) -> dict:
    """For the front page: `lists` under publicity, and `editions` whose last round is released; both the newest first."""
    rounds = list(released_rounds()[:50])
    counts = dict(
        Round.objects.filter(pk__in=[round.pk for round in rounds])
        .annotate(n=Count("entries", filter=Q(entries__outcome="advance") & ~Q(entries__state__in=GONE)))
        .values_list("pk", "n")
    )
    found = notices(rounds)
    lists, editions = [], []
    for round in rounds:
        line = {
            "name": f"{round.competition} · {round}",
            "url": reverse("public:result", args=[round.competition.code, round.code]),
            "count": counts[round.pk],
        }
        period = publicity(found.get(round.pk), at=at)
        if period and period["phase"] == "running":
            lists.append(line | {"ends_at": period["ends_at"]})
        if not any(other.order > round.order for other in round.competition.rounds.all()):
            editions.append(line | {"name": str(round.competition), "year": round.competition.year})
    return {"lists": lists, "editions": editions}
