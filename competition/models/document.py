from django.db import models
from django.db.models import Q


class Document(models.Model):
    """A PDF that was issued. Number, moment, seal and context are fixed at issue: the same row gives the same bytes.

    ``subject`` is text ("revision:5"); ``edition`` counts per (kind, subject, language). A file missing is not drawn yet.
    """

    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=60)
    scope = models.CharField(max_length=60, help_text="competition:ID it is listed under")
    edition = models.PositiveIntegerField()
    language = models.CharField(max_length=10)
    number = models.CharField(max_length=40, unique=True)
    verify_code = models.CharField(max_length=32, unique=True)
    draft = models.BooleanField(default=False)
    context = models.JSONField()
    context_digest = models.CharField(max_length=64)
    seal_number = models.PositiveBigIntegerField(null=True)
    seal_hash = models.CharField(max_length=64, blank=True)
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=40)
    file = models.FileField(upload_to="documents/", blank=True, max_length=200)
    sha256 = models.CharField(max_length=64, blank=True)
    pages = models.PositiveIntegerField(null=True)
    rendered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-issued_at", "-id"]
        indexes = [models.Index(fields=["kind", "subject"]), models.Index(fields=["scope", "-issued_at"])]
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject", "language", "edition"], name="document_edition_once"),
            models.CheckConstraint(condition=Q(file="") | ~Q(sha256=""), name="document_file_has_digest"),
        ]
