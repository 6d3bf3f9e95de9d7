from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Feeder(models.Model):
    """A provincial competition whose chosen clusters may be nominated into a national edition."""

    competition = models.ForeignKey("competition.Competition", on_delete=models.CASCADE, related_name="feeders")
    source = models.ForeignKey("competition.Competition", on_delete=models.PROTECT, related_name="feeds")

    class Meta:
        ordering = ["source__region_id", "source_id"]
        constraints = [
            models.UniqueConstraint(fields=["competition", "source"], name="feeder_once"),
            models.CheckConstraint(condition=~Q(competition=F("source")), name="feeder_of_another"),
        ]


class Nomination(models.Model):
    """How a provincial entry became a national application: with the accepted ``revision`` as it was, ``digest`` its own."""

    application = models.OneToOneField("competition.Application", on_delete=models.PROTECT, related_name="nomination")
    entry = models.ForeignKey("competition.Entry", on_delete=models.PROTECT, related_name="nominations")
    revision = models.ForeignKey("competition.Revision", on_delete=models.PROTECT, related_name="nominations")
    digest = models.CharField(max_length=64)
    nominated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    nominated_at = models.DateTimeField()

    class Meta:
        ordering = ["nominated_at", "id"]

    def __str__(self):
        return f"{self.pk} {self.entry_id}→{self.application_id}"
