"""Files of an application."""

from datetime import datetime

from django.db import transaction

from accounts.permissions import require
from competition.domain.forms import slots
from competition.models import Application, Attachment
from competition.selectors.rules import form_of
from competition.services.applications import EDITABLE
from competition.services.scans import of_upload, screen
from competition.services.storing import Checked, keep
from ledger.domain.reason import Reason, Refused
from ledger.services import record


def _editable(application, actor) -> Application:
    application = Application.objects.select_for_update(of=("self",)).select_related("competition", "round").get(pk=application.pk)
    require(actor, "application.edit", application)
    if application.state not in EDITABLE:
        raise Refused(Reason("competition.application_not_editable"))
    return application


def attach(application: Application, *, slot: str, upload, actor, at: datetime, screened: Checked | None = None) -> Attachment:
    """Type by content, size and number as the form's slot says. `screened`: what `screen_attachment` gave; else it is asked here."""
    checked = screened or screen_attachment(application, slot=slot, upload=upload, actor=actor, at=at)
    return _attach(application, slot=slot, checked=checked, actor=actor, at=at)


def screen_attachment(application: Application, *, slot: str, upload, actor, at: datetime) -> Checked:
    """Whether this file may be attached, before any transaction: the scanner takes its time, and what it finds is on record although
    nothing else comes of it."""
    require(actor, "application.edit", application)
    rule = _rule(application, slot)
    return screen(
        upload,
        types=tuple(rule["types"]),
        max_bytes=rule["max_mb"] * 1024 * 1024,
        subject=f"application:{application.pk}",
        scope=f"competition:{application.competition_id}",
        actor=actor,
        at=at,
    )


def _rule(application, slot: str) -> dict:
    """What the slot takes; Refused where it has its files, or nothing may be changed."""
    if application.state not in EDITABLE:
        raise Refused(Reason("competition.application_not_editable"))
    rule = slots(form_of(application.round).definition).get(slot)
    if rule is None:
        raise Refused(Reason("competition.slot_unknown"), field="slot")
    most = rule.get("max_files", 1)
    if application.attachments.filter(slot=slot, removed_at=None).count() >= most:
        raise Refused(Reason("competition.files_too_many", {"count": most + 1, "most": most}), field="file")
    return rule


@transaction.atomic
def _attach(application, *, slot, checked, actor, at) -> Attachment:
    application = _editable(application, actor)
    _rule(application, slot)
    stored = keep(checked, folder="attachments")
    attachment = Attachment.objects.create(
        application=application,
        slot=slot,
        name=stored.shown_name,
        content_type=stored.content_type,
        size=stored.size,
        sha256=stored.sha256,
        file=stored.name,
        uploaded_by=actor,
        uploaded_at=at,
        **of_upload(checked),
    )
    record(
        actor=f"user:{actor.pk}",
        action="attachment.add",
        subject=f"attachment:{attachment.pk}",
        scope=f"competition:{application.competition_id}",
        after={"application": application.pk, "slot": slot, "size": stored.size, "sha256": stored.sha256}
        | ({"scan": checked.scan} if checked.scan else {}),
        private={"name": stored.shown_name},
        at=at,
    )
    return attachment


@transaction.atomic
def detach(attachment: Attachment, *, actor, at: datetime) -> Attachment:
    """From the draft; what was submitted keeps it."""
    application = _editable(attachment.application, actor)
    attachment = Attachment.objects.select_for_update().get(pk=attachment.pk)
    if attachment.removed_at is None:
        attachment.removed_at = at
        attachment.save(update_fields=["removed_at"])
        record(
            actor=f"user:{actor.pk}",
            action="attachment.remove",
            subject=f"attachment:{attachment.pk}",
            scope=f"competition:{application.competition_id}",
            after={"application": application.pk, "slot": attachment.slot},
            at=at,
        )
    return attachment
