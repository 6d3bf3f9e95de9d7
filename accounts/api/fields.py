"""Fields that bodies share."""

from rest_framework import serializers

from accounts.api.pages import LARGEST_KEY

FIRST_YEAR, LAST_YEAR = 2000, 2999


class Key(serializers.IntegerField):
    """The number of a row."""

    def __init__(self, **kwargs):
        super().__init__(min_value=1, max_value=LARGEST_KEY, **kwargs)


class Moment(serializers.DateTimeField):
    """Without an offset it is Beijing time."""

    def to_internal_value(self, value):
        found = super().to_internal_value(value)
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            self.fail("overflow")
        return found


class ReasonWhySerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=4000)
