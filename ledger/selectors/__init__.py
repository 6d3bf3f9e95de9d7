from ledger.selectors.records import life, read, unsealed
from ledger.selectors.seals import newest_seal, newest_seal_and_moment, seal_of
from ledger.selectors.triggers import expected_triggers, missing_triggers

__all__ = ["expected_triggers", "life", "missing_triggers", "newest_seal", "newest_seal_and_moment", "read", "seal_of", "unsealed"]
