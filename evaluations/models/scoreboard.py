from django.db import models


class Scoreboard(models.Model):
    """Which version of a round's marks exists and which one the results were computed from."""

    round = models.OneToOneField("competition.Round", on_delete=models.PROTECT, related_name="scoreboard")
    scores_version = models.PositiveBigIntegerField(default=0)
    results_version = models.PositiveBigIntegerField(default=0)
    computed_sheets = models.PositiveIntegerField(default=0)
    computed_at = models.DateTimeField(null=True, blank=True)
    scheme_digest = models.CharField(max_length=64, blank=True, help_text="of the scheme the results were computed under")
    carried_digest = models.CharField(max_length=64, blank=True, help_text="of the earlier snapshots whose totals the results carry in")


class Result(models.Model):
    """One entry's live result; never shown before the round is closed. Fields as in competition.Standing."""

    round = models.ForeignKey("competition.Round", on_delete=models.PROTECT, related_name="results")
    entry = models.OneToOneField("competition.Entry", on_delete=models.PROTECT, related_name="result")
    version = models.PositiveBigIntegerField(help_text="scores_version its marks were read at")
    rank = models.PositiveIntegerField(null=True)
    track_rank = models.PositiveIntegerField(null=True)
    total = models.CharField(max_length=40, null=True)
    numerator = models.TextField(null=True)
    denominator = models.TextField(null=True)
    tied_with = models.JSONField(default=list)
    tie_broken_by = models.CharField(max_length=80, blank=True)
    values = models.JSONField(default=dict, help_text="criteria, dimensions, panel, rung values: what re-ranking needs")
    flags = models.JSONField(default=list)
    reason = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["round", "rank"])]
