"""What is to be done (Job), what of it has left the house (Effect), and when workers and the sweeper last showed themselves (Pulse)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jobs import registry


class Job(models.Model):
    class State(models.TextChoices):
        QUEUED = "queued", pgettext_lazy("state of a job", "Queued")
        RUNNING = "running", pgettext_lazy("state of a job", "Running")
        DONE = "done", pgettext_lazy("state of a job", "Done")
        FAILED = "failed", pgettext_lazy("state of a job", "Failed")
        CANCELLED = "cancelled", pgettext_lazy("state of a job", "Cancelled")

    kind = models.CharField(max_length=100)
    subject = models.CharField(max_length=200)
    params = models.JSONField(default=dict, blank=True)
    queue = models.CharField(max_length=40)
    state = models.CharField(max_length=20, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField()
    run_after = models.DateTimeField()
    requested_by = models.CharField(max_length=100, default="system")
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    error_code = models.CharField(max_length=100, blank=True)
    error_type = models.CharField(max_length=200, blank=True)  # the class only: messages can hold personal data
    worker = models.CharField(max_length=200, blank=True)
    # New at each claim: who holds it may write; a worker given up for dead finds another claim and writes nothing.
    claim = models.UUIDField(null=True, editable=False)
    heartbeat_at = models.DateTimeField(null=True)
    cancel_requested_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject"], condition=Q(state="queued"), name="job_one_queued_per_subject"),
            models.CheckConstraint(condition=Q(state__in=["queued", "running", "done", "failed", "cancelled"]), name="job_state_known"),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(claim__isnull=False, heartbeat_at__isnull=False), name="job_running_is_claimed"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "run_after"], name="job_state_run_after"),
            models.Index(fields=["subject", "kind", "-id"], name="job_subject"),
        ]

    def __str__(self):
        return f"{self.kind} {self.subject} #{self.pk}"

    @property
    def label(self) -> str:
        """What is being done, in the language under way; a kind that no app knows any more stands for itself."""
        known = registry.kinds().get(self.kind)
        return str(known.label) if known else self.kind

    @property
    def percent(self) -> int | None:
        """Whole per cent, 0–100; None while the handler has said nothing."""
        if self.state == self.State.DONE:
            return 100
        return min(100, self.progress_done * 100 // self.progress_total) if self.progress_total else None

    @property
    def html_id(self) -> str:
        """The id that its progress bears in a page."""
        return f"job-{self.pk}"

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED, self.State.CANCELLED)


class Effect(models.Model):
    """What a job did outside this database, where no rollback reaches (a letter is out): whoever runs it again leaves that out."""

    job = models.OneToOneField(Job, on_delete=models.CASCADE, primary_key=True, related_name="effect")

    def __str__(self):
        return str(self.job_id)


class Pulse(models.Model):
    """When something that should never stop was last alive: ``sweeper``, or ``worker:NAME``."""

    name = models.CharField(max_length=200, unique=True)
    at = models.DateTimeField()

    def __str__(self):
        return self.name
