"""What all the optimizers share: parameter groups, the state of each parameter, and the step."""

import torch

from adamkit.arguments import plain_numbers
from adamkit.torch_optim import checks, plain, sharded, tensors
from adamkit.torch_optim.compiled import compiled_advance


class RuleOptimizer(torch.optim.Optimizer):
    """A torch optimizer whose arithmetic is a rule of `adamkit.rules`.

    A subclass has a constructor with its arguments, ``rule_types``, and `values` or `rule`, which makes the rule
    of a parameter group; `adamkit.torch_optim.classes` makes one for each rule. The rule is made, and so checked, anew
    at each step: a scheduler, or you, may change any value in ``param_groups`` in between.

    Args:
        params: parameters, groups of parameters, or named parameters, as for every torch optimizer.
            Real floating-point tensors; no empty ones.
        defaults: the hyper-parameters of groups that do not say otherwise, by torch's names.
        maximize: climb instead of descend: the gradient changes its sign first.
        compile: update all parameters of a group in one compiled call (with torch's compiler, which needs a
            C++ compiler for the CPU). The first steps take seconds to compile; later ones touch memory
            once. A changing step number or hyper-parameter does not compile anew; other tensors do, such as
            another selection of parameters with gradients.

    Hyper-parameters may be arrays of shape (n,), NumPy or torch: n experiments at once, on parameters
    with a leading axis of n. Use NumPy arrays with torch's schedulers, which refuse such tensors.

    As in torch, NaN or infinity in a gradient goes into the state and the parameter, parameters whose
    ``.grad`` is None are left alone, and the state of a bfloat16 parameter is bfloat16. So is a float16 parameter's
    float16, though a step computes in 32 bits: squares of gradients below 2e-4 are 0 there, and a buffer ends at 65504.
    To train in float16, keep float32 parameters beside it (`torch.autocast` and a gradient scaler).

    Parameters may be DTensors, as ``torch.distributed.fsdp.fully_shard`` makes them; so is their state then. Rules
    that look at whole tensors look at them across the processes. Adam8bit is the exception, and says so.
    """

    #: The rules that `rule` may answer with; their state fields are what a checkpoint may hold.
    rule_types: tuple = ()
    #: Options that torch's optimizer of this name, or ours of version 1.0.0, does not have: its checkpoints go on with
    #: our defaults.
    own_options: frozenset = frozenset()
    #: Options of torch's optimizer that have one value here. They stand in the groups, so that
    #: checkpoints say which optimizer they are of.
    fixed_options: dict = {}
    #: What stands in the groups besides and is no argument.
    hidden_options: dict = {}
    #: Whether parameters may be DTensors, of which each process holds a part.
    takes_parts: bool = True

    def __init__(self, params, defaults, *, maximize=False, compile=False):
        self.compile = bool(compile)
        self._compiled = None
        super().__init__(params, {**defaults, **self.hidden_options, **self.fixed_options, "maximize": bool(maximize)})

    def rule(self, group):
        """The rule of a parameter group; raises if the group holds a value that is not allowed."""
        return self.rule_types[0](**self.values(group))

    def values(self, group):
        """The hyper-parameters of a parameter group by the names of the rule."""
        raise NotImplementedError(f"{type(self).__name__} does not say which rule it is")

    def add_param_group(self, param_group):
        """Add parameters with hyper-parameters of their own; refused as a whole if anything is wrong."""
        super().add_param_group(param_group)
        try:
            checks.check_group(self, self.param_groups[-1])
        except Exception:
            self.param_groups.pop()
            raise

    @torch.no_grad()
    def step(self, closure=None):
        """One update of all parameters that have a gradient.

        Args:
            closure: a function that computes the loss and its gradients anew; called once, before the update.

        Returns:
            What the closure returned, or None.

        Raises:
            ValueError, TypeError, RuntimeError: a hyper-parameter or a gradient is not allowed. No
            parameter has changed then.
        """
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            checks.check_options(self, group)
        work = [(self.rule(group), group) for group in self.param_groups]
        checks.check_gradients(self)
        advance = sharded.on_parts(self._advance())
        for rule, group in work:
            params = [p for p in group["params"] if p.grad is not None]
            for batch in tensors.gather(rule, params, self.state, maximize=group["maximize"]):
                tensors.keep(batch, advance(batch.rule, batch.params, batch.grads, batch.states, batch.t))
        return loss

    def readings(self, p):
        """What the state of parameter ``p`` means now, by name (m, v, m_hat, v_hat, rate, …); {} before its first step.

        The tensors are new, or the state itself: do not change them.
        """
        memory = self.state.get(p)
        if not memory:
            return {}
        group = next(group for group in self.param_groups if any(p is other for other in group["params"]))
        rule = tensors.fitted(self.rule(group), p)
        with torch.no_grad():
            return rule.readings(tensors.state_of(rule, p, memory), tensors.steps_taken(rule, memory))

    def load_state_dict(self, state_dict):
        """Continue from a checkpoint of this class, or of torch.optim's class of the same rule.

        Hooks run as in torch: what those before loading make of the checkpoint is what is checked and loaded.

        Raises:
            ValueError: the checkpoint is of another rule, of a variant that this class does not have, such as
            ``amsgrad=False`` for AMSGrad, or of parameters of other shapes. Nothing has changed then.
        """
        hooked = []

        def check(_, found):
            checks.check_checkpoint(self, found)
            hooked.append(found)

        last = self.register_load_state_dict_pre_hook(check)
        first = self.register_load_state_dict_post_hook(
            lambda _: tensors.restore_precision(self, *hooked), prepend=True)
        try:
            super().load_state_dict(state_dict)
        finally:
            last.remove()
            first.remove()

    def state_dict(self):
        """As torch's; a number of NumPy's, from an argument or a schedule, is a plain one in it."""
        found = super().state_dict()
        return {key: plain_numbers(value) if key == "param_groups" else value for key, value in found.items()}

    def _advance(self):
        if not self.compile:
            return plain.advance
        if self._compiled is None:
            self._compiled = compiled_advance()
        return self._compiled

    def __getstate__(self):
        return {**super().__getstate__(), "compile": self.compile}

    def __setstate__(self, state):
        self._compiled = None
        super().__setstate__(state)
        for group in self.param_groups:
            for name, default in self.defaults.items():
                group.setdefault(name, default)
        for memory in self.state.values():
            # In old checkpoints of torch a buffer that had not begun was None, and numbers were plain ones.
            for key in [key for key, value in memory.items() if value is None]:
                del memory[key]
            memory.update({key: torch.tensor(float(x)) for key, x in memory.items() if isinstance(x, int | float)})
            if "step" in memory:
                # On the accelerator after torch's fused or capturable steps.
                memory["step"] = memory["step"].to(dtype=torch.float32, device="cpu").reshape(())
