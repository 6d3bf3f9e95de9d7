"""What every request gets: an id that the ledger and the logs share, and a content security policy."""

import logging
import time
import uuid

from django.conf import settings

from config.logs import route
from config.metrics import observe
from ledger.domain.request_id import request_id

logger = logging.getLogger("saima.request")
PROBES = {"healthz", "readyz", "metrics"}
POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)


def write_down(request, response, *, seconds: float) -> None:
    """A line of the log and a count for each page; none for probes, which come every few seconds, and for static files."""
    name = route(request)
    if name not in PROBES and not request.path.startswith(settings.STATIC_URL):
        facts = {"method": request.method, "route": name, "status": response.status_code, "ms": round(seconds * 1000)}
        person = vars(request).get("_cached_user")  # not asked for here: a log needs no query
        if person is not None and person.pk:
            facts["user"] = person.pk  # a number, so that whoever was refused can be found
        logger.info("request", extra=facts)
        observe(request.method, name, response.status_code, seconds)


class RequestIdMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.request_id = uuid.uuid4().hex  # for what is logged when this has returned
        token = request_id.set(request.request_id)
        start = time.monotonic()
        try:
            response = self.get_response(request)
            response.headers["X-Request-Id"] = request.request_id
            write_down(request, response, seconds=time.monotonic() - start)
            return response
        finally:
            request_id.reset(token)


class ContentSecurityPolicyMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response
