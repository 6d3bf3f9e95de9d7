"""What runs by the clock, and how often (seconds). Every entry names a Celery task."""

# A message that waited longer than its own interval is worth nothing: it expires, so none heap up while no worker runs.
BEAT_SCHEDULE: dict[str, dict] = {
    "ledger.seal": {"task": "ledger.seal", "schedule": 300.0, "options": {"expires": 300}},
    "accounts.digest": {"task": "accounts.digest", "schedule": 900.0, "options": {"expires": 900}},
    "accounts.clear_sessions": {"task": "accounts.clear_sessions", "schedule": 24 * 3600.0, "options": {"expires": 3600}},
    "competition.tell_anchors": {"task": "competition.tell_anchors", "schedule": 300.0, "options": {"expires": 300}},
    "competition.remind": {"task": "competition.remind", "schedule": 1800.0, "options": {"expires": 1800}},
    "competition.scan_waiting": {"task": "competition.scan_waiting", "schedule": 60.0, "options": {"expires": 60}},
    "evaluations.remind": {"task": "evaluations.remind", "schedule": 1800.0, "options": {"expires": 1800}},
    "jobs.sweep": {"task": "jobs.sweep", "schedule": 15.0, "options": {"expires": 15}},
    "config.log_digests": {"task": "config.log_digests", "schedule": 6 * 3600.0, "options": {"expires": 3600}},
    "jobs.prune": {"task": "jobs.prune", "schedule": 24 * 3600.0, "options": {"expires": 3600}},
}
