"""People of a journey: each with a browser of their own, who come in by a link, prove a second factor and look where they are."""

import re
import time
from datetime import datetime, timedelta

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.urls import reverse
from django.utils import timezone

from tests.factories.accounts import PASSWORD


class Clock:
    """Moves the server's clock: the browser and the codes of the second factor stay in the present."""

    def __init__(self, monkeypatch):
        self.shift = timedelta(0)
        real = timezone.now
        monkeypatch.setattr(timezone, "now", lambda: real() + self.shift)

    def to(self, moment: datetime) -> None:
        self.shift += moment - timezone.now()


class Person:
    """`page` is theirs; `go` opens an address and looks at it (accessible, no wider than the screen)."""

    def __init__(self, page, axe, looked: set[str], name_zh: str, name_en: str, email: str):
        self.page, self.axe, self.looked = page, axe, looked
        self.name_zh, self.name_en, self.email = name_zh, name_en, email
        self.secret = ""
        self.used: set[str] = set()

    def see(self) -> None:
        """Each kind of page is looked at once in a journey: the same address with other numbers is the same kind."""
        self.page.wait_for_load_state()
        kind = re.sub(r"\d+|/[0-9A-Za-z_.:-]{20,}", "N", self.page.url)
        if kind not in self.looked:
            self.looked.add(kind)
            self.axe(self.page)

    def go(self, name: str, *args, query: str = "") -> None:
        answer = self.page.goto(reverse(name, args=args) + query)
        assert answer.status == 200, (answer.status, self.page.url)
        self.see()

    def settle(self) -> None:
        """What a job was drawing is there: the page that followed it has loaded itself anew."""
        self.page.wait_for_selector(".progress[aria-busy=true]", state="detached")
        self.page.wait_for_load_state()

    def fill(self, **values) -> None:
        """Fields by name: text is typed, a chosen option is picked, True ticks."""
        for name, value in values.items():
            field = self.page.locator(f"main [name='{name}']")
            if value is True:
                field.check()
            elif field.first.evaluate("node => node.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.first.fill(str(value))

    def send(self, selector: str = "main form button.primary, main form button.grave") -> None:
        """The primary button of the page, and a look at what comes next."""
        before = self.page.url
        self.page.locator(selector).last.click()
        self.page.wait_for_load_state()
        self.see()
        assert not self.page.locator("main .errors, main .fault").count(), (before, self.page.inner_text("main")[:600])

    def come_in(self, link: str) -> None:
        """By the one-time link, with a password of their own; a second factor where the role asks for one."""
        self.page.goto(link)
        self.page.wait_for_url("**/account/invitation/")
        self.see()
        self.fill(name_zh=self.name_zh, name_en=self.name_en, password=PASSWORD, password_again=PASSWORD)
        self.page.click("main button[type=submit]")
        self.page.wait_for_load_state()
        if "totp/activate" in self.page.url:
            self.see()
            self.secret = self.page.inner_text("code").replace(" ", "")
            self.page.fill("[name=code]", self.code())
            self.page.click("main .plain-card form button[type=submit]")
            self.page.wait_for_url("**/2fa/recovery-codes/")
            self.see()

    def sign_in(self) -> None:
        """Anew, where the session has run out with the clock."""
        self.page.goto(reverse("account_login"))
        if not self.page.locator("main [name=login]").count():
            return
        self.page.fill("[name=login]", self.email)
        self.page.fill("[name=password]", PASSWORD)
        self.page.click("main form button.primary")
        self.page.wait_for_load_state()
        if "2fa/authenticate" in self.page.url:
            self.page.fill("[name=code]", self.code())
            self.page.click("main form button.primary")
            self.page.wait_for_load_state()

    def code(self) -> str:
        """Each code opens once: the next one is waited for in the future, which the server allows by one step."""
        for step in (0, 1, -1):
            code = format_hotp_value(hotp_value(self.secret, int(time.time()) // 30 + step))
            if code not in self.used:
                self.used.add(code)
                return code
        time.sleep(30 - time.time() % 30)
        return self.code()

    def prove(self) -> None:
        """The second factor again, in place, where the last one is no longer fresh."""
        if not self.page.locator("main [name=second_factor_code]").count():
            return
        self.fill(second_factor_code=self.code())
        self.send()

    def slips(self) -> dict[str, str]:
        """One-time links by e-mail, from the slips on this page."""
        rows = self.page.eval_on_selector_all(".slip", "nodes => nodes.map(node => node.innerText)")
        found = {}
        for text in rows:
            address = next(word for word in text.split() if "@" in word)
            link = next(word for word in text.split() if "#i-" in word)
            found[address] = "/" + link.split("/", 3)[3]
        return found
