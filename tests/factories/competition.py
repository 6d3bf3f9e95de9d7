"""Rows of the race for tests, as small as the constraints allow. Facts under test come through services."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from competition.models import Application, Cluster, Competition, Entry, Form, Organisation, Region, Revision, Round, Sector, Track
from tests.factories.serial import serial

BEIJING = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 9, 16, 10, 30, tzinfo=BEIJING)


def make_competition(**fields) -> Competition:
    n = serial()
    defaults = {
        "code": f"race-{n}",
        "name_zh": f"竞赛{n}",
        "name_en": f"Race {n}",
        "year": 2026,
        "level": "province",
        "region_id": "320000",
        "created_at": NOW,
    }
    return Competition.objects.create(**defaults | fields)


def make_track(competition, code="information", **fields) -> Track:
    return Track.objects.create(competition=competition, code=code, **{"name_zh": f"赛道{code}", "name_en": f"Track {code}"} | fields)


def make_round(competition=None, **fields) -> Round:
    competition = competition or make_competition(state="published")
    order = fields.pop("order", competition.rounds.count() + 1)
    defaults = {
        "code": f"round-{order}",
        "name_zh": f"第{order}轮",
        "name_en": f"Round {order}",
        "intake_opens": NOW - timedelta(days=10),
        "intake_closes": NOW + timedelta(days=10),
        "judging_opens": NOW + timedelta(days=11),
        "judging_closes": NOW + timedelta(days=20),
    }
    return Round.objects.create(competition=competition, order=order, **defaults | fields)


def make_organisation(**fields) -> Organisation:
    n = serial()
    return Organisation.objects.create(**{"name_zh": f"促进中心{n}", "name_en": f"Promotion Centre {n}"} | fields)


def make_cluster(**fields) -> Cluster:
    n = serial()
    regions = fields.pop("regions", None)
    fields.setdefault("lead_region_id", "320000")
    fields.setdefault("sector", Sector.objects.get(code="information"))
    fields.setdefault("organisation", None)
    cluster = Cluster.objects.create(**{"name_zh": f"集群{n}", "name_en": f"Cluster {n}", "short_zh": f"集群{n}"} | fields)
    cluster.regions.set(regions or Region.objects.filter(code=cluster.lead_region_id))
    return cluster


def make_application(round, user, **fields) -> Application:
    organisation = fields.pop("organisation", None) or make_organisation()
    cluster = fields.pop("cluster", None) or make_cluster(organisation=organisation)
    return Application.objects.create(
        competition=round.competition,
        round=round,
        cluster=cluster,
        organisation=organisation,
        created_by=user,
        **{"created_at": NOW, "track": round.competition.tracks.first()} | fields,
    )


def make_revision(application, **fields) -> Revision:
    n = serial()
    round = fields.pop("round", application.round)
    form = round.forms.first() or Form.objects.create(round=round, version=1, definition={"sections": []}, digest="0" * 64)
    return Revision.objects.create(
        application=application,
        round=round,
        form=form,
        **{
            "number": application.revisions.count() + 1,
            "data": {},
            "digest": "0" * 64,
            "receipt_number": f"R-{n}",
            "submitted_at": NOW,
            "submitted_by": application.created_by,
        }
        | fields,
    )


def make_entry(round, user, **fields) -> Entry:
    """An accepted application with its revision, running in `round`."""
    application = fields.pop("application", None) or make_application(round, user, state="accepted")
    revision = fields.pop("revision", None) or make_revision(application)
    return Entry.objects.create(round=round, application=application, revision=revision, track=application.track, **fields)
