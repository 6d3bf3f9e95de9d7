from ledger.services.erasure import erase
from ledger.services.records import Deed, record, record_many
from ledger.services.seals import seal

__all__ = ["Deed", "erase", "record", "record_many", "seal"]
