"""The demo's open deadlines moved on, through the services and with their records, as an organiser would postpone them. What has
passed stays in its time, and whatever somebody did in the demo stays done."""

from datetime import datetime

from accounts.models import User
from competition.models import Application, Competition
from competition.services.applications import extend_correction
from competition.services.recommendations import move_recommendation
from competition.services.rounds import move_windows
from competition.services.telling import tell_anchors
from config.rehearsal.demo import moments, people
from config.rehearsal.demo.answers import MARK
from config.rehearsal.demo.moments import Course, day_of
from jobs.services import run_queued
from ledger.domain.reason import Refused
from ledger.reasons import say as words
from ledger.services import seal

REASON = f"{MARK}演示时间顺延。"
COURSES = (("guangdong", moments.guangdong), ("jiangsu", moments.jiangsu), ("nation", moments.nation))


def renew(*, at: datetime, say=print) -> int:
    """Every open deadline as far from today as it was when the demo was built. Returns how many were moved."""
    today = day_of(at)
    actor = User.objects.get(email=people.ORGANISER.email)
    moved = 0
    for place, course in COURSES:
        rows = Competition.objects.filter(demo=True, state="published", code__regex=rf"^{place}-\d{{4}}$")
        if competition := rows.order_by("-year").first():
            moved += _moved(competition, course(today), actor=actor, at=at, say=say)
    run_queued()
    seal(at=at)
    tell_anchors(at=at)
    run_queued()
    return moved


def _moved(competition: Competition, course: Course, *, actor, at, say) -> int:
    rounds, acts = list(competition.rounds.all()), []
    if competition.recommendation:  # which lies between intake and judging: judging makes room first
        acts.append(lambda: _round(rounds[0], course.windows[1] | {"intake_closes": None}, actor, at))
        acts.append(lambda: _recommendation(competition, course, actor, at))
    acts += [lambda round=round: _round(round, course.windows.get(round.order, {}), actor, at) for round in rounds]
    acts.append(lambda: _corrections(competition, course, actor, at))
    done = 0
    for act in acts:
        try:
            done += act()
        except Refused as refused:  # somebody has set other dates, or gone on: theirs hold
            say(f"{competition.code}: {' '.join(str(words(reason)) for reason in refused.reasons)}")
    return done


def _round(round, wanted: dict, actor, at) -> int:
    """Later only; what has begun keeps its moment, and so does what `wanted` has None for."""
    if round.state in ("closed", "released") or not wanted:
        return 0
    round.refresh_from_db()
    before = {name: getattr(round, name) for name in wanted}
    kept = {"open": {"intake_opens"}, "judging": {"intake_opens", "intake_closes", "judging_opens"}}.get(round.state, set())
    kept = kept | {name for name, moment in wanted.items() if moment is None}
    after = {name: old if name in kept or (old and old >= wanted[name]) else wanted[name] for name, old in before.items()}
    if after == before:
        return 0
    move_windows(round, windows=after, reason=REASON, actor=actor, at=at)
    return 1


def _recommendation(competition, course, actor, at) -> int:
    competition.refresh_from_db()
    closes = competition.recommendation_closes
    if closes is None or closes >= course.due:
        return 0
    move_recommendation(competition, closes=course.due, reason=REASON, actor=actor, at=at)
    return 1


def _corrections(competition, course, actor, at) -> int:
    if course.due is None or competition.recommendation:
        return 0
    rows = Application.objects.filter(competition=competition, state="returned", correction_due__lt=course.due)
    for row in rows:
        extend_correction(row, reason=REASON, due_at=course.due, actor=actor, at=at)
    return len(rows)
