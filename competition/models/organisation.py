from django.db import models

from competition.models.names import Named


class Organisation(Named, models.Model):
    """A legal person: a cluster's promotion organisation, an evaluator's employer, an organiser."""

    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True)
    credit_code = models.CharField(max_length=18, null=True, blank=True, unique=True)
    region = models.ForeignKey("competition.Region", null=True, blank=True, on_delete=models.PROTECT, related_name="organisations")

    confirmed = models.BooleanField(default=True, help_text="false while its own registration waits, was refused or withdrawn")

    class Meta:
        ordering = ["name_zh", "id"]
