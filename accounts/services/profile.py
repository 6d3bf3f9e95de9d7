"""What people change about themselves."""

from django.db import transaction

from accounts.models import User
from ledger.services import record


@transaction.atomic
def change_profile(user: User, *, name_zh: str, name_en: str, language: str, phone: str, mail_rhythm: str, at) -> User:
    before = {
        "name_zh": user.name_zh,
        "name_en": user.name_en,
        "language": user.language,
        "phone": user.phone,
        "mail_rhythm": user.mail_rhythm,
    }
    after = {"name_zh": name_zh, "name_en": name_en, "language": language, "phone": phone, "mail_rhythm": mail_rhythm}
    changed = sorted(field for field in after if after[field] != before[field])
    if not changed:
        return user
    for field in changed:
        setattr(user, field, after[field])
    user.save(update_fields=changed)
    record(actor=f"user:{user.pk}", action="account.change", subject=f"user:{user.pk}", after={"fields": changed}, at=at)
    return user


def change_language(user: User, *, language: str) -> None:
    """Not in the ledger: a way of looking, not a deed."""
    user.language = language
    user.save(update_fields=["language"])
