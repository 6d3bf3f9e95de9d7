"""What is wrong with a file that a command reads."""

from django.utils.translation import gettext_lazy as _

from ledger.reasons import register

register(
    {
        "competition.file_not_utf8": _("row %(row)s, column %(column)s: the file is not UTF-8 text."),
        "competition.file_malformed": _("row %(row)s, column %(column)s: this is not CSV (%(fault)s)."),
        "competition.file_column_unknown": _("row %(row)s, column %(column)s: this column is not known."),
        "competition.file_column_twice": _("row %(row)s, column %(column)s: this column stands twice."),
        "competition.file_column_absent": _("row %(row)s, column %(column)s: this column is missing."),
        "competition.file_cell_too_many": _("row %(row)s, column %(column)s: the row has more cells than the %(columns)s of the header."),
        "competition.file_cell_absent": _("row %(row)s, column %(column)s: the row ends before this column."),
        "competition.file_code_empty": _("row %(row)s, column %(column)s: the cell is empty."),
        "competition.file_code_too_long": _("row %(row)s, column %(column)s: the text is longer than %(most)s characters."),
        "competition.file_entry_twice": _("row %(row)s, column %(column)s: this entry stands already in row %(first)s."),
        "competition.file_group_differs": _("row %(row)s, column %(column)s: the group is “%(value)s”, in the standings “%(earlier)s”."),
        "competition.file_track_differs": _("row %(row)s, column %(column)s: the track is “%(value)s”, in the standings “%(earlier)s”."),
        "competition.standings_absent": _("row 1, column standings: a list of rows is expected here, as the command standings prints it."),
        "competition.standings_not_an_object": _("row %(row)s, column %(column)s: a set of named values is expected here."),
        "competition.standings_key_absent": _("row %(row)s, column %(column)s: this value is missing."),
        "competition.standings_not_a_list": _("row %(row)s, column %(column)s: a list of texts is expected here."),
        "competition.standings_not_a_text": _("row %(row)s, column %(column)s: a text is expected here."),
        "competition.standings_not_a_rank": _("row %(row)s, column %(column)s: “%(value)s” is not a rank (1, 2, 3, … or null)."),
        "competition.standings_not_a_decimal": _("row %(row)s, column %(column)s: “%(value)s” is not a decimal number."),
        "competition.standings_not_a_count": _("row %(row)s, column %(column)s: “%(value)s” is not a number of people (0, 1, 2, …)."),
        "competition.standings_key_unknown": _("row %(row)s, column %(column)s: this value is not known."),
        "competition.ballots_above_members": _("row %(row)s, column %(column)s: %(voted)s ballots, and %(members)s members who may vote."),
        "competition.standings_not_a_fraction": _("row %(row)s, column %(column)s: “%(value)s” is not of the form n/d."),
        # a sentence that stands in the file already
        "competition.standings_reason": "%(text)s",
    }
)
