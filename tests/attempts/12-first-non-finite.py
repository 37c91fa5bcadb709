"""12-first-non-finite, from its statement."""

import torch


def first_non_finite(model, inputs):
    seen, handles = [], []

    def listen(name):
        def hook(module, args, output):
            if not torch.isfinite(output).all():
                seen.append(name)

        return hook

    for name, module in model.named_modules():
        handles.append(module.register_forward_hook(listen(name)))
    model(inputs)
    for handle in handles:
        handle.remove()
    return seen[0] if seen else None

# %% right: hooks in a list
#~ seen, handles = [], [] => handles, seen = [], []

# %% right: without gradients
#~     model(inputs) =>     with torch.no_grad():\n        model(inputs)

# %% right: the sum tells
#~ not torch.isfinite(output).all() => not torch.isfinite(output.double().abs().sum())

# %% right: NaN or infinity
#~ not torch.isfinite(output).all() => torch.isnan(output).any() or torch.isinf(output).any()

# %% right: a default argument keeps the name
def first_non_finite(model, inputs):
    bad, hooks = [], []
    for name, module in model.named_modules():
        def hook(m, args, out, name=name):
            if not out.isfinite().all().item():
                bad.append(name)
        hooks.append(module.register_forward_hook(hook))
    try:
        model(inputs)
    finally:
        for h in hooks:
            h.remove()
    return next(iter(bad), None)

# %% right: names looked up by module
def first_non_finite(model, inputs):
    names = {module: name for name, module in model.named_modules()}
    bad = []

    def hook(module, args, out):
        if not torch.isfinite(out).all():
            bad.append(names[module])

    hooks = [module.register_forward_hook(hook) for module in names]
    model(inputs)
    [h.remove() for h in hooks]
    return bad[0] if bad else None

# %% right: an exception stops the pass
class Found(Exception):
    pass


def first_non_finite(model, inputs):
    def make(name):
        def hook(module, args, out):
            if not torch.isfinite(out).all():
                raise Found(name)
        return hook
    hooks = [m.register_forward_hook(make(n)) for n, m in model.named_modules()]
    try:
        model(inputs)
    except Found as found:
        return found.args[0]
    finally:
        for h in hooks:
            h.remove()

# %% right: one hook for all modules
def first_non_finite(model, inputs):
    from torch.nn.modules.module import register_module_forward_hook
    names = {id(m): n for n, m in model.named_modules()}
    bad = []

    def hook(module, args, out):
        if id(module) in names and not torch.isfinite(out).all():
            bad.append(names[id(module)])

    handle = register_module_forward_hook(hook)
    try:
        model(inputs)
    finally:
        handle.remove()
    return bad[0] if bad else None

# %% right: all verdicts in order, then the first bad one
def first_non_finite(model, inputs):
    log, hooks = [], []
    for name, module in model.named_modules():
        hooks.append(module.register_forward_hook(
            lambda m, i, o, name=name: log.append((name, bool(torch.isfinite(o).all())))))
    model(inputs)
    for h in hooks:
        h.remove()
    return next((name for name, good in log if not good), None)

# %% right: an ExitStack removes the hooks
from contextlib import ExitStack


def first_non_finite(model, inputs):
    bad = []
    with ExitStack() as stack:
        for name, module in model.named_modules():
            def hook(m, i, o, name=name):
                if not torch.isfinite(o).all():
                    bad.append(name)
            stack.enter_context(module.register_forward_hook(hook))
        model(inputs)
    return bad[0] if bad else None

# %% wrong: the last one
#~ return seen[0] if seen => return seen[-1] if seen

# %% wrong: all of them
#~ return seen[0] if seen => return seen if seen

# %% wrong: infinity unseen
#~ not torch.isfinite(output).all() => torch.isnan(output).any()

# %% wrong: NaN unseen
#~ not torch.isfinite(output).all() => torch.isinf(output).any()

# %% wrong: only where everything is bad
#~ not torch.isfinite(output).all() => not torch.isfinite(output).any()

# %% wrong: only the first row is looked at
#~ torch.isfinite(output).all() => torch.isfinite(output[0]).all()

# %% wrong: large counts as bad
#~ not torch.isfinite(output).all() => not (output.abs() < 4).all()

# %% wrong: the inputs of a module
#~ torch.isfinite(output).all() => torch.isfinite(args[0]).all()

# %% wrong: inputs and outputs
#~ not torch.isfinite(output).all() => torch.isfinite(args[0]).all() and not torch.isfinite(output).all()

# %% wrong: pre-hooks
#~ register_forward_hook(listen(name)) => register_forward_pre_hook(lambda m, a, n=name: listen(n)(m, a, a[0]))

# %% wrong: children only
#~ model.named_modules() => model.named_children()

# %% wrong: leaves only
#~     for name, module in model.named_modules(): =>     for name, module in [(n, m) for n, m in model.named_modules() if not list(m.children())]:

# %% wrong: the whole model is left out
#~     for name, module in model.named_modules(): =>     for name, module in list(model.named_modules())[1:]:

# %% wrong: blocks only
#~     for name, module in model.named_modules(): =>     for name, module in [(n, m) for n, m in model.named_modules() if list(m.children())]:

# %% wrong: linear layers only
#~     for name, module in model.named_modules(): =>     for name, module in [(n, m) for n, m in model.named_modules() if isinstance(m, torch.nn.Linear)]:

# %% wrong: hooks stay
#~         handle.remove() =>         pass

# %% wrong: one hook stays
#~     for handle in handles: =>     for handle in handles[1:]:

# %% wrong: an empty text
#~ return seen[0] if seen else None => return seen[0] if seen else ""

# %% wrong: False where all is finite
#~ return seen[0] if seen else None => return seen[0] if seen else False

# %% wrong: the class of the module
#~ seen.append(name) => seen.append(type(module).__name__)

# %% wrong: the module itself
#~ seen.append(name) => seen.append(module)

# %% wrong: every hook has the last name
def first_non_finite(model, inputs):
    bad, hooks = [], []
    for name, module in model.named_modules():
        hooks.append(module.register_forward_hook(
            lambda m, a, out: None if torch.isfinite(out).all() else bad.append(name)))
    model(inputs)
    for h in hooks:
        h.remove()
    return bad[0] if bad else None

# %% wrong: in the order of the list
def first_non_finite(model, inputs):
    good, hooks = {}, []
    for name, module in model.named_modules():
        hooks.append(module.register_forward_hook(
            lambda m, a, out, name=name: good.__setitem__(name, bool(torch.isfinite(out).all()))))
    model(inputs)
    for h in hooks:
        h.remove()
    return next((name for name, _ in model.named_modules() if not good.get(name, True)), None)

# %% wrong: the last call of a module counts
def first_non_finite(model, inputs):
    outputs, hooks = {}, []
    for name, module in model.named_modules():
        hooks.append(module.register_forward_hook(lambda m, a, o, n=name: outputs.setdefault(n, o)))
    model(inputs)
    for h in hooks:
        h.remove()
    return next((n for n, o in outputs.items() if not torch.isfinite(o).all()), None)

# %% wrong: children called by hand
def first_non_finite(model, inputs):
    x = inputs
    for name, module in model.named_children():
        x = module(x)
        if not torch.isfinite(x).all():
            return name

# %% wrong: the weights
def first_non_finite(model, inputs):
    model(inputs)
    for name, p in model.named_parameters():
        if not torch.isfinite(p).all():
            return name.rpartition(".")[0]

# %% wrong: only the result
def first_non_finite(model, inputs):
    return None if torch.isfinite(model(inputs)).all() else ""

# %% wrong: the gradients
def first_non_finite(model, inputs):
    model(inputs).sum().backward()
    for name, p in model.named_parameters():
        if p.grad is not None and not torch.isfinite(p.grad).all():
            return name.rpartition(".")[0]

# %% right: a callable object, try and finally
class Watch:
    def __init__(self, names):
        self.names, self.found = names, None
    def __call__(self, module, args, output):
        if self.found is None and (output - output).abs().sum().ne(0).item() | torch.isnan(output - output).any().item():
            self.found = (self.names[module],)
def first_non_finite(model, inputs):
    watch = Watch({m: n for n, m in model.named_modules()})
    handles = [m.register_forward_hook(watch) for m in watch.names]
    try:
        model(inputs)
    finally:
        [h.remove() for h in handles]
    return watch.found[0] if watch.found else None

# %% right: forward wrapped on each object, and unwrapped
import functools
def first_non_finite(model, inputs):
    found, names = [], dict(model.named_modules())
    for name, m in names.items():
        def wrapped(*a, _f=m.forward, _n=name, **k):
            out = _f(*a, **k)
            if not bool(torch.isfinite(out).all()):
                found.append(_n)
            return out
        m.forward = wrapped
    try:
        model(inputs)
    finally:
        for m in names.values():
            del m.forward
    return found[0] if found else None

# %% right: global hook, by id, a generator of bad names
def first_non_finite(model, inputs):
    names = {id(m): n for n, m in model.named_modules()}
    log = []
    handle = torch.nn.modules.module.register_module_forward_hook(
        lambda m, a, out: log.append((names.get(id(m)), bool(out.isfinite().all()))))
    with torch.inference_mode():
        model(inputs)
    handle.remove()
    return next((n for n, fine in log if not fine and n is not None), None)

# %% wrong: outputs kept and looked at afterwards
def first_non_finite(model, inputs):
    outs, handles = [], []
    for name, module in model.named_modules():
        handles.append(module.register_forward_hook(lambda m, a, o, n=name: outs.append((n, o))))
    model(inputs)
    for h in handles: h.remove()
    return next((n for n, o in outs if not torch.isfinite(o).all()), None)

# %% wrong: all hooks cleared, the owner's too
def first_non_finite(model, inputs):
    seen = []
    for name, module in model.named_modules():
        module.register_forward_hook(lambda m, a, o, n=name: seen.append(n) if not torch.isfinite(o).all() else None)
    model(inputs)
    for module in model.modules():
        module._forward_hooks.clear()
    return seen[0] if seen else None

# %% wrong: the hook repairs what goes on
def first_non_finite(model, inputs):
    seen, handles = [], []
    for name, module in model.named_modules():
        def hook(m, a, o, n=name):
            if not torch.isfinite(o).all():
                seen.append(n)
                return torch.nan_to_num(o)
        handles.append(module.register_forward_hook(hook))
    model(inputs)
    for h in handles: h.remove()
    return seen[-1] if seen else None

# %% wrong: names of one class are one
def first_non_finite(model, inputs):
    seen, handles = [], []
    names = {repr(m): n for n, m in model.named_modules()}
    for module in model.modules():
        handles.append(module.register_forward_hook(lambda m, a, o: seen.append(names[repr(m)]) if not torch.isfinite(o).all() else None))
    model(inputs)
    for h in handles: h.remove()
    return seen[0] if seen else None

# %% wrong: sent twice
#~ return seen[0] if seen => model(inputs)\n    return seen[0] if seen

# %% wrong: sent before the hooks are there
#~ seen, handles = [], [] => model(inputs)\n    seen, handles = [], []

# %% wrong: evaluation mode for good
#~ seen, handles = [], [] => seen, handles = model.eval() and [], []

# %% wrong: the innermost name
#~ return seen[0] if seen => return max(seen, key=lambda n: n.count(".")) if seen

# %% wrong: minus infinity is not seen
#~ not torch.isfinite(output).all() => torch.isnan(output).any() or (output == torch.inf).any()

# %% right: hooks on a copy
def first_non_finite(model, inputs):
    import copy
    twin, seen = copy.deepcopy(model), []
    for name, module in twin.named_modules():
        module.register_forward_hook(lambda m, a, o, n=name: seen.append(n) if not torch.isfinite(o).all() else None)
    twin(inputs)
    return seen[0] if seen else None

# %% right: evaluation mode for a moment
def first_non_finite(model, inputs):
    mode, found = model.training, []
    handles = [m.register_forward_hook(lambda m, a, o, n=n: found.append(n) if (o - o).any() or (o != o).any() else None)
               for n, m in model.eval().named_modules()]
    with torch.inference_mode():
        model(inputs)
    for handle in handles:
        handle.remove()
    model.train(mode)
    return next(iter(found), None)

# %% wrong: gradients are switched off, and stay off
#~     model(inputs) =>     torch.set_grad_enabled(False)\n    model(inputs)
