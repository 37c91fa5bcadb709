"""The docstring of a torch class: the rule's, with the arguments under torch's names and in their order."""

import inspect
import re
from textwrap import fill


def text(rule_type, options, additions):
    """The rule's docstring for its torch class.

    Args:
        rule_type: the rule.
        options: the class's, see `adamkit.torch_optim.options.Option`.
        additions: docstrings of what the class can do besides; their arguments join the rule's.
    """
    idea, arguments, notes = divided(rule_type.__doc__)
    entries = [one for names, entry in arguments for one in _renamed(names, entry, options)]
    for addition in additions:
        more, its_arguments, after = divided(addition)
        notes = _joined(notes, more, after)
        entries += its_arguments
    where = (f"A `torch.optim.Optimizer` under torch's names, where torch has them. The rule: "
             f"`adamkit.rules.{rule_type.__name__}`.")
    order = [one.name for one in options]
    entries.sort(key=lambda entry: order.index(entry[0][0].partition("[")[0]))
    first, last = (("params",), "parameters or groups of them."), (("maximize", "compile"), "see `RuleOptimizer`.")
    described = "\n".join(["Args:", *(_line(*entry) for entry in (first, *entries, last))])
    return _joined(idea, where, described if arguments else "", notes) + "\n"


def _joined(*paragraphs):
    return "\n\n".join(filter(None, paragraphs))


def _line(names, entry):
    return fill(f"{', '.join(names)}: {entry}", 112, initial_indent=4 * " ", subsequent_indent=8 * " ",
                break_on_hyphens=False, break_long_words=False)


def divided(docstring):
    """A docstring as (what stands before its arguments, [(names, text of their entry)], what stands after them)."""
    before, _, rest = inspect.cleandoc(docstring).partition("\nArgs:\n")
    found = re.match(r"(?:(?: .*)?\n)*", rest + "\n").group() if rest else ""
    entries = re.split(r"^    (?=\S)", found, flags=re.MULTILINE)[1:]
    pairs = [entry.partition(": ") for entry in entries]
    arguments = [(tuple(names.split(", ")), " ".join(entry.split())) for names, _, entry in pairs]
    return before.strip(), arguments, rest[len(found):].strip()


def _renamed(names, entry, options):
    """The rule's entry for some fields as the class's: (names, text), or nothing for fields that it does not offer."""
    its = [one for one in options if set(one.fields) & set(names)]
    if not its:
        return
    called = tuple(one.name if set(one.fields) <= set(names) else f"{one.name}[{one.fields.index(names[0])}]"
                   for one in its)
    fields = [field for one in its for field in one.fields if field in names]
    if called == tuple(fields):
        yield called, entry
        return
    source = f"({', '.join(fields)})" if len(its) == 1 < len(fields) else f"``{', '.join(fields)}``"
    minus = "minus " if its[0].negated else ""
    otherwise = ", or None for its default" if its[0].default is None else ""
    yield called, f"{minus}{source} of the rule{otherwise}: {entry}"
