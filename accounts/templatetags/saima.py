"""Tags of the house look: `{% load saima %}` (docs/look.md shows each in one line)."""

import functools
import json
from datetime import date, datetime

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, pgettext

from accounts import figures, kept, permissions, second_factor, selectors
from accounts import menu as menu_registry
from accounts.job_faults import fault_words
from accounts.labels import ROLE_LABELS
from ledger.reasons import say as words

register = template.Library()

STYLESHEETS = [
    "tokens",
    "base",
    "bar",
    "nav",
    "layout",
    "buttons",
    "panels",
    "track",
    "tables",
    "lane",
    "pills",
    "forms",
    "application",
    "checks",
    "sheet",
    "tabs",
    "home",
    "notice",
    "toast",
    "dialog",
    "empty",
    "pagination",
    "steps",
    "charts",
    "public",
    "verify",
    "live",
    "setup",
    "plain",
    "account",
    "why",
]

# Groups of the side navigation in their order; entries of "account" stand in the menu of the person instead.
GROUPS = {
    "": "",
    "competition": gettext_lazy("This competition"),
    "judging": gettext_lazy("Judging"),
    "results": gettext_lazy("Results"),
    "people": gettext_lazy("People"),
    "archive": gettext_lazy("Archive"),
    "system": gettext_lazy("System"),
}
ACCOUNT_GROUP = "account"

for name in ("num", "signed", "percent"):
    register.filter(name, getattr(figures, name))


@register.simple_tag
@functools.cache  # a process serves the same files as long as it lives
def stylesheets() -> SafeString:
    """The links to every component style sheet, in cascade order, and to the print styles of pages."""
    links = format_html_join("\n", '<link rel="stylesheet" href="{}">', ((static(f"css/{name}.css"),) for name in STYLESHEETS))
    return format_html('{}\n<link rel="stylesheet" href="{}" media="print">', links, static("css/print/page.css"))


@functools.cache
def _icons() -> str:
    return static("icons.svg")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of static/icons.svg; decoration unless it has a label."""
    address = f"{_icons()}#{name}"
    if label:
        return format_html('<svg class="i" role="img" aria-label="{}"><use href="{}"/></svg>', label, address)
    return format_html('<svg class="i" aria-hidden="true"><use href="{}"/></svg>', address)


@register.simple_tag
def pill(kind: str, label: str) -> SafeString:
    """A state in words; `kind`: in reserve out ok warn err seal plain undecided, or empty for waiting."""
    return format_html('<span class="pill {}">{}</span>', kind, label)


def instant(at):
    """Stored contexts hold ISO texts; pages hold dates and aware moments."""
    if not isinstance(at, str):
        return at
    return datetime.fromisoformat(at) if "T" in at or " " in at else date.fromisoformat(at)


@register.filter
def as_json(value) -> str:
    """For a data attribute; the template escapes it."""
    return json.dumps(value, cls=DjangoJSONEncoder, separators=(",", ":"))


@register.filter
def job_fault(job) -> str:
    """What happened to a job that did not come to its end, or not yet."""
    return fault_words(job)


@register.filter
def day_in_characters(at) -> str:
    """二〇二六年十二月十八日"""
    at = instant(at)
    return figures.day_in_characters(timezone.localtime(at) if hasattr(at, "hour") else at)


@register.filter
def moment(at) -> str:
    """Beijing time with year, to the minute."""
    return date_format(timezone.localtime(instant(at)), "DATETIME_FORMAT") if at else "—"


@register.filter
def to_the_second(at) -> str:
    """Beijing time with year and seconds, for receipts and ledgers."""
    if not at:
        return "—"
    local = timezone.localtime(instant(at))
    return f"{date_format(local, 'DATE_FORMAT')} {local:%H:%M:%S}"


@register.filter
def day(at) -> str:
    """A date (of a moment: in Beijing) with year."""
    if not at:
        return "—"
    at = instant(at)
    return date_format(timezone.localtime(at) if hasattr(at, "hour") else at, "DATE_FORMAT")


@register.filter
def deadline(at) -> str:
    """Beijing time with weekday and year; midnight is the 24:00 of the day that ends."""
    return figures.deadline(timezone.localtime(instant(at)), get_language() or "zh-hans") if at else "—"


@register.filter
def clock(at) -> str:
    """15:28:41 in Beijing, for what happened today."""
    return f"{timezone.localtime(at):%H:%M:%S}" if at else "—"


@register.simple_tag(takes_context=True)
def needs_second_factor(context) -> str:
    """`all` where everybody must have one here, `role` where the viewer's roles must, else nothing."""
    return second_factor.why(context["request"].user)


@register.simple_tag(takes_context=True)
def kept_keys(context) -> str:
    """Under which this page keeps on the device what it could not send yet (static/js/kept.js)."""
    return " ".join(kept.keys(context["request"].user.pk))


@register.filter
def groups(text: str) -> str:
    """A long key in groups of four, as people type it."""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


@register.filter
def countdown(left) -> list[tuple[str, str]]:
    """A timedelta above zero as [(number, unit)]: days, hours, minutes."""
    minutes = max(0, int(left.total_seconds()) // 60)
    days, rest = divmod(minutes, 24 * 60)
    return [
        (str(days), pgettext("countdown", "d")),
        (f"{rest // 60:02}", pgettext("countdown", "h")),
        (f"{rest % 60:02}", pgettext("countdown", "min")),
    ]


@register.simple_tag(takes_context=True)
def page_address(context, parameter: str, number: int) -> str:
    """This page's address with one query parameter changed."""
    query = context["request"].GET.copy()
    query[parameter] = number
    return "?" + query.urlencode()


@register.simple_tag(takes_context=True)
def side_nav(context, competition=None) -> dict:
    """Entries of the side navigation for this viewer: `groups` [(label, items)], `items` flat, `account` for the menu of
    the person. Each item: label, url, icon, count, current."""
    request = context["request"]
    kept = request.__dict__.setdefault("_side_nav", {})
    key = competition.pk if competition is not None and competition != "" else None
    if key not in kept:
        kept[key] = build_nav(request.user, competition if key is not None else None, request.path, request.resolver_match)
    return kept[key]


def build_nav(user, competition, path: str, match=None) -> dict:
    scopes = [f"competition:{competition.pk}"] if competition is not None else []
    held = permissions.roles(user, *scopes) if scopes else permissions.roles(user)
    anywhere = permissions.roles(user)
    found = []
    for entry in menu_registry.entries(anywhere):
        if entry.competition and (competition is None or (entry.roles and not entry.roles & held)):
            continue
        if entry.everywhere and not any(permissions.everywhere(user, role) for role in entry.roles):
            continue
        url = reverse(entry.url_name, kwargs={"pk": competition.pk} if entry.competition else {})
        count = entry.count(user, competition.pk if competition is not None else None) if entry.count else None
        found.append({"entry": entry, "label": entry.label, "url": url, "icon": entry.icon, "count": count, "current": False})
    _count(user, found)
    mark_current(found, path, match.view_name if match else "")
    order = list(GROUPS)
    found.sort(key=lambda item: (order.index(item["entry"].group) if item["entry"].group in GROUPS else len(order), item["entry"].order))
    items = [item for item in found if item["entry"].group != ACCOUNT_GROUP]
    groups: list[tuple[str, list]] = []
    for item in items:
        label = GROUPS.get(item["entry"].group, item["entry"].group)
        if not groups or groups[-1][0] != label:
            groups.append((label, []))
        groups[-1][1].append(item)
    return {"groups": groups, "items": items, "account": [item for item in found if item["entry"].group == ACCOUNT_GROUP]}


def _count(user, found: list[dict]) -> None:
    """Numbers for querysets: one query for all of them."""
    asked = {}
    for place, item in enumerate(found):
        if isinstance(item["count"], QuerySet | list):
            rows = item["count"] if isinstance(item["count"], list) else [item["count"]]
            item["count"] = 0
            asked |= {f"n{place}_{part}": row for part, row in enumerate(rows)}
    for name, number in selectors.counts_at_once(user, asked).items():
        found[int(name[1 : name.index("_")])]["count"] += number
    for item in found:
        item["count"] = item["count"] or None


def mark_current(items: list[dict], path: str, view_name: str = "") -> None:
    """The entry that covers this page by name, else the one whose address is the longest beginning of this page's address."""
    for item in items:
        if view_name and view_name.startswith(item["entry"].covers):
            item["current"] = True
            return
    fitting = [item for item in items if path == item["url"] or (item["url"] != "/" and path.startswith(item["url"].rstrip("/") + "/"))]
    if fitting:
        max(fitting, key=lambda item: len(item["url"]))["current"] = True


@register.simple_tag(takes_context=True)
def role_words(context, competition=None) -> str:
    """The viewer's roles in this competition, else everywhere, in words."""
    scopes = [f"competition:{competition.pk}"] if competition is not None and competition != "" else []
    held = permissions.roles(context["request"].user, *scopes)
    return " · ".join(str(label) for role, label in ROLE_LABELS.items() if role in held)


@register.filter
def say(reason) -> str:
    """A Reason in the viewer's language."""
    return words(reason)
