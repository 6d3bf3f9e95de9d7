from django.db import models

from competition.models.names import Named


class Region(Named, models.Model):
    """A province-level division, separately-planned city, corps, or a division below one (``parent``)."""

    code = models.CharField(primary_key=True, max_length=6)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    short_zh = models.CharField(max_length=12)
    kind = models.CharField(max_length=20)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    macro_region = models.CharField(max_length=12)
    tile_col = models.PositiveSmallIntegerField(null=True, blank=True)
    tile_row = models.PositiveSmallIntegerField(null=True, blank=True)
    recommends = models.BooleanField(default=False)

    class Meta:
        ordering = ["code"]
