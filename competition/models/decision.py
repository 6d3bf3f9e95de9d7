from django.conf import settings
from django.db import models
from django.db.models import F, Q

from competition.domain.states import OUTCOMES, PROPOSAL
from competition.models.names import Named
from competition.models.scanned import Scanned


class Proposal(models.Model):
    """What the rule makes of one snapshot, as put before the deciding body. ``digest`` covers rows, snapshot and rule."""

    round = models.ForeignKey("competition.Round", on_delete=models.PROTECT, related_name="proposals")
    number = models.PositiveIntegerField()
    standings = models.ForeignKey("competition.Standings", on_delete=models.PROTECT, related_name="proposals")
    rule = models.ForeignKey("competition.AdvancementRule", on_delete=models.PROTECT, related_name="proposals")
    state = models.CharField(max_length=12, default=PROPOSAL.initial)
    digest = models.CharField(max_length=64)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="proposal_number_once"),
            models.UniqueConstraint(fields=["round"], condition=Q(state="released"), name="proposal_released_once"),
            models.CheckConstraint(condition=Q(state__in=PROPOSAL.states), name="proposal_state_known"),
        ]


class ProposalRow(models.Model):
    """``computed`` is the rule's outcome with its ``reason``; ``outcome`` what is proposed now, with a note if changed."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="rows")
    entry = models.ForeignKey("competition.Entry", on_delete=models.PROTECT, related_name="proposal_rows")
    rank = models.PositiveIntegerField(null=True)
    computed = models.CharField(max_length=12)
    reason = models.JSONField()
    outcome = models.CharField(max_length=12)
    note = models.TextField(blank=True)
    # In the last round: what a chosen entry must still show, and by which day.
    condition_zh = models.TextField(blank=True)
    condition_en = models.TextField(blank=True)
    condition_due = models.DateField(null=True, blank=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["rank", "entry_id"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "entry"], name="proposal_row_once"),
            models.CheckConstraint(condition=Q(computed__in=OUTCOMES) & Q(outcome__in=OUTCOMES), name="proposal_row_outcome_known"),
            models.CheckConstraint(condition=Q(outcome=F("computed")) | ~Q(note=""), name="proposal_row_change_has_note"),
            models.CheckConstraint(
                condition=Q(condition_zh="", condition_en="", condition_due__isnull=True)
                | ~Q(condition_zh="") & Q(condition_due__isnull=False, outcome="advance"),
                name="proposal_row_condition_whole",
            ),
        ]

    @property
    def condition(self) -> str:
        """In the reader's language; empty where there is none."""
        return Named.words(self, "condition")


class Meeting(Scanned):
    """The scan is of its minutes."""

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="meeting")
    number = models.CharField(max_length=60)
    held_on = models.DateField()
    minutes = models.FileField(upload_to="meetings/", blank=True, max_length=200)
    minutes_name = models.CharField(max_length=200, blank=True)
    minutes_sha256 = models.CharField(max_length=64, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta(Scanned.Meta):
        pass


class Signature(models.Model):
    """One of the two that release. It holds for ``digest`` only; a later change voids it, with the reason."""

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="signatures")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True, blank=True)
    void_reason = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["signed_at"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "user"], condition=Q(voided_at__isnull=True), name="signature_once_per_person")
        ]
