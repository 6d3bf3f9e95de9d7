from .invitation import Invitation, new_nonce
from .membership import ROLE_LABELS, Membership
from .user import User

__all__ = ["ROLE_LABELS", "Invitation", "Membership", "User", "new_nonce"]
