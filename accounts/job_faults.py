"""Why a job did not come to its end, in words."""

from ledger.domain.reason import Reason
from ledger.reasons import UnknownReason, say


def fault_words(job) -> str:
    """Empty where nothing is wrong; the code where its words need more than the row keeps."""
    if not job.error_code:
        return ""
    try:
        return say(Reason(job.error_code))
    except (UnknownReason, KeyError):
        return job.error_code
