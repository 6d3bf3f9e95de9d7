from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "jobs"
    verbose_name = _("Jobs")

    def ready(self):
        from jobs import reasons, tasks  # noqa: F401
        from ledger import actions

        actions.register("job.cancel", _("Job cancelled"))
        actions.register("job.retry", _("Job queued again"))
