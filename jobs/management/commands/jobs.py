"""What is queued, running and failed, from a terminal."""

from django.core.management.base import BaseCommand
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from jobs import registry, selectors, services
from jobs.models import Job


class Command(BaseCommand):
    help = "Background jobs: list them, run what is queued here and now, or sweep once."

    def add_arguments(self, parser):
        parser.add_argument("--lang", choices=["en", "zh-hans"], default="en", help="language of the output (default: en)")
        acts = parser.add_subparsers(dest="act", required=True, metavar="list | run-queued | sweep")
        shown = acts.add_parser("list", help="counts by state, then the newest jobs, one line each")
        shown.add_argument("--state", choices=Job.State.values, action="append", help="only this state (may be given twice)")
        shown.add_argument("--kind", help="only this kind of job")
        shown.add_argument("--queue", choices=registry.QUEUES, help="only this queue")
        shown.add_argument("--limit", type=int, default=20, help="at most so many lines (default: 20)")
        queued = acts.add_parser(
            "run-queued", help="run all that is due in this process, without worker or broker; status 1 when one fails"
        )
        queued.add_argument("--kind", action="append", help="only this kind of job (may be given twice)")
        acts.add_parser("sweep", help="take jobs from dead workers and announce those that wait; what the scheduler does every 15 seconds")

    def handle(self, *args, act, lang, **options):
        with translation.override(lang):
            getattr(self, act.replace("-", "_"))(**options)

    def list(self, *, state, kind, queue, limit, **options):
        now = timezone.now()
        self.stdout.write("  ".join(f"{Job.State(name).label} {number}" for name, number in selectors.counts().items()))
        age = selectors.sweeper_age(at=now)
        since = _("never") if age is None else _("%(seconds)d s ago") % {"seconds": age.total_seconds()}
        self.stdout.write(_("Last sweep: %(since)s") % {"since": since})
        for name, at in selectors.worker_pulses().items():
            self.stdout.write(_("Worker %(name)s: %(seconds)d s ago") % {"name": name, "seconds": (now - at).total_seconds()})
        for job in selectors.jobs(states=state, kind=kind, queue=queue)[: max(0, limit)]:
            self.stdout.write(self._line(job))

    def run_queued(self, *, kind, **options):
        tried = services.run_queued(kind, raising=False)
        for job in tried:
            self.stdout.write(self._line(job))
        if any(job.state != Job.State.DONE for job in tried):
            raise SystemExit(1)

    def sweep(self, **options):
        swept = services.sweep(at=timezone.now())
        self.stdout.write(
            _("Taken from dead workers: %(revived)d. Announced again: %(hinted)d.") % {"revived": swept.revived, "hinted": swept.hinted}
        )

    def _line(self, job: Job) -> str:
        created = timezone.localtime(job.created_at)
        parts = [f"{job.pk:>6}", job.get_state_display(), job.kind, job.subject, f"{created:%Y-%m-%d %H:%M:%S}"]
        parts += [f"{job.attempts}/{job.max_attempts}"]
        parts += [f"{job.percent} %"] if job.state == Job.State.RUNNING and job.percent is not None else []
        parts += [f"{job.error_code} {job.error_type}".strip()] if job.error_code else []
        return "  ".join(parts)
