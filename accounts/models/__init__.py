from .act import ApiAct
from .invitation import Invitation, new_nonce
from .membership import Membership
from .notification import Notification
from .sign_up import SignUp
from .signed_in import SignedIn
from .token import ApiToken
from .user import User

__all__ = ["ApiAct", "ApiToken", "Invitation", "Membership", "Notification", "SignUp", "SignedIn", "User", "new_nonce"]
