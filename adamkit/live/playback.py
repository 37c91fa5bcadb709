"""What plays when the reader presses play: lines that grow, and the points that ride on them."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Playback:
    """A film over artists the picture already has; the browser plays it without the kernel.

    Args:
        lines: moving lines. At playhead p, from 0 to 1, the first share p of each line's vertices
            shows. Lines of one film should have the same number of vertices, one a step.
        heads: pairs (marker line, line): the marker rides at the end of what shows.
        steps: number of steps, for the counter beside the play button. It may be changed later:
            ``picture.playback_steps = 100``.
        seconds: length of the film at speed 1, > 0.
    """

    lines: list
    heads: list = field(default_factory=list)
    steps: int = 0
    seconds: float = 4.0

    def __post_init__(self):
        if not self.seconds > 0:
            raise ValueError(f"Playback: seconds={self.seconds!r} is not allowed; it must be a number > 0")
        if not self.lines:
            raise ValueError("Playback: lines is empty; name at least one moving line")

    def describe(self, moving):
        """The film for the browser, with artists as positions in ``moving``."""
        places = {id(artist): place for place, artist in enumerate(moving)}
        named = [*self.lines, *(artist for pair in self.heads for artist in pair)]
        if strangers := [artist for artist in named if id(artist) not in places]:
            raise ValueError(f"Playback: {strangers} must be among the picture's moving artists")
        return {
            "lines": [places[id(line)] for line in self.lines],
            "heads": [[places[id(head)], places[id(line)]] for head, line in self.heads],
            "steps": self.steps,
            "seconds": self.seconds,
        }
