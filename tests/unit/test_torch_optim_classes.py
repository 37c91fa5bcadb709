"""Torch's classes are made from the rules: what they are called with, what they say of themselves, where they lie."""

import inspect
import pickle
from dataclasses import dataclass

import pytest
import torch
from refusals import refused

from adamkit import optim, rules, torch_optim
from adamkit.torch_optim.classes import engine

#: Torch's class of a rule, where it has one under the same name but for capitals.
TORCHS = {kind: theirs for kind in rules.ALL for name, theirs in vars(torch.optim).items()
          if name.lower() == kind.__name__.lower() and isinstance(theirs, type)}
NAMES = [kind.__name__ for kind in rules.ALL]
every_class = pytest.mark.parametrize("kind", [getattr(torch_optim, name) for name in NAMES], ids=NAMES)


def arguments(kind):
    return {name: one for name, one in inspect.signature(kind).parameters.items() if name != "params"}


def numbers(x):
    """A default with its numbers as floats: torch's rate may be a tensor's or an int's twin."""
    return tuple(map(numbers, x)) if isinstance(x, tuple) else float(x) if type(x) in (int, float) else x


def test_torch_has_most_of_them():
    assert {kind.__name__ for kind in TORCHS} >= {"SGD", "AdaGrad", "RMSprop", "Adam", "AdamW", "NAdam", "RAdam",
                                                  "AdaMax", "Adafactor", "Muon"}


@pytest.mark.parametrize("kind", TORCHS, ids=[kind.__name__ for kind in TORCHS])
def test_a_class_is_called_as_torchs_of_its_name_is_but_for_options_that_it_has_besides(kind):
    made = getattr(torch_optim, kind.__name__)
    ours, theirs = arguments(made), arguments(TORCHS[kind])
    absent = {"foreach", "capturable", "differentiable", "fused", *made.fixed_options} - set(ours)
    shared = [name for name in ours if name not in made.own_options | {"compile"}]
    theirs = {"maximize": ours["maximize"], **theirs}  # torch's Muon cannot climb
    assert set(shared) == set(theirs) - absent
    assert {name: numbers(ours[name].default) for name in shared} == {name: numbers(theirs[name].default)
                                                                      for name in shared}
    by_place = [name for name in ours if ours[name].kind is inspect.Parameter.POSITIONAL_OR_KEYWORD]
    assert by_place == list(arguments(TORCHS[kind]))[:len(by_place)]


@every_class
def test_every_argument_is_described_under_its_own_name_and_no_other(kind):
    names = list(inspect.signature(kind).parameters)
    if "Arguments as for" in kind.__doc__:
        return
    described = kind.__doc__.partition("\nArgs:\n")[2].partition("\n\n")[0]
    heads = [line.strip().partition(": ")[0] for line in described.splitlines() if line[:5].strip()]
    found = list(dict.fromkeys(name.partition("[")[0] for head in heads for name in head.split(", ")))
    assert found == names
    assert max(map(len, kind.__doc__.splitlines())) <= 120


@every_class
def test_a_class_lies_where_it_is_imported_from_and_says_which_rule_it_is_of(kind):
    assert (kind.__module__, kind.__qualname__) == ("adamkit.torch_optim", kind.__name__)
    assert getattr(torch_optim, kind.__name__) is kind
    assert f"`adamkit.rules.{kind.__name__}`" in kind.__doc__
    assert kind.__name__ in dir(torch_optim)


@pytest.mark.parametrize("old", ["adaptive", "newer", "sgd", "variants"])
def test_a_pickle_of_a_whole_optimizer_that_version_1_0_0_made_still_opens(old):
    written = pickle.dumps(torch_optim.AdamW([torch.nn.Parameter(torch.ones(2))], lr=0.5), protocol=0)
    of_old = written.replace(b"cadamkit.torch_optim\n", b"cadamkit.torch_optim." + old.encode() + b"\n")
    assert of_old != written
    found = pickle.loads(of_old)
    assert type(found) is torch_optim.AdamW
    assert found.param_groups[0]["lr"] == 0.5


ONES = [torch.ones(2)]
test_a_call_that_does_not_fit_is_refused_with_what_the_class_takes = refused(
    (lambda: torch_optim.RMSprop(ONES, beta2=0.9), r"^RMSprop.__init__\(\) .*'beta2'; it takes params, lr, alpha, eps"),
    (lambda: torch_optim.Adam(ONES, 0.1, (0.9, 0.99), 1e-8), r"^Adam.__init__\(\) too many positional arguments"),
    (lambda: torch_optim.Adam(), "missing a required argument: 'params'"),
    (lambda: torch_optim.Adafactor(ONES, eps=1e-8), r"^Adafactor: eps=1e-08 must be a pair \(eps1 or None, eps2\)"),
    (lambda: optim.RMSprop(ONES, alpha=0.9), r"^RMSprop.__init__\(\) .*'alpha'; it takes params, lr, beta2, eps"),
    error=TypeError,
)


def test_what_a_rule_says_of_torchs_class_is_not_said_of_the_rules_that_grow_from_it():
    @dataclass(frozen=True, eq=False)
    class Careful(rules.Adam):
        """Adam under another name."""

        gain: float = rules.base.hyper(2.0, low=0)

    kind = engine(Careful)
    assert list(arguments(kind)) == ["lr", "betas", "eps", "weight_decay", "correct_m", "correct_v", "gain", "maximize",
                                     "compile"]
    assert kind.fixed_options == {}
    assert kind([torch.nn.Parameter(torch.ones(2))], betas=(0.5, 0.6)).rule(
        {**kind([torch.nn.Parameter(torch.ones(2))]).param_groups[0], "betas": (0.5, 0.6)}).beta2 == 0.6


def test_an_argument_that_is_no_field_and_has_no_default_is_refused_when_the_class_is_made():
    class Wrong(rules.SGD):
        """SGD whose torch class is called wrongly."""

        torch_arguments = rules.base.TorchArguments("lr, *, weight_deacy")

    with pytest.raises(TypeError, match=r"Wrong: torch_arguments has 'weight_deacy', which is the name of no field"):
        engine(Wrong)
