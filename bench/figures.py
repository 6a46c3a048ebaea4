"""Percentiles and their lines."""

from collections.abc import Sequence


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest-rank percentile; `share` from 0 to 1."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def latencies(name: str, seconds: Sequence[float]) -> str:
    """One line of p50, p95 and p99 in milliseconds."""
    shown = "  ".join(
        f"p{share} {percentile(seconds, share / 100) * 1000:7.2f} ms" for share in (50, 95, 99)
    )
    return f"{name:<42} {shown}  ({len(seconds)} samples)"
