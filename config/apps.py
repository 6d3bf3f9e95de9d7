from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    label = "config"

    def ready(self):
        import gc

        from django.http.multipartparser import MultiPartParser
        from django.utils.translation import gettext_lazy as _
        from django.utils.translation import pgettext_lazy

        import config.celery
        import config.deployment  # noqa: F401  what `check --deploy` looks at
        from accounts import homes, menu
        from accounts.domain.roles import OPERATOR
        from competition.record_names import register_label
        from config import log_digests
        from config.backup import MADE, SUBJECT
        from config.operations import failing
        from config.uploads import as_sent
        from ledger.actions import register

        MultiPartParser.sanitize_file_name = as_sent

        entry = menu.MenuEntry(
            "operations", _("Operations"), "operations", "gear", frozenset({OPERATOR}), "system", 5, competition=False, count=failing
        )
        menu.register(entry)
        register(MADE, _("Backup made"))
        register_label(SUBJECT, pgettext_lazy("subject", "Backup"))
        register(log_digests.CLOSED, _("Log of a day closed"))
        register_label(log_digests.SUBJECT, pgettext_lazy("subject", "Log"))
        homes.register(OPERATOR, "operations")
        gc.freeze()  # what is loaded by now stays: the collector need not walk it in the middle of a computation
