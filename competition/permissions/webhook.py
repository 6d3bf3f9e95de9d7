"""Who says which other systems are told of a competition."""

from django.utils.translation import gettext_lazy as _

from accounts.permissions import register
from competition.permissions.holding import needs

register("webhook.keep", needs("organiser"), label=_("Have other systems told of a competition"), who=_("its organisers"))
