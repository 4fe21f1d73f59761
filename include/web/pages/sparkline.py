"""A small line of row counts, as inline SVG with its text alternative."""

from collections.abc import Sequence

from markupsafe import Markup

WIDTH, HEIGHT, EDGE = 96, 24, 3
SVG = Markup(
    '<svg class="spark" role="img" width="96" height="24" viewBox="0 0 96 24"><title>{label}</title>'
    '<polyline points="{line}" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round"/>'
    '<circle cx="{x}" cy="{y}" r="2.5" fill="currentColor"/></svg>'
)


def sparkline(counts: Sequence[int]) -> Markup:
    """:param counts: rows of the last runs, oldest first."""
    if len(counts) < 2:
        return Markup("")
    low, high = min(counts), max(counts)
    step = (WIDTH - 2 * EDGE) / (len(counts) - 1)
    # A line that never moved stands in the middle.
    points = [
        (
            EDGE + index * step,
            HEIGHT / 2 if high == low else HEIGHT - EDGE - (count - low) / (high - low) * (HEIGHT - 2 * EDGE),
        )
        for index, count in enumerate(counts)
    ]
    label = f"Rows of the last {len(counts)} runs: from {low:,} to {high:,}, last {counts[-1]:,}"
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    last_x, last_y = points[-1]
    return SVG.format(label=label, line=line, x=f"{last_x:.1f}", y=f"{last_y:.1f}")
