"""Addresses that are told of a competition, and what was sent to them."""

from datetime import datetime

from django.conf import settings
from django.db.models import Count, Q
from django.http import Http404

from competition.domain import webhooks as rules
from competition.models import Delivery, Webhook


def webhooks(competition):
    """Those that are not ended, with `waiting_count`."""
    rows = Webhook.objects.filter(competition=competition, ended_at=None)
    return rows.annotate(waiting_count=Count("deliveries", filter=Q(deliveries__outcome="waiting"))).order_by("pk")


def webhook_of(competition, pk) -> Webhook:
    found = webhooks(competition).filter(pk=pk).select_related("competition").first()
    if found is None:
        raise Http404
    return found


def deliveries(webhook):
    return Delivery.objects.filter(webhook=webhook).order_by("-pk")


def secrets_of(webhook, *, at: datetime) -> list[str]:
    """The present one first, then those before while they hold: after a rotation, and while an earlier SECRET_KEY is a fallback."""
    salts = [webhook.salt]
    if webhook.salt_before and webhook.rotated_at and at - webhook.rotated_at < rules.OLD_SECRET_HOLDS:
        salts.append(webhook.salt_before)
    return [rules.secret(key, webhook.pk, salt) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS) for salt in salts]
