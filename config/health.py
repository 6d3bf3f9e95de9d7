"""Is it alive, is it ready: what a container engine, a load balancer and a monitor ask. Answers hold no name, address or secret."""

import ctypes
from datetime import datetime, timedelta

from django.db import DatabaseError, InterfaceError
from django.http import JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import public
from config.celery import app as celery_app
from jobs import selectors

# Workers show themselves and the sweeper sweeps every 15 seconds; three missed are one too many.
SILENCE = timedelta(seconds=60)


@public
@never_cache
@require_safe
def healthz(request):
    """The process answers; nothing else is asked, so that a database that is away gets no web server killed."""
    return JsonResponse({"alive": True})


@public
@never_cache
@require_safe
def readyz(request):
    """200 when all that a competition needs is there, else 503; JSON with each check."""
    checks = readiness(at=timezone.now())
    ready = all(check["ok"] for check in checks.values())
    return JsonResponse({"ready": ready, "checks": checks}, status=200 if ready else 503)


def readiness(*, at: datetime) -> dict[str, dict]:
    """Check → `ok`, and for what should show itself regularly `age_s`, the seconds since it did (null: never)."""
    try:
        worker = next((at - shown for shown in selectors.worker_pulses().values()), None)
        sweeper = selectors.sweeper_age(at=at)
        database = True
    except (DatabaseError, InterfaceError):  # away, or not migrated
        worker = sweeper = None
        database = False
    return {
        "database": {"ok": database},
        "broker": {"ok": broker_answers()},
        "worker": age(worker),
        "sweeper": age(sweeper),
        "fonts": {"ok": chinese_font_there()},
    }


def age(since: timedelta | None) -> dict:
    # A sign of life from the future is none: the clock was set back since.
    return {"ok": since is not None and -SILENCE <= since <= SILENCE, "age_s": None if since is None else round(since.total_seconds())}


def broker_answers() -> bool:
    try:
        with celery_app.connection_for_write() as link:
            link.ensure_connection(max_retries=1, interval_start=0, timeout=2)
    except Exception:  # whatever a transport raises
        return False
    return True


class _FontSet(ctypes.Structure):
    _fields_ = [("count", ctypes.c_int), ("room", ctypes.c_int), ("fonts", ctypes.c_void_p)]


def chinese_font_there() -> bool:
    """Whether an installed font can write Chinese; without one a document would show boxes. Asks what WeasyPrint asks."""
    try:
        library = ctypes.CDLL("libfontconfig.so.1")
    except OSError:
        return False
    for name in ("FcInitLoadConfigAndFonts", "FcNameParse", "FcObjectSetCreate"):
        getattr(library, name).restype = ctypes.c_void_p
    library.FcFontList.restype = ctypes.POINTER(_FontSet)
    configuration = ctypes.c_void_p(library.FcInitLoadConfigAndFonts())
    pattern = ctypes.c_void_p(library.FcNameParse(b":lang=zh-cn"))
    wanted = ctypes.c_void_p(library.FcObjectSetCreate())
    found = library.FcFontList(configuration, pattern, wanted)
    try:
        return found.contents.count > 0
    finally:
        library.FcFontSetDestroy(found)
        library.FcObjectSetDestroy(wanted)
        library.FcPatternDestroy(pattern)
        library.FcConfigDestroy(configuration)
