"""The last minute before a deadline: every applicant saves once more and hands in, some twice, through two web processes."""

import json
import random
import threading
import time
from datetime import timedelta

from django.db import connection
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from competition.domain.calendar import beijing_date
from competition.forms.answers import values_of
from competition.models import Application, Attachment, Cluster, Competition, Form, Organisation, Revision, Round, Sector
from competition.selectors.applications import years_of
from competition.selectors.formats import read_format
from config.rehearsal.bench.web import Browser, spread, web_processes
from config.rehearsal.demo.answers import answers, credit_code
from config.rehearsal.demo.clusters import CLUSTERS

SECONDS = 60
LATE_SECONDS = 5  # how long after the deadline the last ones still try
TWICE = 10  # one in so many sends the same submission again at once
SLOTS = ("signed_undertaking", "licence", "figure_proofs")


def rush(entries: int, evaluators: int, criteria: int) -> dict:
    """`entries` applications, all complete drafts, in the 60 s before their deadline and 5 s after it: half of them in the last
    ten seconds. `lost`: answered with a receipt and not there, or refused before the deadline; `double`: more than one revision;
    `late`: refused after the deadline, as they should be. Times are of the submissions alone."""
    applications, round = _call(entries)
    dice = random.Random(60)
    with web_processes() as port:
        browsers = [Browser(port, application.created_by) for application in applications]
        closes = timezone.now() + timedelta(seconds=SECONDS + 3)
        Round.objects.filter(pk=round.pk).update(intake_closes=closes)
        starts = time.monotonic() + 3
        ends = starts + SECONDS
        moments = [starts + SECONDS - dice.expovariate(1 / 14) % SECONDS for _ in applications]
        moments[: max(1, entries // 50)] = [ends + dice.uniform(0.2, LATE_SECONDS) for _ in range(max(1, entries // 50))]
        found: list[dict] = [{} for _ in applications]
        threads = [
            threading.Thread(target=_hand_in, args=(browser, application, moment, found[place], place % TWICE == 0))
            for place, (browser, application, moment) in enumerate(zip(browsers, applications, moments, strict=True))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return _told(found, applications, closes)


def _hand_in(browser, application, moment, found, twice) -> None:
    place = {"pk": application.competition_id, "application_pk": application.pk}
    values = values_of(application.definition, application.draft, application.years)
    time.sleep(max(0.0, moment - time.monotonic()))
    status, body = browser.send_json(
        reverse("competition:draft_save", kwargs=place), {"version": application.draft_version, "values": values}
    )
    found["saved"] = status
    version = body.get("version", application.draft_version)
    before = len(browser.seconds)
    for _ in range(2 if twice else 1):
        status, _content = browser.send(
            reverse("competition:application_submit", kwargs=place), {"version": version, "key": f"k{application.pk}"}
        )
        found.setdefault("answered_at", timezone.now())
        found.setdefault("status", []).append(status)
    found["seconds"] = browser.seconds[before:]
    browser.close()


def _told(found, applications, closes) -> dict:
    counts = dict(Revision.objects.order_by().values_list("application").annotate(n=Count("pk")))
    received = [bool(set(row["status"]) & {302}) for row in found]
    lost = sum(1 for row, got, application in zip(found, received, applications, strict=True) if got and not counts.get(application.pk))
    in_time = [row["answered_at"] < closes for row in found]
    lost += sum(1 for got, early in zip(received, in_time, strict=True) if early and not got)
    seconds = [second for row in found for second in row["seconds"]]
    others = sorted({status for row in found for status in row["status"]} - {302, 409})
    return {
        **spread(seconds),
        "median_s": spread(seconds)["p50_s"],
        "cpu_s": 0.0,
        "queries": 0,
        "runs": len(seconds),
        "received": sum(received),
        "late": sum(1 for got in received if not got),
        "lost": lost,
        "double": sum(1 for number in counts.values() if number > 1),
        "other_answers": others,
    }


def _call(number: int) -> tuple[list[Application], Round]:
    now = timezone.now()
    definition = read_format()["rounds"][0]["form"]
    competition = Competition.objects.create(
        code="rush",
        name_zh="截止演练",
        name_en="Rush",
        year=beijing_date(now).year,
        level="province",
        region_id="320000",
        created_at=now,
        state="published",
    )
    round = Round.objects.create(
        competition=competition,
        order=1,
        code="one",
        name_zh="初赛",
        name_en="Preliminary",
        state="open",
        intake_opens=now - timedelta(days=1),
        intake_closes=now + timedelta(days=1),
    )
    Form.objects.create(round=round, version=1, definition=definition, digest="0" * 64, frozen_at=now)
    sector = Sector.objects.order_by("code").first()
    applications = []
    for n in range(number):
        person = User.objects.create_user(f"applicant{n}@rush.example")
        organisation = Organisation.objects.create(name_zh=f"中心{n}", name_en=f"Centre {n}")
        Membership.objects.create(user=person, role="applicant", scope=f"organisation:{organisation.pk}", given_at=now)
        cluster = Cluster.objects.create(
            name_zh=f"集群{n:04}", short_zh=f"集群{n}", lead_region_id="320000", sector=sector, organisation=organisation
        )
        application = Application.objects.create(
            competition=competition, round=round, cluster=cluster, organisation=organisation, created_by=person, created_at=now
        )
        application.years, application.definition = years_of(application), definition
        application.draft = json.loads(json.dumps(answers(CLUSTERS[n % len(CLUSTERS)], application.years, code=credit_code(n), seed=n)))
        application.save(update_fields=["draft"])
        for slot in SLOTS:
            Attachment.objects.create(
                application=application,
                slot=slot,
                name=f"{slot}.pdf",
                content_type="application/pdf",
                size=1000,
                sha256="0" * 64,
                file=f"attachments/{n}-{slot}",
                uploaded_by=person,
                uploaded_at=now,
            )
        applications.append(application)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return applications, round


BENCHES = {"rush": rush}
