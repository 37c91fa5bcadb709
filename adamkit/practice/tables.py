"""Reads TOML files of questions, and says of each entry what is missing, has the wrong type or does not belong."""

import tomllib

NUMBER = (int, float)
VALUE = (str, int, float, list)
_A = {
    str: "a text", int: "a whole number", NUMBER: "a number", list: "a list", dict: "a table",
    VALUE: "a text, a number or a list",
}  # fmt: skip


class BankError(ValueError):
    """Files of questions that cannot be used. The message has a line for each problem: file, entry, reason."""


def short(path):
    """How a message names a file: with its folder, "nb04/exercises.toml"."""
    return "/".join(path.parts[-2:])


def read(path, problems):
    """The content of a TOML file; None, with a line added to ``problems``, for a file that is none."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as reason:
        problems.append(f"{short(path)}: is not TOML: {reason}")
        return None


def misfits(table, wanted, optional=()):
    """Sentences on a table that should have the fields of ``wanted``, a name → type; empty for a sound one."""
    if not isinstance(table, dict):
        return [f"is not a table of {', '.join(wanted)}"]
    found = [f"{name} is missing" for name in wanted if name not in table and name not in optional]
    for name, value in table.items():
        if name not in wanted:
            found.append(f"{name} is not a field; the fields are {', '.join(wanted)}")
        elif not isinstance(value, wanted[name]) or isinstance(value, bool):
            found.append(f"{name} must be {_A[wanted[name]]}, not {value!r:.40}")
    return found


def twice(kinds):
    """Sentences on what is used twice; ``kinds`` is what it is → the values in use."""
    return [f"the {kind} {value!r} is used twice"
            for kind, values in kinds.items() for value in sorted(set(values)) if values.count(value) > 1]


def refuse(what, problems):
    """Raise `BankError` with all problems, if there are any."""
    if problems:
        raise BankError(f"{what}:\n" + "\n".join(f"  {line}" for line in problems))
