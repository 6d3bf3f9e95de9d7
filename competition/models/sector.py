from django.db import models

from competition.models.names import Named


class Sector(Named, models.Model):
    code = models.SlugField(unique=True)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)

    class Meta:
        ordering = ["code"]
