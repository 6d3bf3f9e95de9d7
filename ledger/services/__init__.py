from ledger.services.records import Deed, record, record_many

__all__ = ["Deed", "record", "record_many"]
