"""Draw the README's picture: four optimizers in one ravine, each at its best rate.

    python tools/make_picture.py
"""

from pathlib import Path

from adamkit.lessons import explorers

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "race.png"


def main():
    """Write docs/race.png from the race explorer's scenario "Turned ravine"."""
    race = explorers.race(scenario="Turned ravine")
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_bytes(race.widget.png(ratio=2))
    print(f"wrote {PICTURE.relative_to(PICTURE.parents[1])}: {race.caption}")


if __name__ == "__main__":
    main()
