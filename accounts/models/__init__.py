from .invitation import Invitation, new_nonce
from .membership import Membership
from .notification import Notification
from .sign_up import SignUp
from .token import ApiToken
from .user import User

__all__ = ["ApiToken", "Invitation", "Membership", "Notification", "SignUp", "User", "new_nonce"]
