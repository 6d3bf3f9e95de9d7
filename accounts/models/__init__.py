from .invitation import Invitation, new_nonce
from .membership import ROLE_LABELS, Membership
from .notification import Notification
from .sign_up import SignUp
from .token import ApiToken
from .user import User

__all__ = ["ROLE_LABELS", "ApiToken", "Invitation", "Membership", "Notification", "SignUp", "User", "new_nonce"]
