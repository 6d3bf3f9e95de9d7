"""Partners of a joint entry: named in the draft, fixed with the revision, carried on."""

import hashlib

import pytest

from competition.models import Application, Competition, Party
from competition.selectors.applications import faults
from competition.selectors.intake import changes
from competition.selectors.nominations import of_application
from competition.selectors.parties import typed
from competition.services.applications import return_application, save_draft, submit_application
from competition.services.nominations import nominate
from competition.services.parties import fix_parties, set_parties
from ledger.domain import canonical
from ledger.domain.reason import Refused
from ledger.models import Record
from ledger.models.append_only import AppendOnly
from tests.factories.applying import ANSWERS, make_call, make_draft
from tests.factories.competition import NOW
from tests.factories.later_round import make_advanced
from tests.factories.nominating import make_levels
from tests.factories.parties import party

pytestmark = pytest.mark.django_db


@pytest.fixture
def joint():
    """(application, applicant) in a call that takes joint entries."""
    call = make_call(joint_entries=True)
    application, user = make_draft(call)
    application.organiser = call.organiser
    return application, user


def name(application, user, rows, version=None):
    version = application.draft_version if version is None else version
    application.draft_version = set_parties(application, parties=rows, version=version, actor=user, at=NOW)
    return application


def test_partners_stand_in_the_draft_and_the_record_says_only_how_many(joint):
    application, user = joint
    first, second = party(), party(role="")
    name(application, user, [{}, first | {"credit_code": f" {first['credit_code'].lower()} "}, second])
    assert [typed(row) for row in application.parties.all()] == [first, second]
    assert application.draft_version == 2
    record = Record.objects.get(action="application.set_parties")
    assert (record.before, record.after) == ({"partners": 0}, {"partners": 2})
    assert set_parties(application, parties=[first, second], version=2, actor=user, at=NOW) == 2  # nothing new, no record
    assert Record.objects.filter(action="application.set_parties").count() == 1


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_changed(joint):
    application, user = joint
    application.organisation.credit_code = lead = party()["credit_code"]
    application.organisation.save()
    sound = party()
    wrong = {
        ("parties.0.name_zh", "competition.party_name_missing"): [party(name_zh=" ")],
        ("parties.0.credit_code", "competition.party_code_missing"): [party(credit_code="")],
        ("parties.0.credit_code", "competition.credit_code_length"): [party(credit_code="913")],
        ("parties.0.credit_code", "competition.party_code_lead"): [party(credit_code=lead)],
        ("parties.1.credit_code", "competition.party_code_twice"): [sound, party(credit_code=sound["credit_code"])],
        ("parties.1.region", "competition.party_region_missing"): [sound, party(region="999999")],
        ("parties.0.role", "competition.party_text_long"): [party(role="长" * 201)],
        ("parties", "competition.parties_too_many"): [party() for _ in range(10)],
    }
    found = {}
    for rows in wrong.values():
        with pytest.raises(Refused) as refused:
            set_parties(application, parties=rows, version=1, actor=user, at=NOW)
        found[refused.value.field, refused.value.reason.code] = rows
    assert found == wrong
    assert not Party.objects.exists()


def test_another_tab_is_not_written_over(joint):
    application, user = joint
    with pytest.raises(Refused) as refused:
        name(application, user, [party()], version=0)
    assert refused.value.reason.code == "competition.draft_conflict"
    name(application, user, [party()])
    with pytest.raises(Refused) as refused:
        save_draft(application, data=ANSWERS, version=1, actor=user, at=NOW)
    assert refused.value.reason.code == "competition.draft_conflict"


def test_a_competition_without_joint_entries_takes_none():
    application, user = make_draft(make_call())
    with pytest.raises(Refused) as refused:
        name(application, user, [party()])
    assert refused.value.reason.code == "competition.joint_not_allowed"


def test_the_revision_fixes_them_and_its_digest_covers_them(joint):
    application, user = joint
    first, second = party(), party()
    name(application, user, [first])
    revision = submit_application(application, actor=user, at=NOW)
    return_application(application, reason="请补充。", due_at=NOW.replace(year=2027), actor=application.organiser, at=NOW)
    assert [typed(row) for row in revision.parties.all()] == [first]
    with pytest.raises(AppendOnly):
        revision.parties.all().delete()
    application.refresh_from_db()
    name(application, user, [first | {"role": "承担中试"}, second])
    corrected = submit_application(application, actor=user, at=NOW)
    assert [typed(row)["role"] for row in corrected.parties.all()] == ["承担中试", second["role"]]
    assert [typed(row) for row in revision.parties.all()] == [first]
    files = [[file.slot, file.name, file.size, file.sha256] for file in corrected.attachments.all()]
    content = {"application": application.pk, "round": application.round_id, "form": corrected.form.digest, "data": corrected.data}
    content |= {"files": files, "submitted_at": NOW, "parties": [first | {"role": "承担中试"}, second]}
    assert corrected.digest == hashlib.sha256(canonical.encode(content)).hexdigest()
    found = changes(revision, corrected)
    assert (found["count"], found["answers"]) == (2, [])
    assert [(row["before"][-6:], row["after"][-4:]) for row in found["partners"]] == [("承担测试平台", "承担中试"), ("", "测试平台")]


def test_a_partner_that_became_the_lead_keeps_the_draft_from_being_submitted(joint):
    application, user = joint
    row = party()
    name(application, user, [row])
    application.organisation.credit_code = row["credit_code"]
    application.organisation.save()
    application.refresh_from_db()
    assert [(path, reason.code) for path, reason in faults(application)] == [("parties.0.credit_code", "competition.party_code_lead")]


def test_the_next_rounds_draft_begins_with_those_that_were_judged():
    rows = [party(), party()]
    call = make_advanced(partners=rows)
    (application, user), (other, _user) = call.advanced
    assert [typed(one) for one in application.parties.all()] == rows
    assert not other.parties.exists()
    revision = submit_application(application, actor=user, at=NOW)
    assert [typed(one) for one in revision.parties.all()] == rows


def test_nomination_carries_them_where_the_nation_takes_joint_entries():
    levels = make_levels()
    Competition.objects.update(joint_entries=True)
    levels.nation.competition.refresh_from_db()
    entry, row = levels.chosen[0], party()
    fix_parties(entry.revision, [row])
    made = nominate(entry, competition=levels.nation.competition, track=levels.nation.track, opinion="推荐。", actor=levels.speaker, at=NOW)
    assert [typed(one) for one in made.application.parties.all()] == [row]
    user = entry.application.created_by
    submit_application(made.application, actor=user, at=NOW)
    assert of_application(made.application).unchanged
    return_application(made.application, reason="请核对。", due_at=NOW.replace(year=2027), actor=levels.nation.organiser, at=NOW)
    application = Application.objects.get(pk=made.application_id)
    name(application, user, [])
    submit_application(application, actor=user, at=NOW)
    assert not of_application(application).unchanged
