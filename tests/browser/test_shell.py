"""What every page does with its script."""

import re

POLL = """main => { main.insertAdjacentHTML("beforeend", '<p hx-get="/healthz" hx-trigger="every 100ms"></p>'); htmx.process(main) }"""


def test_a_page_that_loads_itself_anew_calls_nobody_back(page):
    """The answer that says "load anew" comes while the next page is on its way: the next page it is."""
    asked = []

    def ended(route):
        asked.append(leaving)
        route.fulfill(status=200, body="", headers={"HX-Refresh": "true"} if leaving else {})

    def slow(route):
        page.wait_for_timeout(600)
        route.continue_()

    leaving = False
    page.goto("/account/login/")
    page.route("**/healthz", ended)
    page.route(re.compile("/public/$"), slow)
    page.eval_on_selector("main", POLL)
    page.wait_for_timeout(300)
    leaving = True
    page.evaluate("setTimeout(() => location.assign('/public/'))")
    page.wait_for_url("**/public/")
    assert {False, True} <= set(asked)
