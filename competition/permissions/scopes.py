"""What a membership's scope points to here, and which competitions it touches."""

from django.utils.translation import get_language

from accounts import scopes, sides
from competition.models import Application, Competition, Organisation, Region
from ledger.domain.reason import Reason


def _named(model):
    def exists(key: str) -> bool:
        return (model is Region or (key.isdecimal() and str(int(key)) == key)) and model.objects.filter(pk=key).exists()

    def name(key: str) -> str:
        row = model.objects.get(pk=key)
        english = (get_language() or "").startswith("en")
        return (row.name_en if english else row.name_zh) or row.name_zh

    return {"exists": exists, "name": name}


scopes.register("competition", **_named(Competition), page_of=lambda key: Competition.objects.get(pk=key))


def _unconfirmed(key: str):
    known = key.isdecimal() and Organisation.objects.filter(pk=key, confirmed=False).exists()
    return Reason("competition.organisation_closed") if known else None


scopes.register("organisation", **_named(Organisation), against=_unconfirmed)
scopes.register("region", **_named(Region))


@sides.register
def competitions_of(role: str, scope: str) -> list[str]:
    """An organisation takes part where it applies; a region's recommender stands on no side."""
    kind, _, key = scope.partition(":")
    if kind != "organisation" or not key.isdecimal():
        return []
    return [
        str(pk)
        for pk in Application.objects.filter(organisation=key)
        .order_by("competition_id")
        .values_list("competition_id", flat=True)
        .distinct()
    ]
