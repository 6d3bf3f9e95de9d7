"""One race from an empty database to the certificate, in a browser, by everybody who has a part in it.

Two rounds, two clusters, three evaluators: the organiser copies the default, edits it in pages, invites people, publishes;
clusters apply; evaluators judge; rounds close; two people release; the award is given, printed and verified."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO

from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from competition.domain.calendar import BEIJING, end_of
from competition.models import (
    Application,
    Award,
    Cluster,
    Competition,
    Document,
    Notice,
    Organisation,
    Proposal,
    Round,
    RulesEdition,
    Sector,
)
from competition.selectors.applications import years_of
from config.rehearsal.demo.answers import answers, credit_code
from config.rehearsal.demo.clusters import CLUSTERS
from evaluations.models import Assignment, Evaluator
from jobs.services import run_queued
from tests.factories.applying import PDF
from tests.journeys.people import Clock, Person


def local(moment) -> str:
    return moment.astimezone(BEIJING).strftime("%Y-%m-%dT%H:%M")


def first_organiser(organiser: Person) -> Person:
    output = StringIO()
    call_command("setup_organiser", organiser.email, stdout=output)
    link = next(word for word in output.getvalue().split() if "#i-" in word)
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


def invite_staff(organiser: Person, competition: Competition, office, field):
    """A decider singly, three evaluators as a pasted list; each comes in by the one-time link of the slip."""
    scope = f"competition:{competition.pk}"
    decider = office("王海宁", "Wang Haining")
    organiser.go("invite", scope)
    organiser.fill(email=decider.email, name_zh=decider.name_zh, role="decider")
    organiser.send()
    decider.come_in(organiser.slips()[decider.email])
    evaluators = [field("沈知行", "Shen Zhixing"), field("顾明远", "Gu Mingyuan"), field("何静怡", "He Jingyi")]
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


def apply(applicant: Person, competition: Competition, number: int) -> Application:
    """The whole default form by its fields, three files, autosaved; then submitted."""
    page = applicant.page
    applicant.go("competition:application_list")
    applicant.go("competition:application_start", competition.pk)
    cluster = Cluster.objects.get(name_zh=f"第{number}集群")
    applicant.fill(cluster=str(cluster.pk), track=str(competition.tracks.get(code="information").pk))
    applicant.send()
    application = Application.objects.get(cluster=cluster)
    like = replace(CLUSTERS[number], name_zh=cluster.name_zh)
    data = answers(like, years_of(application), code=cluster.organisation.credit_code, seed=number)
    for code, value in data.items():
        if code == "figures":
            for item, row in value.items():
                for year, figure in row["values"].items():
                    page.fill(f"[name='figures.{item}.{year}']", figure)
                page.fill(f"[name='figures.{item}.source']", row["source"])
        else:
            applicant.fill(**{code: value})
    for slot in ("signed_undertaking", "licence", "figure_proofs"):
        page.set_input_files(f"[name='file.{slot}']", {"name": f"{slot}.pdf", "mimeType": "application/pdf", "buffer": PDF})
        page.wait_for_selector(f"[data-slot={slot}] .files li")
    page.wait_for_selector("#saving.ok")
    page.wait_for_selector("#submit-actions a.primary")
    applicant.see()
    page.click("#submit-actions a.primary")
    page.wait_for_url("**/submit/")
    applicant.see()
    applicant.send()
    receipt = application.revisions.get().receipt_number
    assert receipt in page.inner_text("main")
    return application


def judge(organiser: Person, evaluators: list[Person], competition: Competition, round: Round, clock: Clock) -> None:
    """Pool, proposal, publication; then each evaluator signs, declares, marks by keyboard and submits every sheet."""
    clock.to(round.judging_opens + timedelta(hours=1))
    organiser.sign_in()
    organiser.go("evaluations:evaluator_list", competition.pk)
    if not Evaluator.objects.exists():
        organiser.send("form[action$='enrol/'] button")
    organiser.go("evaluations:round_start", competition.pk, round.pk)
    organiser.send()
    organiser.go("evaluations:assignment_plan", competition.pk, round.pk)
    organiser.fill(seats="3", most="9", seed="journey")
    organiser.send("form#plan button")
    organiser.send("form[action$='compute/'] button")
    run_queued()
    organiser.page.wait_for_selector("#run")  # the page that waits for the job reads itself anew
    organiser.see()
    organiser.go("evaluations:assignment_board", competition.pk, round.pk)
    organiser.go("evaluations:assignment_publish", competition.pk, round.pk)
    organiser.send()
    for number, evaluator in enumerate(evaluators):
        evaluator.sign_in()
        page = evaluator.page
        evaluator.go("evaluations:my_sheets")
        evaluator.go("evaluations:undertaking_sign", competition.pk, round.pk)
        evaluator.fill(agree=True)
        evaluator.send("main button[form=undertaking]")
        for seat in Assignment.objects.filter(entry__round=round, evaluator__user__email=evaluator.email).select_related(
            "entry__application__cluster"
        ):
            evaluator.go("evaluations:seat_answer", competition.pk, seat.pk)
            evaluator.send("form[action$='confirm/'] button")
            first = "第1" in seat.entry.application.cluster.name_zh
            for field in page.locator("main [name^='mark-']").all():
                field.fill(str((81 if first else 74) + 2 * number))
            page.keyboard.press("Tab")
            page.wait_for_selector("#saving.ok")
            page.locator("main [data-submit]").click()
            page.wait_for_url("**/submit/")
            evaluator.see()
            evaluator.send()
            seat.refresh_from_db()
            assert seat.sheet.state == "submitted"
    run_queued()


def decide(organiser: Person, decider: Person, competition: Competition, round: Round, clock: Clock, visitor: Person) -> None:
    """No rank before the round is closed; list, meeting, two signatures with the second factor, the public list."""
    organiser.go("evaluations:round_progress", competition.pk, round.pk)
    assert organiser.page.goto(reverse("evaluations:standings", args=[competition.pk, round.pk])).status == 403
    assert "81." not in organiser.page.inner_text("main")
    clock.to(round.judging_closes + timedelta(hours=1))
    organiser.sign_in()
    decider.sign_in()
    organiser.go("evaluations:finding_list", competition.pk, round.pk)
    organiser.go("evaluations:finding_pass", competition.pk, round.pk)
    organiser.send()
    organiser.go("evaluations:round_close", competition.pk, round.pk)
    organiser.send()
    organiser.go("evaluations:standings", competition.pk, round.pk)
    organiser.go("competition:proposal_create", competition.pk, round.pk)
    organiser.send()
    proposal = Proposal.objects.get(round=round)
    organiser.go("competition:proposal_table", competition.pk, proposal.pk)
    organiser.send()
    run_queued()
    organiser.settle()
    organiser.go("competition:meeting_record", competition.pk, proposal.pk)
    organiser.fill(number="2026-1", held_on=timezone.localdate().isoformat())
    organiser.send()
    for signer in (organiser, decider):
        assert visitor.page.goto(reverse("public:result", args=[competition.code, round.code])).status == 404
        signer.go("competition:proposal_sign", competition.pk, proposal.pk)
        signer.send()
        signer.prove()
    round.refresh_from_db()
    assert round.state == "released"
    run_queued()
    organiser.settle()
    decider.settle()
    visitor.go("public:result", competition.code, round.code)
    assert visitor.page.locator("main table.table-cards tbody tr").count() == round.entries.count()


def award(organiser: Person, competition: Competition, final: Round, clock: Clock, visitor: Person) -> None:
    """After publicity: award, certificate as a PDF whose text is read back, verification by its code."""
    notice = Notice.objects.get(proposal__round=final)
    clock.to(end_of(notice.ends_on) + timedelta(hours=1))
    organiser.sign_in()
    organiser.go("competition:notice_detail", competition.pk, notice.pk)
    organiser.go("competition:award_list", competition.pk, final.pk)
    organiser.page.locator("main [name=titles][value=cluster]").check()
    organiser.send()
    given = Award.objects.get(title="cluster")
    run_queued()
    organiser.settle()
    organiser.go("competition:document_list", competition.pk)
    certificate = Document.objects.filter(kind="certificate", subject=f"award:{given.pk}").first()
    with organiser.page.expect_download() as download:
        organiser.page.evaluate(
            "address => { const a = document.createElement('a'); a.href = address; document.body.append(a); a.click(); }",
            reverse("competition:document_file", args=[competition.pk, certificate.pk]),
        )
    text = "".join(page.extract_text() for page in PdfReader(download.value.path()).pages)
    assert given.number in text
    assert "第1集群" in text
    visitor.go("public:verify")
    visitor.fill(code=given.verify_code)
    visitor.send()
    assert given.number in visitor.page.inner_text("main")


def run_race(office, field, clock: Clock) -> None:
    """`office(name_zh, name_en)`, `field(…)`: somebody with a browser of their own, who organises or decides, who applies, judges or reads."""
    organiser = first_organiser(office("张敏", "Zhang Min"))
    competition = set_up(organiser)
    evaluators, decider = invite_staff(organiser, competition, office, field)
    applicants = [invite_applicant(organiser, field, number) for number in (1, 2)]
    publish(organiser, competition)
    first, final = competition.rounds.order_by("order")
    for number, applicant in enumerate(applicants, start=1):
        application = apply(applicant, competition, number)
        organiser.go("competition:intake_list", competition.pk)
        organiser.go("competition:intake_detail", competition.pk, application.pk)
        organiser.go("competition:application_accept", competition.pk, application.pk)
        organiser.send()
    visitor = field("访客", "Visitor")
    visitor.go("public:calls")
    first.refresh_from_db()
    judge(organiser, evaluators, competition, first, clock)
    decide(organiser, decider, competition, first, clock, visitor)
    applicants[0].sign_in()
    applicants[0].go("competition:application_detail", competition.pk, Application.objects.get(cluster__name_zh="第1集群").pk)
    final.refresh_from_db()
    judge(organiser, evaluators, competition, final, clock)
    decide(organiser, decider, competition, final, clock, visitor)
    award(organiser, competition, final, clock, visitor)
