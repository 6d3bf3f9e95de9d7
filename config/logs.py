"""How logs look: plain lines on one machine, JSON lines in production, each with the id of its request or job.

Neither addresses nor messages of exceptions are written in production: both can carry people's data (a one-time link, the value
that broke a constraint). A route stands by its name, an exception by its class and the places it came through.
"""

import json
import logging
import os
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime

from ledger.domain.request_id import request_id

EXTRA = ("method", "route", "status", "ms", "user")  # what a caller may add by `extra=`


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get() or getattr(getattr(record, "request", None), "request_id", "")
        return True


class JsonLines(logging.Formatter):
    """One JSON object a line: at, level, logger, message, request_id; where there is one, exception."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": message(record),
            "request_id": record.request_id,
        }
        line |= {name: getattr(record, name) for name in EXTRA if hasattr(record, name)}
        if record.exc_info and record.exc_info[1] is not None:
            line["exception"] = exception(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def route(request) -> str:
    match = getattr(request, "resolver_match", None)
    return match.view_name or match.route if match else "(no route)"


def message(record: logging.LogRecord) -> str:
    if record.name.startswith("django.security.DisallowedHost"):
        return "A request named a host that is not ours."
    arguments = record.args
    request = getattr(record, "request", None)
    if isinstance(arguments, Mapping) and record.exc_info:  # Celery on a task that failed: the exception's text is one of these
        error = record.exc_info[0].__name__ if record.exc_info[0] else ""
        arguments = {**arguments, "exc": error, "traceback": "", "args": "", "kwargs": ""}
    elif isinstance(arguments, tuple):
        private = {request.path, request.get_full_path()} if hasattr(request, "get_full_path") else set()
        arguments = tuple(
            type(value).__name__ if isinstance(value, BaseException) else route(request) if value in private else value
            for value in arguments
        )
    return (str(record.msg) % arguments).strip() if arguments else str(record.msg)


def exception(error: BaseException) -> list[dict]:
    """The exception and what caused it, newest first, without their messages."""
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return [
        {
            "type": f"{type(link).__module__}.{type(link).__qualname__}",
            "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(link.__traceback__)],
        }
        for link in chain
    ]


def logging_config(*, production: bool, level: str) -> dict:
    """Where LOG_KEEPER is set, each line goes there too (config/log_sender.py)."""
    line = {"format": "{asctime} {levelname} {name} {message}", "style": "{"}
    common = {"formatter": "line", "filters": ["request_id"]}
    handlers = {"stderr": {"class": "logging.StreamHandler", **common}}
    if address := os.environ.get("LOG_KEEPER"):
        handlers["keeper"] = {"class": "config.log_sender.Sender", "address": address, "keys": os.environ.get("INNER_KEYS", ""), **common}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request_id": {"()": RequestIdFilter}},
        "formatters": {"line": {"()": JsonLines} if production else line},
        "handlers": handlers,
        "root": {"handlers": list(handlers), "level": level},
        "loggers": {"fontTools": {"level": "WARNING"}},  # it tells of each table of each font in each document
    }
