"""What runs by the clock, and how often (seconds). Every entry names a Celery task of a lower app."""

# A message that waited longer than its own interval is worth nothing: it expires, so none heap up while no worker runs.
BEAT_SCHEDULE: dict[str, dict] = {
    "ledger.seal": {"task": "ledger.seal", "schedule": 300.0, "options": {"expires": 300}},
    "jobs.sweep": {"task": "jobs.sweep", "schedule": 15.0, "options": {"expires": 15}},
    "jobs.prune": {"task": "jobs.prune", "schedule": 24 * 3600.0, "options": {"expires": 3600}},
}
