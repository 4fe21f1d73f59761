"""How long to wait before the next try."""

import random

FIRST_SECONDS = 0.5


def pause_seconds(failures: int, longest: float) -> float:
    """Half a second after the first failure, then twice as long each; never the same for two who failed at once."""
    most = min(longest, FIRST_SECONDS * 2.0 ** min(failures - 1, 30))
    return random.uniform(most / 2, most)
