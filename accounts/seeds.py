"""Seeds of codes, in the database as ciphertext only: Fernet under a key derived from SECRET_KEY, or from one of its
SECRET_KEY_FALLBACKS until `manage.py prepare` has written them anew. Rows of versions that wrote them in the clear are read."""

from base64 import urlsafe_b64encode
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from ledger.domain.reason import Reason, Refused

MARK = "f1."
PURPOSE = b"saima: seeds of second factors"


class Unreadable(Refused):
    """Written under a SECRET_KEY that this installation does not have."""


@cache
def cipher(secret: str) -> Fernet:
    return Fernet(urlsafe_b64encode(HKDF(SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())))


def encrypt(seed: str) -> str:
    return MARK + cipher(settings.SECRET_KEY).encrypt(seed.encode()).decode()


def decrypt(stored: str) -> str:
    if not stored.startswith(MARK):
        return stored
    keys = [cipher(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    try:
        return MultiFernet(keys).decrypt(stored.removeprefix(MARK)).decode()
    except InvalidToken as fault:
        raise Unreadable(Reason("accounts.second_factor_unreadable")) from fault


def is_current(stored: str) -> bool:
    """Is it written under the SECRET_KEY of now?"""
    try:
        cipher(settings.SECRET_KEY).decrypt(stored.removeprefix(MARK))
    except InvalidToken:
        return False
    return stored.startswith(MARK)
