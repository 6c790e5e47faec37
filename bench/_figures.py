"""What every benchmark says at its end."""

import json


def told(bench: str, ratio: float, limit: float, measured: str, *, as_json: bool) -> int:
    """Print the ratio and its limit; the exit status is 1 when the ratio is over the limit."""
    holds = ratio <= limit
    if as_json:
        print(json.dumps({"bench": bench, "ratio": round(ratio, 3), "limit": limit, "holds": holds, "of": measured}))
    else:
        print(f"{bench}: {ratio:.2f} (at most {limit}: {'holds' if holds else 'MISSED'}); {measured}")
    return 0 if holds else 1
