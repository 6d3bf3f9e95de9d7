"""Why an address is not told."""

from django.utils.translation import gettext_lazy as _

from ledger.reasons import register

register(
    {
        "competition.webhook_address": _("This is no address that can be told: https://, a host, and a path."),
        "competition.webhook_https": _("Only https:// is taken here: what is sent must not be read on the way."),
        "competition.webhook_with_password": _("Leave name and password out of the address: the signature proves who sends."),
        "competition.webhook_unknown_host": _("Nobody knows this host. Is the name right?"),
        "competition.webhook_inside": _(
            "This host is in an inner network. The operator can allow it: its name or network stands in WEBHOOK_HOSTS then."
        ),
        "competition.webhook_not_listed": _(
            "This installation tells only hosts that its operator listed, and this one is not among them. "
            "The operator can add it to WEBHOOK_HOSTS."
        ),
        "competition.webhook_events": _("Choose at least one event."),
        "competition.webhook_ended": _("This webhook has ended."),
        "competition.webhooks_too_many": _("A competition has %(most)s webhooks at the most. End one first."),
        "competition.delivery_waits": _("This delivery is on its way already."),
    }
)
