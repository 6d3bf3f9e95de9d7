from django.conf import settings
from django.db import models
from django.db.models import Q

from evaluations.domain.states import FLAG
from ledger.models.append_only import AppendOnlyModel


class OutlierSearch(AppendOnlyModel):
    """Outliers were looked for in the submitted sheets of a round, by one job; nothing but numbers is told before closing."""

    round = models.ForeignKey("competition.Round", on_delete=models.PROTECT, related_name="outlier_searches")
    job = models.PositiveBigIntegerField(unique=True)
    due_at = models.DateTimeField(help_text="by when to answer; a correction may be handed in until then")
    sheets = models.PositiveIntegerField()
    flagged = models.PositiveIntegerField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    computed_at = models.DateTimeField()

    class Meta(AppendOnlyModel.Meta):
        ordering = ["id"]


class Flag(models.Model):
    """One submitted version whose total the additive model does not expect. It asks to confirm or to explain and changes nothing.
    ``score``, ``expected`` and ``t`` (null: infinite) are shown to nobody before the round is closed."""

    search = models.ForeignKey(OutlierSearch, on_delete=models.PROTECT, related_name="flags")
    version = models.OneToOneField("evaluations.SheetVersion", on_delete=models.PROTECT, related_name="flag")
    state = models.CharField(max_length=12, default=FLAG.initial)
    score = models.FloatField()
    expected = models.FloatField()
    t = models.FloatField(null=True)
    explanation = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(state__in=FLAG.states), name="flag_state_known")]

    @property
    def sheet(self):
        return self.version.sheet
