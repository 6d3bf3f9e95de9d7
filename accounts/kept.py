"""Keys under which a browser keeps what its person could not send yet: made of SECRET_KEY, the same at every sign-in, stored nowhere and
given to that person's own pages only. Whoever finds the device after them finds ciphertext."""

from base64 import b64encode

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def keys(user_id: int) -> list[str]:
    """Of 256 bits, in base64; the one to write with first, then those of SECRET_KEY_FALLBACKS, to read."""
    return [_key(secret, user_id) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _key(secret: str, user_id: int) -> str:
    purpose = f"saima: kept on a device of {user_id}"
    return b64encode(HKDF(SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret.encode())).decode()
