from .act import ApiAct
from .invitation import Invitation, new_nonce
from .mail_code import MailCode
from .membership import Membership
from .notification import Notification
from .sign_up import SignUp
from .signed_in import SignedIn
from .token import ApiToken
from .trusted_browser import TrustedBrowser
from .user import User

__all__ = [
    "ApiAct",
    "ApiToken",
    "Invitation",
    "MailCode",
    "Membership",
    "Notification",
    "SignUp",
    "SignedIn",
    "TrustedBrowser",
    "User",
    "new_nonce",
]
