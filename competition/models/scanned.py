from django.db import models
from django.db.models import Q

from competition.domain.scans import FAULTS, FOUND, STATES, WAITING


class Scanned(models.Model):
    """What the scanner for malware said of the stored file. ``scan`` empty: there was none when it came; waiting: nobody but its own side
    is given the content; found: nobody is, and it is kept as evidence. ``scanned_at``: when the scanner was last asked. Rows with
    the same stored file always say the same."""

    scan = models.CharField(max_length=8, blank=True, default="", db_default="")
    finding = models.CharField(max_length=120, blank=True, default="", db_default="")
    scan_fault = models.CharField(max_length=12, blank=True, default="", db_default="")
    scanned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=Q(scan__in=STATES, scan_fault__in=FAULTS), name="%(class)s_scan_known"),
            models.CheckConstraint(
                condition=(Q(scan=FOUND) & ~Q(finding="")) | (~Q(scan=FOUND) & Q(finding="")), name="%(class)s_finding_where_found"
            ),
        ]
        indexes = [models.Index("scan", condition=Q(scan__in=(WAITING, FOUND)), name="%(class)s_scan")]

    @property
    def waiting(self) -> bool:
        return self.scan == WAITING

    @property
    def infected(self) -> bool:
        return self.scan == FOUND
