from django.conf import settings
from django.db import models


class Notification(models.Model):
    """Something that happened for one person, in codes: `kind` is registered with `accounts.notifications`, `subject` is what it is
    about ("application:5"), `step` tells events of one kind and subject apart. Nothing secret and nothing personal in `params`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=121)
    step = models.CharField(max_length=40, blank=True)
    params = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["user", "kind", "subject", "step"], name="notification_once")]
        indexes = [
            models.Index(fields=["user", "read_at"], name="notification_unread"),
            models.Index(fields=["kind", "created_at"], name="notification_kind"),
        ]
