"""Who comes back from an earlier edition: the rules of a competition, whom they let in and where, and which application came so. Of the
earlier edition nothing is told but that the cluster reached a round and was not chosen, and only once all of it is released."""

from django.db.models import Exists, F, OuterRef, Q

from competition.domain.states import GONE
from competition.models import Award, Comeback, Competition, Entry, Readmission, Round
from ledger.domain.reason import Reason


def rules_of(competition):
    return competition.readmissions.select_related("reached__competition", "enters")


def earlier_rounds(competition):
    """Rounds of published competitions of the same level and region."""
    rows = Round.objects.filter(competition__level=competition.level, competition__region=competition.region_id)
    rows = rows.exclude(competition=competition.pk).exclude(competition__state="draft")
    return rows.select_related("competition").order_by("-competition__year", "competition_id", "order")


def entrances(competition):
    """Rounds that may be entered from without: those with an intake of their own."""
    return competition.rounds.filter(intake="fresh").order_by("order")


def faults_of(rule, competition) -> list[Reason]:
    """What keeps a rule from being published."""
    number = {"round": rule.enters.order}
    if rule.enters.intake != "fresh":
        return [Reason("competition.readmission_without_intake", number)]
    if rule.enters.order == 1 and not competition.recommendation:
        return [Reason("competition.readmission_idle", number)]
    return []


def lost(clusters, sources):
    """Running entries of `clusters` in competitions that are released to the last round, where they were not chosen, did not leave
    and were not ruled out; `sources`: ids of competitions."""
    finished = Competition.objects.filter(pk__in=sources).exclude(state="draft")
    finished = finished.exclude(Exists(Round.objects.filter(competition=OuterRef("pk")).exclude(state="released")))
    later = Round.objects.filter(competition=OuterRef("round__competition"), order__gt=OuterRef("round__order"))
    last = Entry.objects.filter(~Exists(later), application=OuterRef("application"))
    chosen = last.filter(Q(outcome="advance") | Q(offered_places__accepted=True))
    out = Entry.objects.filter(Q(state__in=GONE) | Q(outcome="ineligible"), application=OuterRef("application"))
    awarded = Award.objects.filter(entry__application=OuterRef("application"))
    rows = Entry.objects.filter(round__competition__in=finished, state="running", application__cluster__in=clusters)
    return rows.exclude(Exists(chosen)).exclude(Exists(out)).exclude(Exists(awarded))


def let_in(clusters, rounds) -> dict[tuple[int, int], tuple[Readmission, Entry]]:
    """(round, cluster) → the rule and the earlier place by which the cluster may apply in that one of `rounds`; two queries."""
    rules = list(Readmission.objects.filter(enters__in=rounds).select_related("reached__competition", "enters__competition"))
    if not rules:
        return {}
    rows = lost(clusters, {rule.reached.competition_id for rule in rules}).filter(round__in=[rule.reached_id for rule in rules])
    held = list(rows.annotate(whose=F("application__cluster")).order_by("pk"))
    found = {}
    for rule in rules:
        for entry in held:
            if entry.round_id == rule.reached_id:
                found.setdefault((rule.enters_id, entry.whose), (rule, entry))
    return found


def came_back(application) -> bool:
    return Comeback.objects.filter(application=application.pk).exists()


def comeback_of(application) -> Comeback | None:
    """For pages whose viewer may read the application; `selectors.applications.application` brings it along."""
    return getattr(application, "comeback", None)
