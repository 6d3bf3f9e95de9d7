"""One race from an empty database to the certificate, in a browser, by everybody who has a part in it.

Two rounds, two clusters, three evaluators: the organiser copies the default, edits it in pages, invites people, publishes;
clusters apply; evaluators judge; rounds close; two people release; the award is given, printed and verified."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from competition.domain.calendar import BEIJING
from competition.models import Application, Award, Competition, Document, Notice, Organisation, Proposal, Round, RulesEdition, Sector
from config.rehearsal.demo.answers import credit_code
from jobs.services import run_queued
from tests.journeys.people import Clock, Person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["desktop", "phone"])
def person(request, open_page, axe):
    """`person(name_zh, name_en)`: somebody with a browser of their own."""

    def made(name_zh, name_en):
        page = open_page(request.param)
        page.set_default_timeout(20_000)
        return Person(page, axe, name_zh, name_en, f"{name_en.split()[0].lower()}@example.org")

    return made


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


def local(moment) -> str:
    return moment.astimezone(BEIJING).strftime("%Y-%m-%dT%H:%M")


def first_organiser(organiser: Person) -> Person:
    output = StringIO()
    call_command("setup_organiser", organiser.email, stdout=output)
    link = next(word for word in output.getvalue().split() if "/invitation/" in word)
    organiser.come_in("/" + link.split("/", 3)[3])
    return organiser


def set_up(organiser: Person) -> Competition:
    """Copied from the default, then edited in pages: names, public settings, dates, panels, scheme, advancement."""
    organiser.go("competition:competition_create")
    organiser.fill(name_zh="二〇二六年试验赛", name_en="Trial Race 2026", code="trial-2026", year="2026", level="province", region="320000")
    organiser.send()
    competition = Competition.objects.get()
    organiser.fill(
        organiser_zh="组委会", organiser_en="Committee", contact="025-0000", summary_zh="择优培育。", summary_en="The best are chosen."
    )
    organiser.fill(public_ranks=True, public_not_chosen=True)
    organiser.send()
    now = timezone.now()
    first, final = competition.rounds.order_by("order")
    organiser.go("competition:round_edit", competition.pk, first.pk)
    organiser.fill(seats="3", intake_opens=local(now - timedelta(hours=1)), intake_closes=local(now + timedelta(days=2)))
    organiser.fill(judging_opens=local(now + timedelta(days=3)), judging_closes=local(now + timedelta(days=5)))
    organiser.send()
    organiser.go("competition:round_edit", competition.pk, final.pk)
    organiser.fill(seats="3", intake="carry")
    organiser.fill(judging_opens=local(now + timedelta(days=20)), judging_closes=local(now + timedelta(days=22)))
    organiser.send()
    for round in (first, final):
        organiser.go("evaluations:scheme_edit", competition.pk, round.pk)
        organiser.fill(method="mean")
        organiser.send()
        organiser.go("evaluations:rubric_edit", competition.pk, round.pk)
    organiser.go("competition:form_edit", competition.pk, first.pk)
    organiser.go("competition:advancement_edit", competition.pk, first.pk)
    organiser.go("competition:track_list", competition.pk)
    return competition


def invite_staff(organiser: Person, competition: Competition, person):
    """A decider singly, three evaluators as a pasted list; each comes in by the one-time link of the slip."""
    scope = f"competition:{competition.pk}"
    decider = person("王海宁", "Wang Haining")
    organiser.go("invite", scope)
    organiser.fill(email=decider.email, name_zh=decider.name_zh, role="decider")
    organiser.send()
    decider.come_in(organiser.slips()[decider.email])
    evaluators = [person("沈知行", "Shen Zhixing"), person("顾明远", "Gu Mingyuan"), person("何静怡", "He Jingyi")]
    organiser.go("invite_many", scope)
    organiser.fill(people="\n".join(f"{each.email}, {each.name_zh}, {each.name_en}" for each in evaluators), role="evaluator")
    organiser.send()
    links = organiser.slips()
    for each in evaluators:
        each.come_in(links[each.email])
    return evaluators, decider


def invite_applicant(organiser: Person, person, number: int) -> Person:
    """Organisation, cluster, and its contact."""
    applicant = person(f"联络人{number}", f"Contact{number} Person")
    organiser.go("competition:organisation_create")
    organiser.fill(name_zh=f"第{number}促进中心", name_en=f"Centre {number}", credit_code=credit_code(number), region="320000")
    organiser.send()
    organisation = Organisation.objects.get(name_zh=f"第{number}促进中心")
    organiser.go("competition:cluster_create")
    organiser.fill(name_zh=f"第{number}集群", name_en=f"Cluster {number}", short_zh=f"集群{number}", short_en=f"C{number}")
    sector = Sector.objects.get(code="information")
    organiser.fill(sector=str(sector.pk), lead_region="320000", organisation=str(organisation.pk))
    organiser.send()
    organiser.go("invite", f"organisation:{organisation.pk}")
    organiser.fill(email=applicant.email, name_zh=applicant.name_zh, role="applicant")
    organiser.send()
    applicant.come_in(organiser.slips()[applicant.email])
    return applicant


def publish(organiser: Person, competition: Competition) -> None:
    organiser.go("competition:competition_check", competition.pk)
    organiser.go("competition:competition_publish", competition.pk)
    organiser.send()
    competition.refresh_from_db()
    assert competition.state == "published"
    organiser.go("public:rules", competition.code)
    assert RulesEdition.objects.get().digest in organiser.page.inner_text("main").replace("\n", "").replace(" ", "")


def test_from_an_empty_database_to_the_certificate(person, clock):
    organiser = first_organiser(person("张敏", "Zhang Min"))
    competition = set_up(organiser)
    evaluators, decider = invite_staff(organiser, competition, person)
    applicants = [invite_applicant(organiser, person, number) for number in (1, 2)]
    publish(organiser, competition)
