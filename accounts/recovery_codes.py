"""Recovery codes. The database holds a hash of each, with its own salt; the codes themselves are shown once, when they are made.

Data of the row: ``hashes``, one for each code, empty once it is used; ``numbered``: codes begin with their place among the ten, so
that a try costs one hash. Those of older versions have eight digits and no place: they share a salt, so that it costs one too."""

import secrets
import string

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import auth, flows
from django.contrib.auth.hashers import ScryptPasswordHasher, check_password, make_password
from django.db import transaction
from django.utils.crypto import constant_time_compare

HOW_MANY = 10
RANDOM = 10  # characters beside the place: 49 bits
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that is read as something else on paper
READ_AS = str.maketrans("oil", "011")
OLD_COST = (2**14, 8, 5)  # of scrypt, for codes of older versions: fixed, since one hash is held against ten
KEPT = set(string.digits + string.ascii_lowercase)


def plain(text: str) -> str:
    """What somebody typed from paper, without its hyphens, spaces and capital letters."""
    return "".join(sign for sign in text.lower().translate(READ_AS) if sign in KEPT)


def old_hash(code: str, salt: str) -> str:
    work, block, lanes = OLD_COST
    return ScryptPasswordHasher().encode(code, salt, n=work, r=block, p=lanes)


def new_code(place: int) -> str:
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM))
    return f"{place}-{drawn[:5]}-{drawn[5:]}"


class RecoveryCodes(auth.RecoveryCodes):
    @classmethod
    def activate(cls, user):
        """The row of this person. Where it is made here, its ``fresh`` has the codes."""
        row = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES).first()
        if row is None:
            codes = [new_code(place) for place in range(HOW_MANY)]
            data = {"hashes": [make_password(plain(code)) for code in codes], "numbered": True}
            row = Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data=data)
            row.fresh = codes
        return cls(row)

    def hash_seed(self) -> None:
        """Turns the seed of an older version into hashes of what it gives: printed codes stay good. `seeds.Unreadable` where
        this installation cannot read it."""
        salt = secrets.token_hex(16)
        used = self.instance.data.get("used_mask", 0)
        codes = self.generate_codes()
        hashes = ["" if used >> place & 1 else old_hash(code, salt) for place, code in enumerate(codes)]
        kept = {name: value for name, value in self.instance.data.items() if name not in ("seed", "used_mask", "migrated_codes")}
        self.instance.data = kept | {"hashes": hashes, "numbered": False, "salt": salt}
        self.instance.save(update_fields=["data"])

    def get_unused_codes(self) -> list[int]:
        """Places of the codes that are left: what they are, nobody here knows."""
        if "seed" in self.instance.data:
            return [place for place in range(HOW_MANY) if not self._is_code_used(place)]
        return [place for place, stored in enumerate(self.instance.data["hashes"]) if stored]

    def validate_code(self, code: str) -> bool:
        given = plain(code)
        if "seed" in self.instance.data:
            with transaction.atomic():
                self._lock()
                if "seed" in self.instance.data:
                    self.hash_seed()
        place = self._place(given)
        return place is not None and self._use(place)

    def _place(self, given: str) -> int | None:
        data = self.instance.data
        if data["numbered"]:
            if len(given) != 1 + RANDOM or given[0] not in string.digits:
                return None
            place = int(given[0])
            return place if data["hashes"][place] and check_password(given, data["hashes"][place]) else None
        if len(given) != 8 or not given.isdecimal():
            return None
        made = old_hash(given, data["salt"])
        found = [place for place, stored in enumerate(data["hashes"]) if stored and constant_time_compare(made, stored)]
        return found[0] if found else None

    def _use(self, place: int) -> bool:
        """Of two who come with the same code at once, one finds it used."""
        before = self.instance.data["hashes"][place]
        with transaction.atomic():
            self._lock()
            hashes = self.instance.data.get("hashes", [])
            if len(hashes) <= place or hashes[place] != before:
                return False
            hashes[place] = ""
            self.instance.save(update_fields=["data"])
        return True

    def _lock(self) -> None:
        self.instance = Authenticator.objects.select_for_update().get(pk=self.instance.pk)


def take_over() -> None:
    """allauth has no setting for this class; these are the two places that name it."""
    auth.RecoveryCodes = flows.RecoveryCodes = RecoveryCodes
