"""This year's national edition: its preliminary takes in, fed by the provinces; one chosen cluster has still to be nominated."""

from competition.models import Competition, Entry
from competition.services.nominations import nominate, set_feeders
from competition.services.quotas import set_quotas
from competition.services.readmissions import add_readmission
from config.rehearsal.demo import moments, people
from config.rehearsal.demo.answers import MARK
from config.rehearsal.demo.clusters import of_region
from config.rehearsal.demo.editions import GUANGDONG, JIANGSU, ZHEJIANG, prepared
from config.rehearsal.demo.moments import DAY, HOUR
from config.rehearsal.demo.race import Edition

PLACES = {JIANGSU: 4, ZHEJIANG: 4, GUANGDONG: 4, "340000": 1, "420000": 2, "510000": 2}


def nation(cast, today, pdf, *, last_year: Edition, zhejiang: Edition, feeders: list[Edition]) -> Edition:
    """Of Zhejiang's four chosen one is accepted, one submitted, one a draft, and one not nominated yet. Who was not chosen last year
    needs no region's word."""
    course = moments.nation(today)
    made = prepared(cast, of_region(ZHEJIANG), course, place="", year=today.year, seed=17, pdf=pdf, places=6)
    before = course.starts - HOUR
    made.competition.refresh_from_db()
    set_quotas(
        made.competition,
        required=True,
        closes=course.due,
        places=PLACES,
        version=made.competition.edit_version,
        actor=cast.organiser,
        at=before,
    )
    made.competition.refresh_from_db()
    add_readmission(
        made.competition,
        reached=last_year.round(1),
        enters=made.round(1),
        version=made.competition.edit_version,
        actor=cast.organiser,
        at=before,
    )
    made.publish()
    sources = Competition.objects.filter(pk__in=[edition.competition.pk for edition in feeders])
    set_feeders(made.competition, wanted=sources, version=made.competition.edit_version, actor=cast.organiser, at=today - 8 * DAY)
    _nominations(made, zhejiang, today, recommender=_recommender(cast, today))
    return made


def _recommender(cast, today):
    return people.sign_up(
        people.SECOND_RECOMMENDER, role="recommender", scope=f"region:{ZHEJIANG}", inviter=cast.organiser, at=today - 100 * DAY
    )


def _nominations(made: Edition, zhejiang: Edition, today, *, recommender) -> None:
    last = zhejiang.competition.rounds.order_by("order").last()
    chosen = list(Entry.objects.filter(round=last, outcome="advance").order_by("pk"))
    opinion = f"{MARK}省级竞赛优胜，产业基础扎实，同意推荐。"
    given = []
    for number, entry in enumerate(chosen[:3]):
        track = made.competition.tracks.get(code=entry.track.code)
        at = today - 7 * DAY + number * HOUR
        nomination = nominate(entry, competition=made.competition, track=track, opinion=opinion, actor=recommender, at=at)
        given.append(nomination.application)
    for number, application in enumerate(given[:2]):
        made.submit(application, at=today - 5 * DAY + number * HOUR)
    made.accept(given[0], at=today - 3 * DAY)
