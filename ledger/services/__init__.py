from ledger.services.erasure import erase
from ledger.services.records import Deed, record, record_many
from ledger.services.renewal import renew
from ledger.services.seals import seal
from ledger.services.verification import Verdict, verify

__all__ = ["Deed", "Verdict", "erase", "record", "record_many", "renew", "seal", "verify"]
