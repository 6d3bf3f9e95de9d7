"""manage.py scan_files: what has not been scanned for malware, or everything again."""

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from competition.domain.scans import WAITING
from competition.services import scans


class Command(BaseCommand):
    help = (
        "Scan stored files for malware (SCANNER): those that wait, and those of before there was a scanner. A file in which something is "
        "found is kept back from everybody and its people are told. Interrupted, it goes on where it was when it is started again."
    )

    def add_arguments(self, parser):
        parser.add_argument("--again", action="store_true", help="every file, also those that were scanned before (newer signatures)")
        parser.add_argument("--lang", choices=["en", "zh-hans"], default="en", help="language of what is printed (en)")

    def handle(self, *args, again, lang, **options):
        with translation.override(lang):
            if not settings.SCANNER:
                raise CommandError(_("No scanner is set: SCANNER is empty."))
            names = scans.stored_names(None if again else Q(scan__in=("", WAITING)))
            total = len(names)

            def progress(done):
                if done and done % 100 == 0:
                    self.stdout.write(_("%(done)s of %(total)s files scanned.") % {"done": done, "total": total})
                    self.stdout.flush()

            tally = scans.scan_stored(names, now=timezone.now, progress=progress)
            counts = {"clean": tally.clean, "found": tally.found, "undone": tally.undone, "total": total}
            words = _("Of %(total)s files %(clean)s are clean; malware was found in %(found)s; %(undone)s could not be scanned.") % counts
            if tally.away:
                raise CommandError(_("The scanner does not answer. %(words)s Start again once it does.") % {"words": words})
            self.stdout.write(words)
