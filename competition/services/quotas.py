"""The places of the regions, set while the competition is a draft."""

from datetime import datetime

from django.db import transaction

from competition.models import Competition, Quota
from competition.selectors.quotas import regions_offered
from competition.services.drafting import lock_draft, touch, write_down
from ledger.domain.reason import Reason, Refused


@transaction.atomic
def set_quotas(
    competition: Competition, *, required: bool, closes: datetime | None, places: dict[str, int | None], version: int, actor, at: datetime
) -> Competition:
    """`places`: region code → number, or None for "without a limit"; a region that is not named recommends nobody. Not `required`:
    there are none."""
    row = lock_draft(competition, actor=actor, version=version)
    places = places if required else {}
    offered = set(regions_offered(row).values_list("code", flat=True))
    if set(places) - offered:
        raise Refused(Reason("competition.quota_region_unknown"))
    before = _as_json(row)
    row.quotas.all().delete()
    Quota.objects.bulk_create([Quota(competition=row, region_id=code, places=number) for code, number in sorted(places.items())])
    row.recommendation, row.recommendation_closes = required, closes if required else None
    row.save(update_fields=["recommendation", "recommendation_closes"])
    touch(row)
    write_down("competition.set_quotas", row, row, actor=actor, at=at, before=before, after=_as_json(row))
    return row


def _as_json(competition) -> dict:
    closes = competition.recommendation_closes
    return {
        "required": competition.recommendation,
        "closes": closes.isoformat() if closes else None,
        "places": dict(competition.quotas.order_by("region_id").values_list("region_id", "places")),
    }


def copy_quotas(source: Competition, competition: Competition) -> None:
    """The rule and the places, without the date; the caller writes it down. Places of regions that the copy does not offer stay out."""
    competition.recommendation = source.recommendation
    competition.save(update_fields=["recommendation"])
    offered = set(regions_offered(competition).values_list("code", flat=True))
    rows = source.quotas.filter(region__in=offered)
    Quota.objects.bulk_create([Quota(competition=competition, region_id=row.region_id, places=row.places) for row in rows])
