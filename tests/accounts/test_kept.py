"""Keys of what a browser keeps for its person."""

from base64 import b64decode

from accounts.kept import keys


def test_everybody_has_one_of_their_own_and_it_stays_the_same():
    [mine] = keys(7)
    assert keys(7) == [mine] and keys(8) != [mine]
    assert len(b64decode(mine)) == 32


def test_what_was_kept_under_an_earlier_secret_is_still_read(settings):
    before = keys(7)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another one"
    now, *earlier = keys(7)
    assert earlier == before and now not in before
