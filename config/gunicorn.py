"""The web server in production: `gunicorn --config python:config.gunicorn config.wsgi`. WEB_CONCURRENCY says how many processes."""

import os
import ssl
import tempfile
from pathlib import Path

# Before anything counts: where the processes lay their numbers together for /metrics.
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="saima-metrics-"))

from config.keys import Keys
from config.logs import logging_config

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
if os.environ.get("INNER_KEYS"):  # by TLS, and only with whoever shows a certificate of the inner authority
    _keys = Keys(Path(os.environ["INNER_KEYS"]), "web")
    certfile, keyfile, ca_certs, cert_reqs = _keys.own, _keys.own, _keys.authority, ssl.CERT_REQUIRED


def ssl_context(config, default):
    """Made for each connection, from the files as they stand then."""
    context = default()
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context


workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "config.web_worker.Worker"
threads = 4
timeout = 120
graceful_timeout = 30
keepalive = 75  # longer than the proxy keeps a connection it may use again
max_requests = 20000
max_requests_jitter = 2000
control_socket_disable = True
logconfig_dict = logging_config(production=True, level=os.environ.get("LOG_LEVEL", "INFO")) | {
    "loggers": {
        "gunicorn.error": {"propagate": True, "handlers": [], "level": "INFO"},
        # Its lines hold addresses, and with them one-time links; config/middleware.py writes a line for each request instead.
        "gunicorn.access": {"propagate": False, "handlers": [], "level": "CRITICAL"},
    }
}


def child_exit(server, worker):
    """A process that is gone counts on in the sums; its live gauges go."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)
