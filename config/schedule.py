"""What runs by the clock, and how often (seconds). Every entry names a Celery task of a lower app."""

BEAT_SCHEDULE: dict[str, dict] = {}
