"""What `manage.py check --deploy` looks at besides Django's own."""

from django.conf import settings
from django.core.checks import Tags, Warning, register


@register(Tags.security, deploy=True)
def scanner_is_there(app_configs, **_more):
    if settings.SCANNER:
        return []
    hint = "Set SCANNER to where clamd listens, for example clamd:///run/clamav/clamd.ctl."
    return [Warning("Uploads are not scanned for malware.", hint=hint, id="saima.W001")]
