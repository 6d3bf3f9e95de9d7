"""Mail leaves in the background."""

from smtplib import SMTPException

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts import letters
from jobs import registry


def send_mail(ctx):
    kind, _colon, key = ctx.subject.partition(":")
    letter = letters.get(kind)(key, ctx.params)
    if letter is None:
        return
    with translation.override(letter.language):
        context = dict(letter.context) | {"language": letter.language}
        subject = " ".join(render_to_string(f"emails/{kind}/subject.txt", context).split())
        message = EmailMultiAlternatives(subject, render_to_string(f"emails/{kind}/body.txt", context), to=[letter.to])
        message.attach_alternative(render_to_string(f"emails/{kind}/body.html", context), "text/html")
    message.send()
    ctx.progress(1, 1)


registry.register("mail.send", send_mail, queue="mail", label=_("Send a letter"), retry_on=(OSError, SMTPException))
