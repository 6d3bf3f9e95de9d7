"""The national board over every province."""

from django.test import Client
from django.urls import reverse

from accounts.person import BACKEND
from competition.models import Application, Cluster, Competition, Quota, Recommendation, Region
from config.rehearsal.bench.field import judged_field
from config.rehearsal.bench.measure import median, queries
from evaluations.selectors.nation import board_of

PROVINCES = 32


def board(entries: int, evaluators: int, criteria: int) -> dict:
    """`entries`: applications of each of 32 provinces, all recommended, accepted and being judged by everybody. The whole page over
    HTTP, with session, menu and checks; `board_s`: its numbers alone."""
    field = judged_field(PROVINCES * entries, evaluators, criteria)
    competition = field.round.competition
    Competition.objects.filter(pk=competition.pk).update(level="nation", region=None, recommendation=True)
    competition.refresh_from_db()
    regions = Region.objects.filter(recommends=True).exclude(kind="planned_city").order_by("code")[:PROVINCES]
    quotas = Quota.objects.bulk_create([Quota(competition=competition, region=region, places=entries + 1) for region in regions])
    applications = list(Application.objects.filter(competition=competition).order_by("pk").values_list("pk", "cluster_id"))
    for place, quota in enumerate(quotas):
        mine = applications[place * entries : (place + 1) * entries]
        for start in range(0, len(mine), 500):
            clusters = [cluster for _application, cluster in mine[start : start + 500]]
            Cluster.objects.filter(pk__in=clusters).update(lead_region=quota.region)
        Recommendation.objects.bulk_create(
            [
                Recommendation(quota=quota, application_id=pk, state="recommended", preference=preference, opinion="同意推荐。")
                for preference, (pk, _cluster) in enumerate(mine, start=1)
            ],
            batch_size=500,
        )
    client = Client()
    client.force_login(field.organiser, backend=BACKEND)
    address = reverse("evaluations:nation_board", args=[competition.pk])

    def page():
        response = client.get(address)
        if response.status_code != 200:
            raise RuntimeError(f"{address} answered {response.status_code}")

    found = board_of(competition)
    if [line.accepted for line in found.lines] != [entries] * PROVINCES:
        raise RuntimeError("The board does not count every province.")
    page()  # the first one loads templates
    return median(page) | {"queries": queries(page), "provinces": PROVINCES, "board_s": median(lambda: board_of(competition))["median_s"]}


BENCHES = {"board": board}
