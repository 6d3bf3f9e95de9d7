"""Where letters do not go out: only the worker is given a mail server (docker-compose.yml)."""

from django.core.exceptions import ImproperlyConfigured
from django.core.mail.backends.base import BaseEmailBackend


class NotHere(BaseEmailBackend):
    """Refuses before a letter is taken, so that its job waits for the worker."""

    def open(self):
        raise ImproperlyConfigured("Letters go out from the worker; EMAIL_URL is not given here.")

    send_messages = open
