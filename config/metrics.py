"""What a monitor scrapes: /metrics, in the text format of Prometheus. Numbers only; routes stand by their names.

Requests are counted in each web process (`PROMETHEUS_MULTIPROC_DIR`, set by config/gunicorn.py, brings the processes
together); everything else is read from the database when it is asked for.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from hmac import compare_digest

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from accounts.access import public
from competition.selectors.scans import standing
from competition.services.scanner import Unavailable, ask_version
from config.backup import SUBJECT as BACKUP
from jobs import selectors as jobs
from ledger import selectors as ledger

REGISTRY = CollectorRegistry()
# A page of a hall full of evaluators should come within the third of these, a release within the last.
SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
REQUESTS = Histogram(
    "saima_request_seconds", "Requests by route and class of status.", ("method", "route", "status"), registry=REGISTRY, buckets=SECONDS
)
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """`method` may be anything that a client sent: what is unknown counts as one."""
    REQUESTS.labels(method if method in METHODS else "other", route, f"{status // 100}xx").observe(seconds)


class Installation:
    """Jobs, workers and the ledger as the database has them at the moment of asking."""

    def __init__(self, *, at: datetime):
        self.at = at

    def collect(self) -> Iterator[GaugeMetricFamily]:
        up = GaugeMetricFamily("saima_database_up", "1 while the database answers.")
        try:
            families = list(self._families())
        except DatabaseError:
            families = []
        up.add_metric([], 1 if families else 0)
        end = settings.KEYS and settings.KEYS.end()
        yield from (up, *families)
        yield _age("saima_inner_certificate_seconds", "Until the inner certificate of the web server ends.", end - self.at if end else None)

    def _families(self) -> Iterator[GaugeMetricFamily]:
        by_state = GaugeMetricFamily("saima_jobs", "Background jobs that are not over, by queue and state.", labels=["queue", "state"])
        for queue, states in jobs.counts_by_queue().items():
            for state, number in states.items():
                by_state.add_metric([queue, state], number)
        yield by_state
        yield _age("saima_jobs_oldest_wait_seconds", "How long the longest due job has waited.", jobs.oldest_queued_age(at=self.at))
        newest = next(iter(jobs.worker_pulses().values()), None)
        yield _age("saima_worker_silence_seconds", "Since a worker last showed itself.", None if newest is None else self.at - newest)
        yield _age("saima_sweeper_silence_seconds", "Since the sweeper last ran.", jobs.sweeper_age(at=self.at))
        seal = ledger.newest_seal_and_moment(BACKUP)
        yield _number("saima_ledger_seals", "Number of the newest seal.", 0 if seal is None else seal.number)
        yield _age("saima_ledger_seal_age_seconds", "Since the newest seal.", None if seal is None else self.at - seal.at)
        made = seal and seal.last_at
        yield _age("saima_backup_age_seconds", "Since the newest backup; no sample before the first.", self.at - made if made else None)
        if settings.SCANNER:
            yield from self._scanner()
        yield _number("saima_ledger_unsealed", "Records that wait for a seal.", ledger.unsealed().count())

    def _scanner(self) -> Iterator[GaugeMetricFamily]:
        try:
            version = ask_version()
        except Unavailable:
            version = None
        yield _number("saima_scanner_up", "1 while the scanner for malware answers.", version is not None)
        made = version and version.made
        yield _age("saima_scanner_signatures_age_seconds", "Since its signatures were made.", self.at - made if made else None)
        found = standing()
        yield _number("saima_files_unscanned", "Files that wait for the scanner.", found.waiting)
        yield _number("saima_files_infected", "Files in which it found malware, kept back.", found.infected)


def _number(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=value)


def _age(name: str, words: str, span) -> GaugeMetricFamily:
    """Without a sample where there is nothing to be old."""
    family = GaugeMetricFamily(name, words)
    if span is not None:
        family.add_metric([], max(0.0, span.total_seconds()))
    return family


def exposition(*, at: datetime) -> bytes:
    requests = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        requests = CollectorRegistry()
        MultiProcessCollector(requests)
    now = CollectorRegistry()
    now.register(Installation(at=at))
    return generate_latest(requests) + generate_latest(now)


@public
@never_cache
@require_safe
def metrics(request):
    """For whoever shows METRICS_TOKEN as a bearer; where none is set, or for anybody else, there is no such page."""
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    wanted = settings.METRICS_TOKEN
    if not wanted or kind != "Bearer" or not compare_digest(token.encode(), wanted.encode()):
        raise Http404
    return HttpResponse(exposition(at=timezone.now()), content_type=CONTENT_TYPE_LATEST)
