"""From a rule's fields to the arguments of its torch class, and back from a group's options to the fields."""

import ast
import inspect
import re
from collections.abc import Callable
from dataclasses import fields
from typing import Any, NamedTuple

from adamkit.rules.base import TorchArguments

#: What torch calls the fields that many rules have.
USUAL = {"beta1": "betas[0]", "beta2": "betas[1]", "decoupled": "decoupled_weight_decay"}
COMMON = "maximize=False, compile=False"


class Option(NamedTuple):
    """One argument of a torch class.

    Attributes:
        name: what torch calls it.
        fields: the rule's fields that it stands for: several for a pair such as ``betas``, none for a choice that
            the class makes itself.
        default: its default.
        negated: the field has the other sign.
    """

    name: str
    fields: tuple
    default: Any
    negated: bool = False

    def wanted(self, rule_type):
        """Such as "a pair (beta1, beta2)"."""
        optional = {spec.name for spec in fields(rule_type) if spec.metadata["optional"]}
        words = [f"{name} or None" if name in optional else name for name in self.fields]
        return f"a {'pair' if len(words) == 2 else 'tuple'} ({', '.join(words)})"


def torch_arguments(rule_type):
    """What a rule says of torch's class, of its own: a subclass of Adam is not torch's Adam."""
    return vars(rule_type).get("torch_arguments", TorchArguments())


def signature(rule_type):
    """The signature of the torch class's constructor, and its options, one for each argument of the rule's."""
    found = _by_option(rule_type)
    order = torch_arguments(rule_type).order or _usual_order(found)
    written = ast.parse(f"def f({order}{', ' if '*' in order else ', *, '}{COMMON}): pass").body[0].args
    given = dict(zip([a.arg for a in reversed(written.args)], reversed(written.defaults), strict=False))
    given |= {a.arg: default for a, default in zip(written.kwonlyargs, written.kw_defaults, strict=True) if default}
    kinds = {a.arg: inspect.Parameter.POSITIONAL_OR_KEYWORD for a in written.args}
    kinds |= {a.arg: inspect.Parameter.KEYWORD_ONLY for a in written.kwonlyargs}
    options = []
    for name in kinds:
        if name not in found and name not in given:
            raise TypeError(f"{rule_type.__name__}: torch_arguments has {name!r}, which is the name of no field; "
                            f"those are {sorted(found)}")
        one = found.get(name, Option(name, (), None))
        options.append(one._replace(default=ast.literal_eval(given[name])) if name in given else one)
    first = [inspect.Parameter(word, inspect.Parameter.POSITIONAL_OR_KEYWORD) for word in ("self", "params")]
    rest = [inspect.Parameter(one.name, kinds[one.name], default=one.default) for one in options]
    return inspect.Signature([*first, *rest]), tuple(one for one in options if one.name not in ("maximize", "compile"))


def _by_option(rule_type):
    """Every option that the fields make, by name, in the order of the fields."""
    names, found = {**USUAL, **torch_arguments(rule_type).names}, {}
    for spec in fields(rule_type):
        sign, name, part = re.fullmatch(r"(-?)(\w+)(\[\d\])?", names.get(spec.name, spec.name)).groups()
        before = found.get(name, Option(name, (), ()))
        default = -spec.default if sign else spec.default
        found[name] = Option(name, (*before.fields, spec.name), (*before.default, default) if part else default,
                             bool(sign))
    return found


def _usual_order(found):
    """The first argument, and the betas if there are any, by position, the others by name."""
    names = [name for name in found if name not in ("lr", "betas")]
    return ", ".join([*(name for name in ("lr", "betas") if name in found), "*", *names])


def reader(rule_type, options) -> Callable:
    """group → the rule's hyper-parameters by name. Called once a step for each group, so it is made once a class."""
    plain = tuple((one.fields[0], one.name) for one in options if len(one.fields) == 1)
    pairs = tuple((one.name, one.fields, one) for one in options if len(one.fields) > 1)
    negated = tuple(one.fields[0] for one in options if one.negated)
    own = {spec.name: spec.default for spec in fields(rule_type)}
    absent = tuple(one.fields[0] for one in options if one.fields and one.default is None
                   and own[one.fields[0]] is not None)

    def read(optimizer, group):
        found = {field: group[name] for field, name in plain}
        for name, parts, option in pairs:
            values = group[name]
            if not isinstance(values, tuple | list) or len(values) != len(parts):
                raise TypeError(f"{type(optimizer).__name__}: {name}={values!r} must be {option.wanted(rule_type)}")
            found.update(zip(parts, values, strict=True))
        for field in negated:
            found[field] = -found[field]
        for field in absent:
            if found[field] is None:
                found[field] = own[field]
        return found

    return read
