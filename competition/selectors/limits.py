"""What caps and floors of an advancement rule may be counted by, with the names of each value."""

from competition import labels
from competition.models import Region, Sector


def group_names(competition) -> dict[str, dict[str, str]]:
    """{attribute: {value: name}} in the language of the moment. Three queries."""
    regions = list(Region.objects.all())
    return {
        "track": {track.code: str(track) for track in competition.tracks.all()},
        "macro_region": {code: str(name) for code, name in labels.MACRO_REGIONS.items()},
        "region": {region.code: str(region) for region in regions},
        "sector": {sector.code: str(sector) for sector in Sector.objects.all()},
        "recommender": {region.code: str(region) for region in regions if region.recommends},
    }
