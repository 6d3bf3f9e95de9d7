"""What people write into a free field stands in pages, letters and documents as they wrote it and does nothing there."""

import re

import pytest
from django.apps import apps
from django.core import mail
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.services.invitation import invite
from competition.documents.render import page as drawn_page
from competition.services.documents import issue
from jobs.services import run_queued
from tests.cast import sign_in
from tests.factories.accounts import give, make_user
from tests.factories.documents import make_award
from tests.permissions.test_matrix import ROWS, world  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.once]
EVIL = "<script>x()</script>{{ 7|add:7 }}<img src=x onerror=y()>"
ESCAPED = "&lt;script&gt;x()&lt;/script&gt;{{ 7|add:7 }}&lt;img src=x onerror=y()&gt;"
# Columns that people fill with words of their own.
WORDS = re.compile(
    r"^(name|title|summary|reason|note|text|comment|decision|evidence|contact|objector|employer|organiser|holder|statement|position|expertise)(_zh|_en)?$"
)
READERS = ("organiser", "applicant", "evaluator", "recommender", "decider", "supervisor", "anonymous")


def free_fields():
    """Those of our own tables that may be written again."""
    for model in apps.get_models():
        if model._meta.app_label not in ("accounts", "competition", "evaluations"):
            continue
        for field in model._meta.local_fields:
            long_enough = isinstance(field, models.TextField) or (isinstance(field, models.CharField) and field.max_length >= len(EVIL) + 8)
            if WORDS.match(field.name) and long_enough and not field.choices:
                yield model, field.name


def plant() -> set[str]:
    planted = set()
    for model, name in free_fields():
        for pk in list(models.QuerySet(model).values_list("pk", flat=True)):
            models.QuerySet.update(models.QuerySet(model).filter(pk=pk), **{name: f"{EVIL}{str(pk)[:7]}"})
            planted.add(f"{model._meta.label}.{name}")
    return planted


def acts(text: str) -> bool:
    return "<script>x()" in text or "<img src=x" in text or re.search(r"=\"[^\"]*<script>x", text) is not None


def test_every_page(world):  # noqa: F811
    """As the first of those who may open it: the same templates for all."""
    told, wrong, opened = 0, [], 0
    with transaction.atomic():
        planted = plant()
        for row in ROWS:
            if row.data is not None:
                continue
            address = reverse(row.route, kwargs=dict(row.kwargs(world)))
            for person in [person for person in READERS if row.expected.get(person) == 200][:1]:
                with transaction.atomic():
                    client = sign_in(None if person == "anonymous" else getattr(world.cast, person), fresh=row.fresh)
                    answer = client.get(address)
                    transaction.set_rollback(True)
                if answer.streaming or not answer["Content-Type"].startswith("text/html"):
                    continue
                opened += 1
                text = answer.content.decode()
                told += text.count(ESCAPED)
                if acts(text) or text.count("&lt;script&gt;x()&lt;/script&gt;") != text.count(
                    "&lt;script&gt;x()&lt;/script&gt;{{ 7|add:7 }}"
                ):
                    wrong.append((row.route, person))
        transaction.set_rollback(True)
    assert wrong == []
    assert len(planted) > 15 and opened > 90 and told > 150, (sorted(planted), opened, told)


def test_letters(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    host = make_user(EVIL, name_zh=EVIL)
    give(host, "organiser", "*")
    invite("li.ming@example.org", role="supervisor", scope="*", name_zh=EVIL, name_en=EVIL, actor=host, at=timezone.now())
    run_queued(["mail.send"])
    (letter,) = [letter for letter in mail.outbox if letter.to == ["li.ming@example.org"]]
    page = letter.alternatives[0][0]
    assert not acts(page) and ESCAPED in page
    assert "\n" not in letter.subject and "7|add:7" not in letter.subject.replace("{{ 7|add:7 }}", "")


def test_documents():
    award = make_award(holder_zh=EVIL, holder_en=EVIL, cluster={"name_zh": EVIL, "name_en": EVIL})
    page = drawn_page(issue("certificate", str(award.pk), language="zh-hans", actor=None, at=timezone.now()))
    assert not acts(page) and ESCAPED in page
