from django.conf import settings
from django.db import models


class ApiAct(models.Model):
    """An act that a program has done under an idempotency key. ``asked`` is the digest of address and body; ``answer`` holds ids and
    numbers only, what is shown of them is read anew for whoever asks again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    asked = models.CharField(max_length=64)
    answer = models.JSONField(null=True)
    done_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="api_act_once")]

    def __str__(self):
        return f"{self.user_id} {self.key}"
