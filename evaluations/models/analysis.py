from django.db import models
from django.db.models import Q

from ledger.models.append_only import AppendOnlyModel


class Analysis(AppendOnlyModel):
    """One computation beside a snapshot, written once. ``input_digest`` is of all it hangs on (the snapshot's digest, kind, seed,
    parameters), ``result_digest`` of what came out: computed again, the same input gives the same result.
    """

    KINDS = ("robustness", "weights", "severity", "agreement", "balance")

    standings = models.ForeignKey("competition.Standings", on_delete=models.PROTECT, related_name="analyses")
    kind = models.CharField(max_length=12)
    seed = models.PositiveBigIntegerField(help_text="from the snapshot's digest, so that nobody chooses it")
    parameters = models.JSONField(default=dict)
    input_digest = models.CharField(max_length=64)
    result = models.JSONField(help_text="floats; of the analysis only, never read by what is official")
    result_digest = models.CharField(max_length=64)
    computed_at = models.DateTimeField()

    class Meta(AppendOnlyModel.Meta):
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["standings", "kind", "input_digest"], name="analysis_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["robustness", "weights", "severity", "agreement", "balance"]), name="analysis_kind_known"
            ),
        ]
