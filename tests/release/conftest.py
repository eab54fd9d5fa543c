"""Settings for the tests of this folder."""

from hypothesis import settings

# A busy machine is no bug: nothing here is timed.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
