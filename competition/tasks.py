"""The background jobs of this app."""

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from competition.documents.kinds import JOB
from competition.models import Document
from competition.services import scans, telling
from competition.services.awards import CERTIFICATES
from competition.services.documents import draw, issue_missing_certificates
from competition.services.webhooks import JOB as DELIVER
from competition.services.webhooks import deliver
from jobs.registry import register


def render_document(ctx):
    ctx.progress(0, 1)
    draw(Document.objects.get(pk=ctx.key), at=timezone.now())
    ctx.progress(1, 1)


def issue_certificates_of_round(ctx):
    issue_missing_certificates(int(ctx.key), at=timezone.now(), progress=ctx.progress)


def deliver_webhook(ctx):
    """One attempt; the next one is a job of its own."""
    deliver(int(ctx.key), at=timezone.now())


def scan_waiting(ctx):
    names = scans.due(at=timezone.now())[: scans.AT_ONCE]
    scans.scan_stored(names, now=timezone.now, progress=lambda done: ctx.progress(done, len(names)))


register(scans.JOB, scan_waiting, label=_("Scan for malware"), time_limit=3300, attempts=3)
register(DELIVER, deliver_webhook, queue="mail", label=_("Tell another system"), time_limit=120)
register(CERTIFICATES, issue_certificates_of_round, queue="documents", label=_("Certificates"))
register(JOB, render_document, queue="documents", label=_("Document"))


@shared_task(name="competition.remind")
def remind() -> None:
    """Idempotent: each reminder is written once."""
    at = timezone.now()
    telling.remind_applicants(at=at)
    telling.remind_corrections(at=at)
    telling.remind_conditions(at=at)


@shared_task(name="competition.tell_anchors")
def tell_anchors() -> None:
    """Idempotent: one anchor a day for each supervisor."""
    telling.tell_anchors(at=timezone.now())


@shared_task(name="competition.scan_waiting")
def scan_what_waits() -> None:
    """Idempotent: one job at a time, and only while the scanner answers."""
    scans.resume(at=timezone.now())
