"""How long a notebook takes, computed from its source.

    python tools/minutes.py            # each notebook: what it takes, what it promises

Prose at 150 words a minute, half a minute for a cell of code, four for an explorer, one for a prediction, one for an
interview box, two for the self-check, four for a rule to write and prove, five for a bug hunt, eight for a step to
count or a list to grade, and for an exercise or a problem what its box says. A notebook promises that, rounded to five
minutes: "About NN minutes" in its first cell.
"""

import re
import sys
from pathlib import Path

from build_notebooks import read_source, select

from adamkit.practice import catalogue

WORDS = 150  # a minute
CODE, EXPLORER, PREDICTION, INTERVIEW, SELF_CHECK, YOURS, HUNT, BOARD = 0.5, 4, 1, 1, 2, 4, 5, 8
PROMISE = re.compile(r"^About (\d+) minutes", flags=re.MULTILINE)


def minutes(source):
    """Minutes that the notebook of ``source`` takes."""
    return sum(prose(cell.source) if cell.cell_type == "markdown" else code(cell.source)
               for cell in read_source(Path(source)).cells)


def prose(text):
    """Minutes to read Markdown: words and formulas count alike, addresses of links do not count."""
    return len(re.sub(r"\]\([^)]*\)", "]", text).split()) / WORDS


def code(text):
    """Minutes that a cell of code takes."""
    own = [catalogue.find(kind, key).minutes for kind, call in (("EXERCISES", "exercise"), ("PROBLEMS", "problem"))
           for key in re.findall(rf'practice\.{call}\("([^"]+)"', text)]
    if own or ".check(" in text:  # a stub and its check belong to the exercise's minutes
        return sum(own)
    for pattern, takes in ((r"\bexplorers\.\w+\(", EXPLORER), (r"practice\.predict\(", PREDICTION),
                           (r"practice\.interview\(", INTERVIEW), (r"practice\.self_check\(", SELF_CHECK),
                           (r"^yours\(", YOURS), (r"practice\.bug_hunt\(", HUNT),
                           (r"practice\.(?:systems|scale_it)\(", BOARD)):
        if found := re.findall(pattern, text, flags=re.MULTILINE):
            return takes * len(found)
    return 0 if re.fullmatch(r"\w+\.reveal\(\)|practice\.clock\(\d+\)", text.strip()) else CODE


def promised(source):
    """The minutes that the notebook's first cell promises."""
    return int(PROMISE.search(read_source(Path(source)).cells[0].source).group(1))


def rounded(number):
    """To the nearest five."""
    return 5 * round(number / 5)


if __name__ == "__main__":
    for path in select(sys.argv[1:]):
        takes = minutes(path)
        print(f"{path.stem:28} takes {takes:5.1f}, so about {rounded(takes):3}; promises {promised(path):3}")
