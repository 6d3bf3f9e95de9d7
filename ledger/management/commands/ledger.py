"""The ledger from a terminal."""

from argparse import ArgumentTypeError

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ledger import selectors, services
from ledger.domain.anchor import Anchor
from ledger.domain.reason import Reason, Refused
from ledger.models import Record
from ledger.reasons import say


def anchor(text: str) -> Anchor:
    try:
        return Anchor.parse(text)
    except ValueError as fault:
        raise ArgumentTypeError(str(fault)) from None


class Command(BaseCommand):
    help = "The ledger of what was done: verify it, seal what is not sealed yet, digest it anew, or show where it stands."

    def add_arguments(self, parser):
        parser.add_argument("--lang", choices=["en", "zh-hans"], default="en", help="language of the output (default: en)")
        acts = parser.add_subparsers(dest="act", required=True, metavar="verify | seal | renew | status")
        verify = acts.add_parser(
            "verify", help="seal, then recompute everything; status 1 and the first wrong record where something is wrong"
        )
        verify.add_argument(
            "--anchor",
            type=anchor,
            action="append",
            default=[],
            metavar="NUMBER:HASH",
            help="a seal as a document carries it; finds a ledger that was rewritten or cut short (may be given more than once)",
        )
        acts.add_parser("seal", help="close every record that is in no seal yet")
        acts.add_parser(
            "renew", help="verify, then record what every sealed record is worth under LEDGER_HASH; to be run after LEDGER_HASH was changed"
        )
        acts.add_parser("status", help="how much is recorded and sealed; status 1 where a trigger is missing")

    def handle(self, *args, act, lang, **options):
        with translation.override(lang):
            getattr(self, act)(**options)

    def verify(self, *, anchor, **options):
        services.seal()
        verdict = services.verify(anchors=anchor)
        if verdict.faults:
            raise CommandError("\n".join(map(say, verdict.faults)))
        self.stdout.write(self._records(verdict.records) + " " + self._seals(verdict.seals, verdict.newest))
        self.stdout.write(_("The ledger is whole."))
        for algorithm, number in verdict.renewed:
            self.stdout.write(_("Digested anew under %(hash)s up to seal %(seal)d.") % {"hash": algorithm, "seal": number})
        for held in anchor:
            self.stdout.write(_("The anchor at seal %(seal)d holds.") % {"seal": held.number})

    def seal(self, **options):
        made = services.seal()
        if made is None:
            self.stdout.write(_("Nothing to seal."))
        else:
            self.stdout.write(self._records(made.size) + " " + self._seals(made.number, made.anchor))

    def renew(self, **options):
        try:
            made = services.renew()
        except Refused as refused:
            raise CommandError("\n".join(map(say, refused.reasons))) from None
        if made is None:
            self.stdout.write(_("Nothing to digest anew: everything sealed is under %(hash)s.") % {"hash": settings.LEDGER_HASH})
        else:
            worth = {"hash": made.after["algorithm"], "seal": made.after["seal"]}
            self.stdout.write(self._records(made.after["records"]) + " " + _("Digested anew under %(hash)s up to seal %(seal)d.") % worth)

    def status(self, **options):
        newest = selectors.newest_seal()
        self.stdout.write(
            self._records(Record.objects.count()) + " " + self._seals(newest.number if newest else 0, newest.anchor if newest else "")
        )
        if newest:
            at = f"{timezone.localtime(newest.at):%Y-%m-%d %H:%M:%S %z}"
            self.stdout.write(_("Newest seal made at %(at)s.") % {"at": at})
        self.stdout.write(_("Not sealed yet: %(count)d.") % {"count": selectors.unsealed().count()})
        if missing := selectors.missing_triggers():
            raise CommandError("\n".join(say(Reason("ledger.trigger_missing", {"name": name})) for name in missing))

    def _records(self, count: int) -> str:
        return ngettext("%(count)d record.", "%(count)d records.", count) % {"count": count}

    def _seals(self, count: int, newest: str) -> str:
        seals = ngettext("%(count)d seal.", "%(count)d seals.", count) % {"count": count}
        return seals + (" " + _("Newest: %(anchor)s") % {"anchor": newest} if newest else "")
