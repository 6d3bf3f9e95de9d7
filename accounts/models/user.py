"""Who it is."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

RHYTHMS = [("at_once", _("at once, one letter each")), ("daily", _("once a day, all in one letter")), ("never", _("only in the interface"))]


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email):
        return self.get(email=email.strip().lower())


class User(AbstractBaseUser):
    """A person who signs in with an e-mail address, kept in small letters. Rights come from memberships only: the flags that Django and its
    packages look for are here and open nothing."""

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=80, blank=True)
    name_en = models.CharField(_("name in Latin letters"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=[("zh-hans", "中文"), ("en", "English")], default="zh-hans")
    mail_rhythm = models.CharField(_("letters"), max_length=10, choices=RHYTHMS, default="at_once")
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    is_superuser = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)
    sessions_ended_at = models.DateTimeField(null=True, help_text="sessions that began before are over")

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_in_small_letters"),
            models.CheckConstraint(condition=models.Q(language__in=["zh-hans", "en"]), name="user_language_known"),
            models.CheckConstraint(condition=models.Q(mail_rhythm__in=["at_once", "daily", "never"]), name="user_mail_rhythm_known"),
        ]

    def __str__(self):
        return self.display_name()

    def display_name(self, language: str | None = None) -> str:
        """The name in the reader's script, else in the other one, else what stands before the @."""
        language = language or translation.get_language() or "zh-hans"
        first, second = (self.name_en, self.name_zh) if language.startswith("en") else (self.name_zh, self.name_en)
        return first or second or self.email.partition("@")[0]

    def get_full_name(self):
        return self.display_name()

    def get_short_name(self):
        return self.display_name()

    def has_perm(self, perm, obj=None):
        return False

    def has_perms(self, perm_list, obj=None):
        return False

    def has_module_perms(self, app_label):
        return False
