"""How long a session lasts: since it began, since it was last used, and until its person ended it from elsewhere."""

import time

from django.conf import settings

STARTED, SEEN = "accounts.started", "accounts.seen"
SEEN_EVERY = 300  # seconds: the least between two writes of the moment of last use


def begin(request) -> None:
    """At sign-in, and where a person ends all sessions but this one."""
    if request is not None:
        request.session[STARTED] = request.session[SEEN] = time.time()


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


def note_use(request) -> bool:
    """What a page asks for by itself (every few seconds, while nobody need be there) is no use. Whether it was written down."""
    by_itself = bool(request.htmx) and request.method == "GET"
    if by_itself or abs(time.time() - request.session[SEEN]) < SEEN_EVERY:
        return False
    request.session[SEEN] = time.time()
    return True
