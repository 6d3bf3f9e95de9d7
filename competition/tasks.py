"""The background jobs of this app."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from competition.documents.kinds import JOB
from competition.models import Document
from competition.services.documents import draw
from jobs.registry import register


def render_document(ctx):
    ctx.progress(0, 1)
    draw(Document.objects.get(pk=ctx.key), at=timezone.now())
    ctx.progress(1, 1)


register(JOB, render_document, queue="documents", label=_("Document"))
