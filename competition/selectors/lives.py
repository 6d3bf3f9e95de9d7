"""Everything that happened to one entry, one application or one sheet, in order. Only what a supervisor may read: acts in words,
never a mark, a rank or which outcome was changed."""

from django.db.models import Q, TextField, Value
from django.db.models.functions import Cast, Concat
from django.http import Http404

from competition import record_names
from competition.models import Application, Award, Document, Entry, Notice, Objection, Proposal, Recommendation
from ledger.models import Record

# Of what an entry shares with its round: what was done to all alike.
SHARED = (
    "round.open",
    "round.start_judging",
    "round.close",
    "round.request_reopening",
    "round.decline_reopening",
    "round.reopen",
    "round.release",
    "standings.record",
    "standings.read",
    "proposal.create",
    "proposal.table",
    "proposal.record_meeting",
    "proposal.sign",
    "proposal.void_signature",
    "proposal.release",
    "proposal.void",
    "notice.publish",
    "notice.withdraw",
    "document.issue",
    "document.read",
)
# Reasons that were written to the applicant; those of judges may speak of marks.
TOLD = ("application.return", "application.extend", "application.refuse", "application.withdraw", "entry.withdraw", "entry.disqualify")


def application_in(competition, pk) -> Application:
    found = Application.objects.filter(pk=pk, competition=competition).select_related("cluster", "organisation", "round").first()
    if found is None:
        raise Http404
    return found


def entry_in(competition, pk) -> Entry:
    found = Entry.objects.filter(pk=pk, round__competition=competition).select_related("application__cluster", "round").first()
    if found is None:
        raise Http404
    return found


def life_of_application(application, viewer):
    """Through all rounds."""
    return _life(application, Entry.objects.filter(application=application), viewer)


def life_of_entry(entry, viewer):
    """In its round, with the application that it came from."""
    return _life(entry.application, Entry.objects.filter(pk=entry.pk), viewer)


def _life(application, entries, viewer):
    entries = entries.select_related("round")
    ids = [entry.pk for entry in entries]
    own = {f"application:{application.pk}"} | {f"entry:{pk}" for pk in ids}
    own |= record_names.subjects(
        **record_names.parts(entries, viewer),
        recommendation=Recommendation.objects.filter(application=application),
        revision=application.revisions.all(),
        attachment=application.attachments.all(),
        objection=Objection.objects.filter(entry__in=ids),
        award=Award.objects.filter(entry__in=ids),
    )
    return life_with(own, {entry.round_id for entry in entries}, application.competition_id)


def life_with(own: set[str], rounds: set[int], competition_id: int):
    """Records of these subjects and what was done to their rounds as a whole, in order, with their private texts."""
    scope = f"competition:{competition_id}"
    shared = {f"round:{pk}" for pk in rounds}
    proposals, notices = Proposal.objects.filter(round__in=rounds), Notice.objects.filter(proposal__round__in=rounds)
    about = (
        Q(subject__in=own | shared) | Q(subject__in=_as_subjects("proposal", proposals)) | Q(subject__in=_as_subjects("notice", notices))
    )
    documents = Document.objects.filter(about, scope=scope)
    shared |= record_names.subjects(proposal=proposals, notice=notices, document=documents)
    rows = Record.objects.filter(scope=scope, subject__in=own) | Record.objects.filter(scope=scope, subject__in=shared, action__in=SHARED)
    return rows.order_by("at", "id").prefetch_related("private_values")


def _as_subjects(kind: str, rows):
    """The subjects of these rows, as part of another query."""
    return rows.order_by().values_list(Concat(Value(f"{kind}:", output_field=TextField()), Cast("pk", TextField())))


def told(record) -> str:
    """The reason that stands beside a record, where it was meant for the applicant."""
    if record.action not in TOLD:
        return ""
    texts = record.texts()
    fields = ("note", "correction_reason", "extension_reason", "decision_reason", "state_reason")
    return next((texts[name] for name in fields if texts.get(name)), "")
