from django.db import models

from competition.models.names import Named


class Cluster(Named, models.Model):
    """``regions`` are all it lies in, the lead region among them: conflicts bind in each, quotas in the lead only."""

    name_zh = models.CharField(max_length=120, unique=True)
    name_en = models.CharField(max_length=200, blank=True)
    short_zh = models.CharField(max_length=8, help_text="for charts; given, never cut from the name")
    short_en = models.CharField(max_length=24, blank=True)
    sector = models.ForeignKey("competition.Sector", on_delete=models.PROTECT, related_name="clusters")
    lead_region = models.ForeignKey("competition.Region", on_delete=models.PROTECT, related_name="led_clusters")
    regions = models.ManyToManyField("competition.Region", related_name="clusters")
    organisation = models.ForeignKey("competition.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="clusters")

    class Meta:
        ordering = ["lead_region_id", "name_zh"]
