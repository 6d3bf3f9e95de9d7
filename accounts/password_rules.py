"""Django's password validators in this house's words."""

from django.contrib.auth import password_validation as django
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class Length(django.MinimumLengthValidator):
    def get_error_message(self):
        words = ngettext("Too short: use at least %(n)d character.", "Too short: use at least %(n)d characters.", self.min_length)
        return words % {"n": self.min_length}

    def get_help_text(self):
        return ngettext("At least %(n)d character.", "At least %(n)d characters.", self.min_length) % {"n": self.min_length}


class NotLikeOneself(django.UserAttributeSimilarityValidator):
    def get_error_message(self):
        return _("Too much like your name or address. Choose something that others cannot guess.")

    def get_help_text(self):
        return _("Not like your name or address.")


class NotCommon(django.CommonPasswordValidator):
    def get_error_message(self):
        return _("Many people use this password, so it is tried first. Choose another.")

    def get_help_text(self):
        return _("Three unrelated words are easy to remember.")
