"""One measured figure beside the floor that was measured in the same run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """
    :param work: what was done.
    :param seconds: how long it took.
    :param floor: what the floor is, and ``floor_seconds`` how long that took; None where the reach is a time.
    :param reach: the ratio (or, without a floor, the seconds) that we mean to stay under.
    :param notes: what else was measured in the same run.
    """

    work: str
    seconds: float
    reach: float
    floor: str | None = None
    floor_seconds: float | None = None
    notes: str = ""

    def __str__(self) -> str:
        if self.floor_seconds is None:
            figure, verdict = f"{self.seconds:.3f} s (reach {self.reach:.3f} s)", self.seconds <= self.reach
        else:
            ratio = self.seconds / self.floor_seconds
            figure = f"{self.seconds:.2f} s / floor {self.floor_seconds:.2f} s = {ratio:.2f} (reach {self.reach:g})"
            verdict = ratio <= self.reach
        lines = [f"{'reached' if verdict else 'MISSED '}  {self.work}: {figure}"]
        if self.floor:
            lines.append(f"         floor: {self.floor}")
        if self.notes:
            lines.append(f"         {self.notes}")
        return "\n".join(lines)
