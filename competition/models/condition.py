from django.db import models
from django.db.models import Q

from competition.domain.states import CONDITION
from competition.models.names import Named


class Condition(models.Model):
    """What a chosen entry must still show, and by which day; made by the release of its last round. While it is open, the entry's
    titles are conditional. ``ground``: why it was ruled met or missed."""

    entry = models.OneToOneField("competition.Entry", on_delete=models.PROTECT, related_name="condition")
    text_zh = models.TextField()
    text_en = models.TextField(blank=True)
    due_on = models.DateField()
    state = models.CharField(max_length=12, default=CONDITION.initial)
    ground = models.TextField(blank=True)
    ruled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CONDITION.states), name="condition_state_known"),
            models.CheckConstraint(condition=~Q(text_zh=""), name="condition_has_text"),
            models.CheckConstraint(
                condition=Q(state="open") | Q(ruled_at__isnull=False) & ~Q(ground=""), name="condition_ruling_has_ground"
            ),
        ]

    def words(self, field: str, language: str | None = None) -> str:
        """As for what has a name: `words("text")` is the text in the reader's language."""
        return Named.words(self, field, language)
