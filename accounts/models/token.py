from django.conf import settings
from django.db import models


class ApiToken(models.Model):
    """A program's key. Its rights are its owner's at the moment of each request, narrowed by `scopes`; the text is shown
    once and not stored."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_tokens")
    name = models.CharField(max_length=80)
    scopes = models.JSONField()
    start = models.CharField(max_length=20, help_text="the first characters, by which its owner tells it apart")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self):
        return f"{self.start}…"
