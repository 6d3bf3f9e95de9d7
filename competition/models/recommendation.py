from django.conf import settings
from django.db import models
from django.db.models import Q

from competition.domain.states import RECOMMENDATION


class Quota(models.Model):
    """How many one region may recommend in one competition; ``places`` null is without a limit, said so by the organiser. A region
    without a row recommends nobody. The row is also the lock under which places are taken."""

    competition = models.ForeignKey("competition.Competition", on_delete=models.CASCADE, related_name="quotas")
    region = models.ForeignKey("competition.Region", on_delete=models.PROTECT, related_name="quotas")
    places = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["region_id"]
        constraints = [models.UniqueConstraint(fields=["competition", "region"], name="quota_once_per_region")]

    def __str__(self):
        return f"{self.pk} {self.region_id}"


class Recommendation(models.Model):
    """What the region says of one application, charged to ``quota``. ``preference`` counts the region's recommended ones from 1.

    ``revision`` is the one that the answer is about; null while it waits.
    """

    application = models.OneToOneField("competition.Application", on_delete=models.PROTECT, related_name="recommendation")
    quota = models.ForeignKey(Quota, on_delete=models.PROTECT, related_name="recommendations")
    state = models.CharField(max_length=12, default=RECOMMENDATION.initial)
    preference = models.PositiveSmallIntegerField(null=True, blank=True)
    opinion = models.TextField(blank=True)
    reason = models.TextField(blank=True, help_text="why not, or why it was taken back")
    revision = models.ForeignKey("competition.Revision", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["preference", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RECOMMENDATION.states), name="recommendation_state_known"),
            models.CheckConstraint(
                condition=Q(state="recommended", preference__gte=1) | (~Q(state="recommended") & Q(preference=None)),
                name="recommendation_preference_where_recommended",
            ),
            models.CheckConstraint(condition=~Q(state="declined") | ~Q(reason=""), name="recommendation_declined_with_reason"),
        ]
        indexes = [models.Index(fields=["quota", "state"], name="recommendation_queue")]

    def __str__(self):
        return f"{self.pk} {self.state}"
