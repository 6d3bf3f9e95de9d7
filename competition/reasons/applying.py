"""Why something about an application, its files or its entry is refused."""

from django.utils.translation import gettext_lazy as _

from competition.labels import ENTRY_STATES
from ledger.reasons import register, register_terms

register_terms("entry_state", ENTRY_STATES)
register(
    {
        "competition.cluster_of_another": _("Another organisation applies for this cluster. Choose one of your own."),
        "competition.intake_not_open": _("This round does not take applications now."),
        "competition.track_missing": _("Choose the track in which the cluster competes."),
        "competition.application_exists": _("This cluster has already applied in this competition."),
        "competition.application_not_editable": _("The application cannot be changed now: it has been submitted or decided."),
        "competition.draft_conflict": _("The draft was changed elsewhere meanwhile. Your input is still here: compare and save again."),
        "competition.due_in_past": _("The deadline has to lie in the future."),
        "competition.reason_missing": _("Write the reason: it is shown to those whom it concerns."),
        "competition.joint_not_allowed": _("This competition takes no joint entries."),
        "competition.parties_too_many": _("At most %(most)s partners can be named."),
        "competition.party_name_missing": _("Write the partner's Chinese name as its certificate has it."),
        "competition.party_code_missing": _("Write the partner's unified social credit code."),
        "competition.party_code_lead": _("This is the code of your own organisation, which leads the entry. Name only the partners here."),
        "competition.party_code_twice": _("A partner with this code stands above already."),
        "competition.party_region_missing": _("Choose the partner's region."),
        "competition.party_text_long": _("At most %(most)s characters."),
        "competition.slot_unknown": _("The form has no such place for a file."),
        "competition.file_type": _("“%(name)s” cannot be taken. Accepted are: %(types)s."),
        "competition.file_empty": _("“%(name)s” is empty. Choose the file again."),
        "competition.file_size": _("“%(name)s” is larger than %(megabytes)s MB. Make it smaller or split it."),
        "competition.file_content": _("“%(name)s” is not what its ending says: its content is not %(type)s. Save it again in that format."),
        "competition.file_name": _(
            "The name “%(name)s” holds folders or characters that nobody sees (shown as �). Rename the file and choose it again."
        ),
        "competition.file_two_endings": _(
            "“%(name)s” has a second ending, .%(ending)s, before its last. Rename it so that it ends in .%(type)s alone."
        ),
        "competition.file_active": _(
            "“%(name)s” carries scripts, macros, other files or programs. Save it again as a plain %(type)s file without them."
        ),
        "competition.file_encrypted": _("“%(name)s” is protected by a password or encrypted. Save it again without protection."),
        "competition.file_bomb": _(
            "“%(name)s” holds far more than it seems to, over %(megabytes)s MB when unpacked. Save it again or split it."
        ),
        "competition.file_pages": _("“%(name)s” has more than %(most)s pages. Split it."),
        "competition.file_pixels": _("“%(name)s” has more than %(most)s million pixels. Make the picture smaller."),
        "competition.file_malware": _(
            "“%(name)s” holds malware (%(finding)s) and was not taken. Have the computer it comes from checked, then upload a clean file."
        ),
        "competition.file_infected_here": _("Malware was found in “%(name)s”. Remove it and upload a clean file."),
        "competition.file_infected": _("Malware was found in this file. Nobody is given it; the applicant can hand in a clean one."),
        "competition.file_unscanned": _(
            "This file has not been checked for malware yet. It can be fetched once it has been; try again later."
        ),
        "competition.file_no_room": _("“%(name)s” could not be stored: the server has no room. Nothing else was changed; try again later."),
        "competition.entry_awarded": _("The entry has been awarded. Revoke the award instead."),
        "competition.entry_left": _("The entry left the race before the decision (%(entry_state)s)."),
        "competition.entry_gone": _("Its entry left the race meanwhile, so the application cannot be accepted any more."),
        "competition.offer_answered": _("The offer has been answered already."),
        "competition.reserve_moved_up": _("Moved up from the reserve list when a place became free."),
    }
)
