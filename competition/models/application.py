from django.conf import settings
from django.db import models
from django.db.models import Q

from competition.domain.states import APPLICATION
from competition.models.scanned import Scanned
from ledger.models.append_only import AppendOnlyModel


class Application(models.Model):
    """One cluster's application in one competition, through all rounds; ``round`` is whose intake it is in now.

    ``draft`` is autosaved without a ledger record; ``draft_version`` guards against two tabs or two people.
    """

    competition = models.ForeignKey("competition.Competition", on_delete=models.PROTECT, related_name="applications")
    round = models.ForeignKey("competition.Round", on_delete=models.PROTECT, related_name="applications")
    cluster = models.ForeignKey("competition.Cluster", on_delete=models.PROTECT, related_name="applications")
    organisation = models.ForeignKey("competition.Organisation", on_delete=models.PROTECT, related_name="applications")
    track = models.ForeignKey("competition.Track", null=True, blank=True, on_delete=models.PROTECT, related_name="applications")
    state = models.CharField(max_length=12, default=APPLICATION.initial)
    draft = models.JSONField(default=dict)
    draft_version = models.PositiveIntegerField(default=0)
    draft_saved_at = models.DateTimeField(null=True, blank=True)
    correction_reason = models.TextField(blank=True)
    correction_due = models.DateTimeField(null=True, blank=True)
    extension_reason = models.TextField(blank=True)
    decision_reason = models.TextField(blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["competition", "cluster"], name="application_once_per_cluster"),
            models.CheckConstraint(condition=Q(state__in=APPLICATION.states), name="application_state_known"),
        ]


class Attachment(Scanned):
    """A stored file under a random name (nothing of the user's name for it reaches the disk).

    ``sha256`` is of its bytes. Removing hides it from the draft, never from a revision."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="attachments")
    slot = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to="attachments/", max_length=200)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta(Scanned.Meta):
        ordering = ["slot", "id"]


class Revision(AppendOnlyModel):
    """What was submitted, whole and immutable, with its receipt. ``number`` counts within the application."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="revisions")
    round = models.ForeignKey("competition.Round", on_delete=models.PROTECT, related_name="revisions")
    form = models.ForeignKey("competition.Form", on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    data = models.JSONField()
    digest = models.CharField(max_length=64)
    attachments = models.ManyToManyField(Attachment, related_name="revisions")
    receipt_number = models.CharField(max_length=24, unique=True)
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    idempotency_key = models.CharField(max_length=64, blank=True)

    class Meta(AppendOnlyModel.Meta):
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="revision_number_once"),
            models.UniqueConstraint(
                fields=["application", "idempotency_key"], condition=~Q(idempotency_key=""), name="revision_idempotency_key_once"
            ),
        ]
