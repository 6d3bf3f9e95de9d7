"""Issuing fixes number, moment, seal and context; the same facts give the same document."""

from datetime import timedelta

import pytest

from accounts.permissions import NotAllowed
from competition.models import Document, Organisation
from competition.services.documents import draw, issue, issue_missing_certificates
from jobs.models import Job
from ledger.domain.reason import Refused
from ledger.models import Record
from ledger.services import seal
from tests.factories.accounts import give, make_user
from tests.factories.competition import NOW
from tests.factories.documents import make_award, make_submitted

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def receipt(revision, *, actor=None, language="en", at=NOW):
    return issue("receipt", str(revision.pk), language=language, actor=actor, at=at)


def test_what_is_fixed_when_a_document_is_issued():
    revision, applicant = make_submitted()
    receipt(revision, language="zh-hans")  # something to seal
    newest = seal(at=NOW)
    document = receipt(revision, actor=applicant)
    assert (document.subject, document.edition, document.language, document.draft) == (f"revision:{revision.pk}", 1, "en", False)
    assert (document.seal_number, document.seal_hash) == (newest.number, newest.hash)
    assert document.number.startswith("RC-2026-") and len(document.verify_code) == 28
    assert document.context["receipt"] == revision.receipt_number
    assert [row["sha256"] for row in document.context["files"]] == ["12bf" * 16, "22bf" * 16]
    assert [row["size"] for row in document.context["files"]] == ["1.8 MB", "1.8 MB"]
    assert document.context["doc"]["verify_url"].endswith(f"/public/verify/{document.verify_code}/")
    record = Record.objects.get(action="document.issue", subject=f"document:{document.pk}")
    assert (record.actor, record.scope) == (f"user:{applicant.pk}", document.scope)
    job = Job.objects.get(kind="document.render", subject=f"document:{document.pk}")
    assert (job.queue, job.requested_by) == ("documents", f"user:{applicant.pk}")


def test_the_same_facts_give_the_same_document_and_others_the_next_edition():
    revision, applicant = make_submitted()
    first = receipt(revision)
    assert receipt(revision, actor=applicant, at=LATER) == first
    assert receipt(revision, language="zh-hans").edition == 1
    Organisation.objects.filter(pk=revision.application.organisation_id).update(name_en="Renamed")
    second = receipt(revision, at=LATER)
    assert (second.edition, second.context["organisation"]) == (2, "Renamed")
    assert second.number != first.number and second.verify_code != first.verify_code
    first.refresh_from_db()
    assert first.context["organisation"] == "Wuxi IoT Promotion Centre"


def test_an_unknown_language_becomes_the_first():
    revision, _applicant = make_submitted()
    assert receipt(revision, language="fr").language == "zh-hans"


def test_nobody_else_asks_for_a_receipt():
    revision, _applicant = make_submitted()
    _other, rival = make_submitted(revision.application.competition)
    with pytest.raises(NotAllowed) as refusal:
        receipt(revision, actor=rival)
    assert refusal.value.reason.code == "competition.not_yours"
    assert not Document.objects.exists()


def test_there_is_nothing_to_issue_of_nothing():
    for kind, key in (("receipt", "999"), ("receipt", "x"), ("fable", "1")):
        with pytest.raises(Refused) as refusal:
            issue(kind, key, language="en", actor=None, at=NOW)
        assert refusal.value.reason.code == "competition.document_subject_unknown"


def test_a_certificate_bears_the_number_and_code_of_its_award():
    award = make_award()
    document = issue("certificate", str(award.pk), language="en", actor=None, at=NOW)
    assert (document.number, document.verify_code, document.language) == (award.number, award.verify_code, "zh-hans")
    assert document.context["title"] == {"zh": "先进制造业集群", "en": "an advanced manufacturing cluster"}
    assert document.context["rounds"] == {"zh": "初赛、决赛", "en": "Preliminary and Final"}
    assert document.context["organisation"]["en"] == "Wuxi IoT Promotion Centre"


def test_an_organisation_is_recognised_as_that_of_its_cluster():
    award = make_award(title="organisation", holder_zh="无锡物联网促进中心", cluster={"name_zh": "无锡市物联网集群", "name_en": "Wuxi IoT"})
    document = issue("certificate", str(award.pk), language="en", actor=None, at=NOW)
    assert document.context["title"] == {"zh": "无锡市物联网集群促进机构", "en": "the promotion organisation of Wuxi IoT"}
    assert document.context["organisation"] == {"zh": "", "en": ""}


def test_certificates_of_a_round_are_issued_once_and_not_for_revoked_awards():
    first = make_award()
    competition = first.entry.round.competition
    make_award(competition=competition)
    make_award(competition=competition, state="revoked", revoke_reason="弄虚作假")
    assert issue_missing_certificates(first.entry.round_id, at=NOW) == 2
    make_award(competition=competition)
    assert issue_missing_certificates(first.entry.round_id, at=LATER) == 1
    assert sorted(Document.objects.values_list("edition", flat=True)) == [1, 1, 1]


def test_no_certificate_for_a_revoked_award():
    award = make_award(state="revoked", revoke_reason="弄虚作假")
    organiser = make_user()
    give(organiser, "organiser", f"competition:{award.entry.round.competition_id}")
    with pytest.raises(NotAllowed) as refusal:
        issue("certificate", str(award.pk), language="en", actor=organiser, at=NOW)
    assert refusal.value.reason.code == "competition.award_revoked"


def test_drawing_twice_draws_once(settings, tmp_path):
    revision, _applicant = make_submitted()
    document = draw(receipt(revision), at=NOW)
    again = draw(document, at=LATER)
    assert (again.file.name, again.rendered_at, again.pages) == (document.file.name, NOW, 1)
