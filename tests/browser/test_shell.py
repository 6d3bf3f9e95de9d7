"""What every page does with its script."""

import re

FOLLOWING = """main => {
    main.insertAdjacentHTML("beforeend", '<p hx-get="/healthz" hx-trigger="every 100ms"></p><a id="on" href="/public/">On</a>');
    htmx.process(main);
}"""


def test_a_page_that_loads_itself_anew_calls_nobody_back(page):
    """The answer that says "load anew" comes while the next page is on its way: the next page it is."""
    asked = {"before": 0, "meanwhile": 0}
    moment = "before"

    def follow(route):
        asked[moment] += 1
        route.fulfill(status=200, body="", headers={"HX-Refresh": "true"} if moment == "meanwhile" else {})

    def slow(route):
        nonlocal moment
        moment = "meanwhile"
        page.wait_for_timeout(600)
        route.continue_()

    page.goto("/account/login/")
    page.route("**/healthz", follow)
    page.route(re.compile("/public/$"), slow)
    page.eval_on_selector("main", FOLLOWING)
    page.wait_for_timeout(300)
    page.click("#on", no_wait_after=True)
    page.wait_for_url("**/public/")
    assert min(asked.values()) > 0
