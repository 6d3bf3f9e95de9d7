"""Marks on views that the access middleware reads."""


def public(view):
    """Open to everybody, signed in or not. Everything else needs a signed-in person; a test lists what is public."""
    view.public = True
    return view


def before_second_factor(view):
    """Open to a signed-in person whose role needs a second factor that is not set up yet."""
    view.before_second_factor = True
    return view
