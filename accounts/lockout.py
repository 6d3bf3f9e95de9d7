"""Whom axes counts."""


def account(request, credentials):
    """The account that a login or a reauthentication is for, in one spelling."""
    given = (credentials or {}).get("email") or (credentials or {}).get("username") or ""
    if not given and request is not None:
        given = request.POST.get("login", "") or (request.user.email if getattr(request.user, "is_authenticated", False) else "")
    return given.strip().lower()[:255]
