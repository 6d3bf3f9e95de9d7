from ledger.models.append_only import AppendOnly
from ledger.models.record import PrivateValue, Record
from ledger.models.seal import Seal, SealEntry

__all__ = ["AppendOnly", "PrivateValue", "Record", "Seal", "SealEntry"]
