from django.db import models


class Readmission(models.Model):
    """A rule of a competition: who reached the round ``reached`` of an earlier edition and was not chosen there may apply again,
    in the round ``enters`` and without a region's recommendation."""

    competition = models.ForeignKey("competition.Competition", on_delete=models.CASCADE, related_name="readmissions")
    reached = models.ForeignKey("competition.Round", on_delete=models.PROTECT, related_name="readmits")
    enters = models.ForeignKey("competition.Round", on_delete=models.CASCADE, related_name="readmissions")

    class Meta:
        ordering = ["enters__order", "reached__competition_id", "reached__order", "id"]
        constraints = [models.UniqueConstraint(fields=["competition", "reached"], name="readmission_once")]

    def __str__(self):
        return f"{self.pk} {self.reached_id}→{self.enters_id}"


class Comeback(models.Model):
    """An application that ``rule`` let in; ``entry`` is the place that its cluster had in the round reached."""

    application = models.OneToOneField("competition.Application", on_delete=models.PROTECT, related_name="comeback")
    rule = models.ForeignKey(Readmission, on_delete=models.PROTECT, related_name="comebacks")
    entry = models.ForeignKey("competition.Entry", on_delete=models.PROTECT, related_name="comebacks")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return f"{self.pk} {self.entry_id}→{self.application_id}"
