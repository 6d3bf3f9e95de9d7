from django.db import models


class Standings(models.Model):
    """An immutable snapshot of a round's ranking, made when the round is closed; the highest number counts."""

    round = models.ForeignKey("competition.Round", on_delete=models.PROTECT, related_name="standings")
    number = models.PositiveIntegerField()
    scores_version = models.PositiveBigIntegerField()
    input_digest = models.CharField(max_length=64)
    scheme_digest = models.CharField(max_length=64)
    method = models.JSONField(help_text="the scheme as published, for documents")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["round", "number"], name="standings_number_once")]


class Standing(models.Model):
    """``total`` has the digits of the scheme; ``exact`` is "n/d"; ``rank`` null is not rankable, with ``reason``.

    ``criteria`` and ``dimensions`` map codes to decimal text; ``panel`` has size, abstained and dropped marks.
    """

    standings = models.ForeignKey(Standings, on_delete=models.PROTECT, related_name="rows")
    entry = models.ForeignKey("competition.Entry", on_delete=models.PROTECT, related_name="standings")
    rank = models.PositiveIntegerField(null=True)
    track_rank = models.PositiveIntegerField(null=True)
    group_rank = models.PositiveIntegerField(null=True)
    total = models.CharField(max_length=40, null=True)
    exact = models.TextField(null=True)
    tied_with = models.JSONField(default=list, help_text="ids of entries that share the rank")
    tie_broken_by = models.CharField(max_length=80, blank=True)
    bonus = models.CharField(max_length=80, blank=True, help_text="what the total holds as bonus or deduction: n/d")
    criteria = models.JSONField(default=dict)
    dimensions = models.JSONField(default=dict)
    panel = models.JSONField(default=dict)
    flags = models.JSONField(default=list)
    reason = models.JSONField(null=True)

    class Meta:
        ordering = ["rank", "entry_id"]
        constraints = [models.UniqueConstraint(fields=["standings", "entry"], name="standing_once_per_entry")]
        indexes = [models.Index(fields=["standings", "rank"])]
