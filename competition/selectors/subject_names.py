"""The subjects and actors of a page of records, in words: two queries, whatever stands on the page."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import BigIntegerField, F, TextField, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from competition import record_names
from competition.models import (
    AdvancementRule,
    Application,
    Attachment,
    Award,
    Cluster,
    Competition,
    Condition,
    Document,
    Entry,
    Form,
    Nomination,
    Notice,
    Objection,
    Proposal,
    Quota,
    Recommendation,
    Revision,
    Round,
)
from competition.record_names import Source, register, register_label

SYSTEM = "system"


@dataclass(frozen=True)
class Subject:
    """`kind` in words, `name` of the thing, `url` of the page of its life (empty where it has none)."""

    kind: str
    name: str
    url: str = ""


def application_life(competition, _key, application):
    return reverse("competition:application_life", args=[competition, application])


def entry_life(competition, key, _application):
    return reverse("competition:entry_life", args=[competition, key])


register(
    "application",
    Source(Application.objects.all, application="pk", link=application_life),
    pgettext_lazy("subject", "Application"),
)
register(
    "revision",
    Source(Revision.objects.all, "application_id", text="receipt_number", link=application_life),
    pgettext_lazy("subject", "Revision"),
)
register("attachment", Source(Attachment.objects.all, "application_id", link=application_life), pgettext_lazy("subject", "Attachment"))
register("entry", Source(Entry.objects.all, "application_id", "round_id", link=entry_life), pgettext_lazy("subject", "Entry"))
register("proposal", Source(Proposal.objects.all, round="round_id", text="number"), pgettext_lazy("subject", "Proposal"))
register("notice", Source(Notice.objects.all, round="proposal__round_id", text="number"), pgettext_lazy("subject", "Publicity notice"))
register("objection", Source(Objection.objects.all, "entry__application_id", text="number"), pgettext_lazy("subject", "Objection"))
register("award", Source(Award.objects.all, "entry__application_id", text="number"), pgettext_lazy("subject", "Award"))
register("condition", Source(Condition.objects.all, "entry__application_id"), pgettext_lazy("subject", "Condition of a title"))
register("document", Source(Document.objects.all, text="number"), pgettext_lazy("subject", "Document"))
register("round", Source(Round.objects.all, round="pk"), pgettext_lazy("subject", "Round"))
register("nomination", Source(Nomination.objects.all, "application_id"), pgettext_lazy("subject", "Nomination"))
register("recommendation", Source(Recommendation.objects.all, "application_id"), pgettext_lazy("subject", "Recommendation"))
register("quota", Source(Quota.objects.all, text="region__name_zh"), pgettext_lazy("subject", "Places of a region"))
register("form", Source(Form.objects.all, round="round_id"), pgettext_lazy("subject", "Application form"))
register("advancementrule", Source(AdvancementRule.objects.all, round="round_id"), pgettext_lazy("subject", "Advancement rule"))
register_label("competition", pgettext_lazy("subject", "Competition"))
register_label("user", pgettext_lazy("subject", "Person"))
register_label("membership", pgettext_lazy("subject", "Role"))
register_label("invitation", pgettext_lazy("subject", "Invitation"))
register_label("registration", pgettext_lazy("subject", "Registration"))
register_label("organisation", pgettext_lazy("subject", "Organisation"))
register_label("cluster", pgettext_lazy("subject", "Cluster"))
register_label("webhook", pgettext_lazy("subject", "Webhook"))
register_label("year", pgettext_lazy("subject", "Workdays of a year"))
register_label("token", pgettext_lazy("subject", "Key for a program"))
register_label("job", pgettext_lazy("subject", "Background job"))


class Names:
    """Names of what `records` are about and of who did it."""

    def __init__(self, records):
        keys = defaultdict(set)
        for record in records:
            for text in (record.actor, record.subject):
                kind, key = _split(text)
                if key is not None:
                    keys[kind].add(key)
        self._found = _found(keys)
        applications = {row[2] for row in self._found.values()} - {None}
        rounds = {row[3] for row in self._found.values()} - {None}
        users = keys["user"] | {row[4] for row in self._found.values()} - {None}
        names = _names({"application": applications, "round": rounds, "competition": keys["competition"], "user": users})
        self._applications, self._rounds, self._competitions = names["application"], names["round"], names["competition"]
        self._users = names["user"]

    def actor(self, text: str) -> str:
        kind, key = _split(text)
        if text == SYSTEM:
            return _("The system")
        return self._users.get(key, text) if kind == "user" else text

    def subject(self, text: str, scope: str) -> Subject:
        kind, key = _split(text)
        label = str(record_names.labels().get(kind, kind))
        if kind == "user":
            return Subject(label, self._users.get(key, f"#{key}"))
        if kind == "competition":
            return Subject(label, self._competitions.get(key, f"#{key}"))
        row = self._found.get((kind, key))
        if row is None:
            name = text.partition(":")[2]
            return Subject(label, f"#{name}" if name else "")
        _kind, _key, application, round, user, words = row
        parts = (self._applications.get(application), self._rounds.get(round), self._users.get(user), words)
        link, (place, competition) = record_names.sources()[kind].link, _split(scope)
        url = link(competition, key, application) if link and place == "competition" and competition else ""
        return Subject(label, " · ".join(part for part in parts if part), url)


def _split(text: str) -> tuple[str, int | None]:
    kind, _colon, key = text.partition(":")
    return kind, int(key) if key.isdecimal() and len(key) < 19 else None


def _found(keys) -> dict[tuple[str, int], tuple]:
    """(kind, key) → (kind, key, application, round, user, text), all kinds in one query."""
    queries = []
    for kind, source in sorted(record_names.sources().items()):
        if keys.get(kind):
            queries.append(_rows(kind, source).filter(pk__in=keys[kind]).values_list(*COLUMNS))
    if not queries:
        return {}
    rows = queries[0].union(*queries[1:], all=True) if len(queries) > 1 else queries[0]
    return {row[:2]: row for row in rows}


def _names(wanted: dict[str, set[int]]) -> dict[str, dict[int, str]]:
    """Kind → key → name in the reader's language: one query. An application is called as its cluster."""
    sources = {
        "application": (Application, Cluster, "cluster__"),
        "round": (Round, Round, ""),
        "competition": (Competition, Competition, ""),
        "user": (User, User, ""),
    }
    found: dict[str, dict[int, str]] = {kind: {} for kind in wanted}
    queries = []
    for kind, keys in wanted.items():
        model, _named, path = sources[kind]
        columns = (Value(kind, output_field=TextField()), "pk", f"{path}name_zh", f"{path}name_en")
        mail = F("email") if model is User else Value("", output_field=TextField())
        if keys:
            queries.append(model.objects.filter(pk__in=keys).order_by().values_list(*columns, mail))
    for kind, key, zh, en, mail in queries[0].union(*queries[1:], all=True) if queries else ():
        found[kind][key] = str(sources[kind][1](name_zh=zh, name_en=en, **({"email": mail} if kind == "user" else {})))
    return found


COLUMNS = ("named_kind", "named_key", "named_application", "named_round", "named_user", "named_text")


def _rows(kind: str, source: Source):
    def column(path, field):
        return Cast(F(path) if path else Value(None), field)

    return (
        source.rows()
        .order_by()
        .annotate(
            named_kind=Value(kind, output_field=TextField()),
            named_key=column("pk", BigIntegerField()),
            named_application=column(source.application, BigIntegerField()),
            named_round=column(source.round, BigIntegerField()),
            named_user=column(source.user, BigIntegerField()),
            named_text=column(source.text, TextField()),
        )
    )
