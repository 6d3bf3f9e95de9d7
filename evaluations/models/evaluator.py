from django.conf import settings
from django.db import models


class Evaluator(models.Model):
    """A person of the pool. ``code`` stands for the name until publication."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="evaluator")
    code = models.CharField(max_length=12, unique=True)
    title = models.CharField(max_length=80, blank=True)
    employer = models.ForeignKey("competition.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="evaluators")
    regions = models.ManyToManyField("competition.Region", blank=True, related_name="evaluators")
    sectors = models.ManyToManyField("competition.Sector", blank=True, related_name="evaluators")
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]

    def __str__(self):
        return self.code


class Undertaking(models.Model):
    """Signed once per round, before the first sheet; ``text_digest`` is of the text as shown."""

    round = models.ForeignKey("competition.Round", on_delete=models.PROTECT, related_name="undertakings")
    evaluator = models.ForeignKey(Evaluator, on_delete=models.PROTECT, related_name="undertakings")
    text_digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "evaluator"], name="undertaking_once_per_round")]
