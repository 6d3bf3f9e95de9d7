from django.db import models


class Substitution(models.Model):
    """A place freed after release is offered to a reserve, in order; `accepted` null while unanswered."""

    freed = models.ForeignKey("competition.Entry", on_delete=models.PROTECT, related_name="freed_places")
    reserve = models.ForeignKey("competition.Entry", on_delete=models.PROTECT, related_name="offered_places")
    offered_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    accepted = models.BooleanField(null=True)

    class Meta:
        ordering = ["offered_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["freed", "reserve"], name="substitution_offered_once"),
            models.UniqueConstraint(
                fields=["freed"], condition=models.Q(accepted__isnull=True) | models.Q(accepted=True), name="substitution_one_open_or_taken"
            ),
        ]
