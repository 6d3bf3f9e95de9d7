"""Words for the reasons that jobs give."""

from django.utils.translation import gettext_lazy as _

from ledger.reasons import register

register(
    {
        "job.not_cancellable": _("This job has already ended or is being cancelled."),
        "job.not_retryable": _("Only a failed or cancelled job can be tried again."),
        "job.already_queued": _("A newer job for the same subject is already queued and will do this work."),
        "job.cancelled": _("Cancelled by a person."),
        "job.superseded": _("A newer job for the same subject does this work."),
        "job.worker_lost": _("The worker stopped in the middle; the job was taken from it."),
        "job.unknown_kind": _("No handler for this kind of job is installed."),
        "job.timeout": _("The job took longer than its time limit."),
        "job.expected_fault": _("Something the job needs could not be reached; it is tried again after a pause."),
        "job.disk_full": _("The server had no room left to store the result. Once there is room it can be tried again."),
        "job.fault": _("An unexpected error stopped the job; the log of the worker has the details."),
    }
)
