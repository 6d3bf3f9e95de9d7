"""Every answer is JSON, whatever a program says it would rather have: a fault in a form that nobody promised helps nobody."""

from rest_framework.negotiation import DefaultContentNegotiation


class AlwaysJSON(DefaultContentNegotiation):
    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type
