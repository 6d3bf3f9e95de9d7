"""The way in, in a real browser: invitation, second factor, sign-in, home; each page is accessible and fits the screen."""

import os
from pathlib import Path

import pytest
from django.urls import reverse

from accounts import selectors
from accounts.models import MailCode
from accounts.services import mail_code
from tests.factories.accounts import PASSWORD, give, make_invitation, make_user, totp_code

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("SHOTS")


@pytest.fixture
def look(field_screen, open_page, axe):
    page = open_page(field_screen)
    seen = []

    def look(name):
        axe(page)
        seen.append(name)
        if SHOTS:
            page.screenshot(path=Path(SHOTS) / f"{field_screen}-{len(seen):02}-{name}.png", full_page=True)

    page.seen = look
    return page


def test_an_invited_organiser_comes_in_and_invites(look):
    page = look
    invitation = make_invitation("chen@example.org", role="organiser", scope="*", name_zh="陈望", name_en="Chen Wang")
    page.goto(reverse("link_open"))
    page.seen("code-of-a-link")
    page.goto(f"{reverse('link_open')}#{selectors.code(invitation)}")
    page.wait_for_url("**/account/invitation/")
    page.go_back()
    assert page.url.endswith(reverse("link_open"))  # without the code: who comes to this screen later finds none
    page.go_forward()
    page.seen("invitation")
    page.fill("[name=password]", "12345")
    page.fill("[name=password_again]", "1234")
    page.click("main button[type=submit]")
    page.seen("invitation-wrong")
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=password_again]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/2fa/totp/activate/")
    page.seen("set-up")
    page.fill("[name=code]", "000000")
    page.click("main button[type=submit]:has-text('设置'), main button[type=submit]:has-text('Set up')")
    page.seen("set-up-wrong")
    secret = page.inner_text("code").replace(" ", "")
    page.fill("[name=code]", code_of(secret))
    page.click("main .plain-card form button[type=submit]")
    page.wait_for_url("**/2fa/recovery-codes/")
    page.seen("recovery-codes")
    page.click("a.btn.primary")
    page.goto(reverse("profile"))
    page.seen("profile")
    page.goto(reverse("mfa_index"))
    page.seen("second-factor")
    page.goto(reverse("people"))
    page.seen("people")
    page.fill("[name=email]", "zhao@example.org")
    page.fill("[name=name_zh]", "赵一鸣")
    page.click("main form button.primary")
    page.wait_for_url("**/slips/")
    page.seen("slips")
    page.reload()
    page.seen("slips-gone")
    page.goto(reverse("people"))
    page.seen("people-with-one-invited")
    page.goto(reverse("invite_many", args=["*"]))
    page.fill("[name=people]", "wang@example.org, 王芳\nno-address, 某人\nwang@example.org, 王芳")
    page.click("main form button.primary")
    page.seen("list-wrong")
    page.goto(reverse("account_logout"))
    page.seen("sign-out")


def test_signing_in_with_the_second_factor(look, settings, run_jobs):
    page = look
    user = make_user("Lin Jia", name_zh="林佳", email="lin@example.org")
    give(user, "decider", "competition:1")
    page.goto(reverse("account_login"))
    page.seen("sign-in")
    page.fill("[name=login]", "lin@example.org")
    page.fill("[name=password]", "wrong")
    page.click("main form button.primary")
    page.seen("sign-in-wrong")
    page.fill("[name=password]", PASSWORD)
    page.click("main form button.primary")
    page.wait_for_url("**/2fa/authenticate/")
    page.seen("code")
    page.fill("[name=code]", totp_code())
    page.click("main form button.primary")
    page.wait_for_url("**/deciding/")
    page.seen("home")
    page.goto(reverse("mfa_generate_recovery_codes"))
    page.wait_for_url("**/reauthenticate/**")
    page.seen("reauthenticate")
    page.context.clear_cookies()
    settings.SECOND_FACTOR_OF_ALL = True
    make_user("Wang Fang", name_zh="王芳", email="wang@example.org")
    page.goto(reverse("account_login"))
    page.fill("[name=login]", "wang@example.org")
    page.fill("[name=password]", PASSWORD)
    page.click("main form button.primary")
    page.wait_for_url("**/login/code/")
    page.seen("mail-code")
    run_jobs()
    page.wait_for_selector("#letter:not([hx-get])")
    page.fill("[name=code]", mail_code.code_of(MailCode.objects.get()))
    page.check("[name=trust]")
    page.click("main form button.primary")
    page.wait_for_url("**/home/")
    page.goto(reverse("profile"))
    page.seen("profile-with-a-trusted-browser")


def test_a_forgotten_password(look):
    page = look
    for name in ("account_reset_password", "account_reset_password_done", "account_reset_password_from_key_done", "account_signup"):
        page.goto(reverse(name))
        page.seen(name)
    page.goto(reverse("account_reset_password_from_key"))
    page.seen("dead-link")
    page.goto(reverse("invitation_accept"))
    page.seen("dead-invitation")


def code_of(secret):
    import time

    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))
