"""Everything this app registers at start-up, in one place; each noun's file does its own."""

from evaluations import deeds as _deeds  # noqa: F401
from evaluations import parts as _parts  # noqa: F401
from evaluations import running_menu as _running_menu  # noqa: F401
from evaluations import tables
from evaluations import tasks as _tasks  # noqa: F401
from evaluations import told as _told  # noqa: F401
from evaluations.documents import award_report as _award_report  # noqa: F401
from evaluations.documents import ballot as _ballot  # noqa: F401
from evaluations.documents import check_form as _check_form  # noqa: F401
from evaluations.documents import panel_summary as _panel_summary  # noqa: F401
from evaluations.documents import score_sheet as _score_sheet  # noqa: F401
from evaluations.permissions import analysis as _analysis  # noqa: F401
from evaluations.permissions import conflicts as _conflicts  # noqa: F401
from evaluations.permissions import findings as _findings  # noqa: F401
from evaluations.permissions import judging as _judging  # noqa: F401
from evaluations.selectors import flags as _flags  # noqa: F401
from evaluations.selectors import judging_records as _judging_records  # noqa: F401
from evaluations.selectors import organising as _organising  # noqa: F401
from evaluations.selectors import sheets as _sheets  # noqa: F401
from evaluations.services import closing as _closing  # noqa: F401
from evaluations.services import documents as _documents  # noqa: F401
from evaluations.services import telling as _telling  # noqa: F401

tables.register_all()
