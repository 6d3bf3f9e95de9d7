"""Letters of the race, by the mail queue."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from accounts import letters
from competition.models import Registration


def registration_decided(key, params):
    """Confirmed or refused; nothing where it has changed since."""
    row = Registration.objects.filter(pk=key, state__in=("confirmed", "refused")).select_related("user", "organisation").first()
    if row is None:
        return None
    reader = row.user
    route = "competition:application_list" if row.state == "confirmed" else "competition:registration_list"
    with translation.override(reader.language):
        context = {
            "name": reader.display_name(reader.language),
            "organisation": str(row.organisation),
            "confirmed": row.state == "confirmed",
        }
    return letters.Letter(reader.email, reader.language, context | {"reason": row.reason, "link": settings.SITE_ADDRESS + reverse(route)})


letters.register("registration_decided", registration_decided)
