"""The background jobs of this app."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from competition.documents.kinds import JOB
from competition.models import Document
from competition.services.awards import CERTIFICATES
from competition.services.documents import draw, issue_missing_certificates
from jobs.registry import register


def render_document(ctx):
    ctx.progress(0, 1)
    draw(Document.objects.get(pk=ctx.key), at=timezone.now())
    ctx.progress(1, 1)


def issue_certificates_of_round(ctx):
    issue_missing_certificates(int(ctx.key), at=timezone.now(), progress=ctx.progress)


register(CERTIFICATES, issue_certificates_of_round, queue="documents", label=_("Certificates"))
register(JOB, render_document, queue="documents", label=_("Document"))
