"""make pictures: what README.md and docs/tour.md show, taken from a demo race of its own, in both languages.

Walks the README's ten minutes: what an act changes is pictured after the act. Takes some minutes; writes docs/pictures/.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
FOLDER = ROOT / "docs" / "pictures"
WIDTH = 1100
SCREENS = {
    "desktop": {"viewport": {"width": 1360, "height": 1080}},
    "phone": {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True},
}
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
PRIMARY = "main form button.primary, main form button.grave"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def served(environment: dict[str, str], port: int) -> subprocess.Popen:
    server = subprocess.Popen([sys.executable, "manage.py", "serve"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    for _ in range(120):
        try:
            urllib.request.urlopen(f"http://localhost:{port}/healthz", timeout=5)
            return server
        except OSError:
            time.sleep(0.5)
    server.send_signal(signal.SIGTERM)
    sys.exit("The demo does not answer.")


class Photographer:
    """People at work in one language, each in a browser of their own."""

    def __init__(self, chromium, address: str, language: str, password: str):
        self.chromium, self.address, self.language, self.password = chromium, address, language, password
        (FOLDER / language).mkdir(parents=True, exist_ok=True)

    def page(self, screen: str = "desktop"):
        context = self.chromium.new_context(
            base_url=self.address, locale=LOCALES[self.language], timezone_id="Asia/Shanghai", **SCREENS[screen]
        )
        context.add_cookies([{"name": "django_language", "value": {"zh": "zh-hans"}.get(self.language, "en"), "url": self.address}])
        return context.new_page()

    def sign_in(self, login: str, screen: str = "desktop"):
        page = self.page(screen)
        page.goto("/account/login/")
        page.fill("[name=login]", f"{login}@demo.example")
        page.fill("[name=password]", self.password)
        page.click("main form button[type=submit]")
        page.wait_for_load_state()
        if not page.locator("html").get_attribute("lang").startswith(self.language):
            button = page.locator("form[action*='language'] button:visible")
            if not button.count():
                page.locator("header .menu summary").click()
            button.first.click()
            page.wait_for_load_state()
        return page

    def take(self, page, name: str) -> None:
        from PIL import Image

        page.wait_for_load_state("networkidle")
        path = FOLDER / self.language / f"{name}.png"
        page.screenshot(path=path, animations="disabled")
        picture = Image.open(path).convert("RGB")
        if picture.width > WIDTH:
            picture = picture.resize((WIDTH, round(picture.height * WIDTH / picture.width)), Image.LANCZOS)
        # Octree: a colour that is rare, as a reserve's, stays itself.
        picture.quantize(256, method=Image.Quantize.FASTOCTREE).save(path, optimize=True)

    def paper(self, file: Path, name: str) -> None:
        """The first page of a PDF."""
        path = FOLDER / self.language / name
        subprocess.run(["pdftoppm", "-png", "-singlefile", "-scale-to", str(WIDTH), file, path], check=True)


def press(page, selector: str = PRIMARY) -> None:
    page.locator(selector).last.click()
    page.wait_for_load_state()


def walk(at: Photographer) -> None:
    from competition.models import Application, Competition, Document, Nomination, Proposal
    from evaluations.models import Sheet

    this_year = Competition.objects.get(code__startswith="guangdong-")
    final = this_year.rounds.get(order=2)
    here = f"/c/{this_year.pk}"
    last = Sheet.objects.get(assignment__entry__round=final, state="draft")

    evaluator = at.sign_in("e07")
    evaluator.goto(f"{here}/sheets/{last.pk}/")
    at.take(evaluator, "sheet")
    phone = at.sign_in("e07", "phone")
    phone.goto(f"{here}/sheets/{last.pk}/")
    at.take(phone, "sheet-phone")
    for field in evaluator.locator("main [name^='mark-']").all():
        if not field.input_value():
            field.fill("84")
    evaluator.keyboard.press("Tab")
    evaluator.wait_for_selector("#saving.ok")
    evaluator.locator("main [data-submit]").click()
    evaluator.wait_for_url("**/submit/")
    press(evaluator)

    organiser = at.sign_in("organiser")
    at.take(organiser, "organising")
    organiser.goto(f"{here}/progress/{final.pk}/")
    organiser.wait_for_timeout(8000)  # the worker's computation; the page follows by itself
    at.take(organiser, "progress")
    organiser.goto(f"{here}/rounds/{final.pk}/close/")
    press(organiser)
    organiser.wait_for_timeout(8000)  # the analysis beside the ranks
    organiser.goto(f"{here}/standings/{final.pk}/")
    at.take(organiser, "standings")
    second = final.entries.order_by("pk")[1]
    organiser.goto(f"{here}/standings/{final.pk}/{second.pk}/why/")
    at.take(organiser, "why")
    organiser.goto(f"{here}/standings/{final.pk}/analysis/")
    at.take(organiser, "analysis")

    waiting = Proposal.objects.get(round__competition__code__endswith="-pilot")
    decider = at.sign_in("decider")
    decider.goto(f"/c/{waiting.round.competition_id}/decisions/proposals/{waiting.pk}/sign/")
    at.take(decider, "sign")
    press(decider)
    visitor = at.page()
    visitor.goto(f"/public/{waiting.round.competition.code}/results/{waiting.round.code}/")
    at.take(visitor, "publicity")
    visitor.goto(f"/public/{Competition.objects.get(level='nation', state='decided').code}/results/final/")
    at.take(visitor, "results")

    returned = Application.objects.get(state="returned")
    applicant = at.sign_in("machinery", "phone")
    applicant.goto(f"/c/{returned.competition_id}/applications/{returned.pk}/form/")
    at.take(applicant, "return-phone")
    recommender = at.sign_in("recommender")
    recommender.goto("/registrations/1/")
    at.take(recommender, "registration")
    national = Nomination.objects.first().application.competition
    nation = at.sign_in("nation")
    nation.goto(f"/c/{national.pk}/provinces/")
    at.take(nation, "nation")
    zhejiang = at.sign_in("recommender2")
    zhejiang.goto(f"/c/{national.pk}/regions/{national.quotas.get(region='330000').pk}/")
    at.take(zhejiang, "nominate")
    province = Competition.objects.get(code__startswith="zhejiang-")
    check, _desk, council = province.rounds.all()
    for round, name in ((check, "check"), (council, "vote")):
        organiser.goto(f"/c/{province.pk}/standings/{round.pk}/")
        at.take(organiser, name)
    supervisor = at.sign_in("supervisor")
    supervisor.goto("/supervision/records/")
    at.take(supervisor, "records")

    for kind in ("certificate", "award_report"):
        language = {"zh": "zh-hans"}.get(at.language, "en")
        drawn = Document.objects.filter(kind=kind).exclude(file="")
        paper = drawn.filter(language=language).order_by("-pk").first() or drawn.order_by("-pk").first()
        at.paper(Path(paper.file.path), kind.replace("_", "-"))


def main() -> None:
    from playwright.sync_api import sync_playwright

    programs = filter(None, map(shutil.which, ("chromium-headless-shell", "chromium")))
    program = next(programs, None) or sys.exit("Chromium is not installed (make setup-dev installs it).")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    with tempfile.TemporaryDirectory(prefix="saima-pictures-") as folder:
        os.environ |= {"VAR_DIR": f"{folder}/first", "SECOND_FACTOR_REQUIRED": "0", "PORT": str(free_port())}
        os.environ.pop("DATABASE_URL", None)
        for command in (["migrate", "-v0"], ["createcachetable", "-v0"], ["demo"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        shutil.copytree(f"{folder}/first", f"{folder}/again")
        import django

        django.setup()
        from django.conf import settings
        from django.db import connections

        from config.rehearsal.demo.people import password

        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        with sync_playwright() as playwright:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
            chromium = playwright.chromium.launch(executable_path=program, args=arguments)
            for language in ("zh", "en"):
                server = served(dict(os.environ), settings.PORT)
                try:
                    walk(Photographer(chromium, f"http://localhost:{settings.PORT}", language, password()))
                finally:
                    server.send_signal(signal.SIGTERM)
                    server.wait(timeout=60)
                    connections.close_all()
                if language == "zh":  # the second walk begins where the first did
                    shutil.rmtree(f"{folder}/first")
                    os.rename(f"{folder}/again", f"{folder}/first")
            chromium.close()


if __name__ == "__main__":
    main()
