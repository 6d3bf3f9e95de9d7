"""What every request gets: an id that the ledger and the logs share, and a content security policy."""

import logging
import time
import uuid

from config.logs import route
from ledger.domain.request_id import request_id

logger = logging.getLogger("saima.request")
PROBES = {"healthz", "readyz"}
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


class RequestIdMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        token = request_id.set(uuid.uuid4().hex)
        start = time.monotonic()
        try:
            response = self.get_response(request)
            response.headers["X-Request-Id"] = request_id.get()
            facts = {"method": request.method, "route": route(request), "status": response.status_code}
            # Probes come every few seconds; only one that fails is worth a line.
            if facts["route"] not in PROBES or response.status_code >= 500:
                logger.info("request", extra=facts | {"ms": round((time.monotonic() - start) * 1000)})
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
