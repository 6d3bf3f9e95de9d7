"""How long a session lasts: since it began, since it was last used, and until its person ended it from elsewhere."""

import time

from django.conf import settings

STARTED, SEEN = "accounts.started", "accounts.seen"
SEEN_EVERY = 300  # seconds: the least between two writes of the moment of last use


def begin(request, **_) -> None:
    """At sign-in, and where a person ends all sessions but this one."""
    if request is not None:
        request.session[STARTED] = request.session[SEEN] = time.time()


def new_key(request, reauthenticated=False, **_) -> None:
    """Whoever shows password or code again gets a session by another name; Django does so at sign-in."""
    if reauthenticated:
        request.session.cycle_key()


def over(request) -> str:
    """Why this session may not go on: `elsewhere`, `age`, `idle`; nothing while it may."""
    started = request.session.get(STARTED)
    ended = request.user.sessions_ended_at
    if ended is not None and (started is None or started < ended.timestamp()):
        return "elsewhere"
    if started is None:  # from before there were limits
        begin(request)
        return ""
    now = time.time()
    if now - started >= settings.SESSION_COOKIE_AGE:
        return "age"
    return "idle" if now - request.session[SEEN] >= settings.SESSION_IDLE_SECONDS else ""


def note_use(request) -> None:
    """What a page asks for by itself (every few seconds, while nobody need be there) is no use."""
    by_itself = bool(request.htmx) and request.method == "GET"
    if not by_itself and abs(time.time() - request.session[SEEN]) >= SEEN_EVERY:
        request.session[SEEN] = time.time()
