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
    :param unit: what is counted, if not seconds.
    """

    work: str
    seconds: float
    reach: float
    floor: str | None = None
    floor_seconds: float | None = None
    notes: str = ""
    unit: str = "s"

    def __str__(self) -> str:
        if self.floor_seconds is None:
            figure, verdict = (
                f"{self.seconds:.3f} {self.unit} (reach {self.reach:.3f} {self.unit})",
                self.seconds <= self.reach,
            )
        else:
            ratio = self.seconds / self.floor_seconds
            places = 2 if self.unit == "s" else 0
            measured, floor = (f"{value:.{places}f} {self.unit}" for value in (self.seconds, self.floor_seconds))
            figure = f"{measured} / floor {floor} = {ratio:.2f} (reach {self.reach:g})"
            verdict = ratio <= self.reach
        lines = [f"{'reached' if verdict else 'MISSED '}  {self.work}: {figure}"]
        if self.floor:
            lines.append(f"         floor: {self.floor}")
        if self.notes:
            lines.append(f"         {self.notes}")
        return "\n".join(lines)
