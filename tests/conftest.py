"""What all tests share: how hard the property tests try."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile("quick", max_examples=40, deadline=None)
# The same examples every time, so that a red run is about the change and not luck. `make fuzz` does the searching.
settings.register_profile("ci", max_examples=150, deadline=None, derandomize=True, print_blob=True)
settings.register_profile("thorough", max_examples=5000, deadline=None, suppress_health_check=[HealthCheck.too_slow])

# pytest --hypothesis-profile=NAME is read later, and wins.
settings.load_profile("ci" if os.environ.get("CI") == "true" else "quick")
