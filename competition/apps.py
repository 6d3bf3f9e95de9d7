from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CompetitionConfig(AppConfig):
    name = "competition"
    verbose_name = _("Competition")

    def ready(self):
        from competition import reasons, registrations, workflow  # noqa: F401

        checks.register(workflow.check)
        post_migrate.connect(_load_reference, sender=self)


def _load_reference(using, **kwargs):
    """After a whole migrate; while only another app's tables exist there is nothing to fill."""
    from django.db import connections

    from competition.services.reference import load_reference

    if "competition_sector" in connections[using].introspection.table_names():
        load_reference()
