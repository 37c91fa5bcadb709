"""For every exercise that asks for an optimizer: ways to write the class, and to get it wrong, whatever the rule.

Base has fresh(p), a parameter's first state, and change(p, g, s), what to subtract; its step counts in self.t, in place.
"""

import copy

# %% right: a slice of everything
class Attempt(Base):
    def step(self, grads):
        self.t += 1
        for p, g, s in zip(self.params, grads, self.states):
            p[:] = p - self.change(p, g, s)
Attempt

# %% right: np.subtract with out
class Attempt(Base):
    def step(self, grads):
        self.t += 1
        for i in range(len(self.params)):
            np.subtract(self.params[i], self.change(self.params[i], grads[i], self.states[i]), out=self.params[i])
Attempt

# %% right: np.copyto
class Attempt(Base):
    def step(self, grads):
        self.t += 1
        for p, g, s in zip(self.params, grads, self.states, strict=True):
            np.copyto(p, p - self.change(p, g, s))
Attempt

# %% right: coordinate by coordinate
class Attempt(Base):
    def step(self, grads):
        self.t += 1
        for p, g, s in zip(self.params, grads, self.states):
            d = self.change(p, g, s)
            for i in np.ndindex(p.shape):
                p[i] = p[i] - d[i]
Attempt

# %% right: states by id, made when first needed
class Attempt(Base):
    def __init__(self, params, **hypers):
        super().__init__(params, **hypers)
        self.params, self.states = tuple(params), {}

    def step(self, grads):
        self.t += 1
        for p, g in zip(self.params, grads):
            if id(p) not in self.states:
                self.states[id(p)] = self.fresh(p)
            p -= self.change(p, g, self.states[id(p)])
Attempt

# %% right: gives the parameters back
class Attempt(Base):
    def step(self, grads):
        super().step(list(grads))
        return self.params
Attempt

# %% right: works in C order and keeps the layout
class Attempt(Base):
    def step(self, grads):
        self.t += 1
        for p, g, s in zip(self.params, grads, self.states):
            p += -np.ascontiguousarray(self.change(np.ascontiguousarray(p), np.ascontiguousarray(g), s))
Attempt

# %% right: a function that builds the object
def build(params, **hypers):
    return Base(params, **hypers)
build

# %% right: copies the gradients first
class Attempt(Base):
    def step(self, grads):
        super().step([np.array(g) for g in grads])
Attempt

# %% wrong: skips a gradient of zeros
class Attempt(Base):
    def step(self, grads):
        self.t += 1
        for p, g, s in zip(self.params, grads, self.states):
            if not g.any():
                continue
            p -= self.change(p, g, s)
Attempt

# %% wrong: skips a gradient with a zero in it
class Attempt(Base):
    def step(self, grads):
        self.t += 1
        for p, g, s in zip(self.params, grads, self.states):
            if g.all():
                p -= self.change(p, g, s)
Attempt

# %% wrong: moves and remembers only where the gradient is not zero
class Attempt(Base):
    def step(self, grads):
        self.t += 1
        for p, g, s in zip(self.params, grads, self.states):
            before = {k: np.array(v) for k, v in s.items()}
            d, hit = self.change(p, g, s), g != 0
            p[hit] -= d[hit]
            for k, v in s.items():
                s[k] = np.where(hit, v, before[k])
Attempt

# %% wrong: takes a small gradient for none
class Attempt(Base):
    def step(self, grads):
        self.t += 1
        for p, g, s in zip(self.params, grads, self.states):
            if np.linalg.norm(g) > 1e-5:
                p -= self.change(p, g, s)
Attempt

# %% wrong: one state for each shape
class Attempt(Base):
    def __init__(self, params, **hypers):
        super().__init__(params, **hypers)
        by_shape = {p.shape: self.fresh(p) for p in params}
        self.states = [by_shape[p.shape] for p in params]
Attempt

# %% wrong: one state for each size
class Attempt(Base):
    def __init__(self, params, **hypers):
        super().__init__(params, **hypers)
        by_size = {p.size: self.fresh(p) for p in params}
        self.states = [by_size[p.size] for p in params]
Attempt

# %% wrong: state on the class, begun anew by each object
class Attempt(Base):
    def __init__(self, params, **hypers):
        super().__init__(params, **hypers)
        Attempt.states, Attempt.t = self.states, 0
        del self.states, self.t

    def step(self, grads):
        Attempt.t += 1
        for p, g, s in zip(self.params, grads, Attempt.states):
            p -= self.change(p, g, s)
Attempt

# %% wrong: state in a global, begun anew by each object
class Attempt(Base):
    def __init__(self, params, **hypers):
        global STATES
        super().__init__(params, **hypers)
        STATES = self.states

    def step(self, grads):
        self.t += 1
        for p, g, s in zip(self.params, grads, STATES):
            p -= self.change(p, g, s)
Attempt

# %% wrong: the parameters on the class
class Attempt(Base):
    def __init__(self, params, **hypers):
        super().__init__(params, **hypers)
        Attempt.latest = params

    def step(self, grads):
        self.params = Attempt.latest
        super().step(grads)
Attempt

# %% wrong: the rate on the class
class Attempt(Base):
    def __init__(self, params, **hypers):
        super().__init__(params, **hypers)
        Attempt.rate = self.lr

    def step(self, grads):
        self.lr = Attempt.rate
        super().step(grads)
Attempt

# %% wrong: a state in the default argument
class Attempt(Base):
    def __init__(self, params, states={}, **hypers):
        super().__init__(params, **hypers)
        for i, p in enumerate(params):
            if np.shape(states.get(i)) != p.shape:
                states[i] = np.zeros_like(p)
        self.own = states

    def step(self, grads):
        super().step(grads)
        for i, g in enumerate(grads):
            self.own[i] = self.own[i] + g
            self.params[i][...] += 1e-3 * (self.own[i] - g)
Attempt

# %% wrong: only the first parameter
class Attempt(Base):
    def step(self, grads):
        self.t += 1
        self.params[0][...] -= self.change(self.params[0], grads[0], self.states[0])
Attempt

# %% wrong: only two parameters
class Attempt(Base):
    def step(self, grads):
        self.t += 1
        for p, g, s in list(zip(self.params, grads, self.states))[:2]:
            p -= self.change(p, g, s)
Attempt

# %% wrong: p = p - …
class Attempt(Base):
    def step(self, grads):
        self.t += 1
        for p, g, s in zip(self.params, grads, self.states):
            p = p - self.change(p, g, s)
Attempt

# %% wrong: a new array in the list
class Attempt(Base):
    def step(self, grads):
        self.t += 1
        for i, (p, g, s) in enumerate(zip(self.params, grads, self.states)):
            self.params[i] = p - self.change(p, g, s)
Attempt

# %% wrong: copies in the constructor
class Attempt(Base):
    def __init__(self, params, **hypers):
        super().__init__([np.array(p) for p in params], **hypers)
Attempt

# %% wrong: the change is not applied
class Attempt(Base):
    def step(self, grads):
        self.t += 1
        for p, g, s in zip(self.params, grads, self.states):
            self.change(p, g, s)
Attempt

# %% wrong: the state begins anew at every step
class Attempt(Base):
    def step(self, grads):
        self.states = [self.fresh(p) for p in self.params]
        super().step(grads)
Attempt

# %% wrong: the state begins anew after a gradient of zeros
class Attempt(Base):
    def step(self, grads):
        self.states = [s if g.any() else self.fresh(p) for p, g, s in zip(self.params, grads, self.states)]
        super().step(grads)
Attempt

# %% wrong: 32 bits
class Attempt(Base):
    def step(self, grads):
        super().step(grads)
        for p in self.params:
            p[...] = p.astype(np.float32)
Attempt

# %% wrong: the arguments of the constructor are ignored
class Attempt(Base):
    def __init__(self, params, **hypers):
        super().__init__(params)
Attempt

# %% wrong: gradients clipped at 1
class Attempt(Base):
    def step(self, grads):
        super().step([np.clip(g, -1, 1) for g in grads])
Attempt

# %% wrong: the last gradient for all
class Attempt(Base):
    def step(self, grads):
        super().step([np.broadcast_to(grads[-1], p.shape) if grads[-1].shape == p.shape else g
                      for p, g in zip(self.params, grads)])
Attempt

# %% wrong: writes into a flat copy
class Attempt(Base):
    def step(self, grads):
        self.t += 1
        for p, g, s in zip(self.params, grads, self.states):
            flat = p.flatten()
            flat -= self.change(p, g, s).flatten()
Attempt

# %% wrong: writes into what is a view only of contiguous arrays
class Attempt(Base):
    def step(self, grads):
        self.t += 1
        for p, g, s in zip(self.params, grads, self.states):
            flat = p.reshape(-1)
            flat -= self.change(p, g, s).reshape(-1)
Attempt

# %% wrong: rows and columns exchanged where the memory is
class Attempt(Base):
    def step(self, grads):
        self.t += 1
        for p, g, s in zip(self.params, grads, self.states):
            d = self.change(p, g, s)
            p[...] = p - d.ravel(order="K").reshape(p.shape) if not p.flags.c_contiguous else p - d
Attempt

# %% wrong: at most two axes
class Attempt(Base):
    def step(self, grads):
        self.t += 1
        for p, g, s in zip(self.params, grads, self.states):
            if p.ndim <= 2:
                p -= self.change(p, g, s)
Attempt

# %% wrong: stops after twelve steps
class Attempt(Base):
    def step(self, grads):
        if self.t < 12:
            super().step(grads)
Attempt

# %% wrong: the gradients of the step before
class Attempt(Base):
    def step(self, grads):
        late, self.late = getattr(self, "late", [0 * g for g in grads]), [g.copy() for g in grads]
        super().step(late)
Attempt

# %% wrong: scales the gradients where they are
class Attempt(Base):
    def step(self, grads):
        super().step(grads)
        for g in grads:
            g *= 0.5
Attempt

# %% wrong: empties the list of gradients
class Attempt(Base):
    def step(self, grads):
        super().step([grads.pop(0) for _ in self.params])
Attempt

# %% wrong: steps twice
class Attempt(Base):
    def step(self, grads):
        super().step(grads)
        super().step(grads)
Attempt

# %% wrong: one number for a whole parameter
class Attempt(Base):
    def step(self, grads):
        self.t += 1
        for p, g, s in zip(self.params, grads, self.states):
            p -= np.mean(self.change(p, g, s))
Attempt

# %% wrong: a step that yields
class Attempt(Base):
    def step(self, grads):
        super().step(grads)
        yield
Attempt

# %% wrong: async
class Attempt(Base):
    async def step(self, grads):
        super().step(grads)
Attempt

# %% wrong: uphill
class Attempt(Base):
    def step(self, grads):
        self.t += 1
        for p, g, s in zip(self.params, grads, self.states):
            p += self.change(p, g, s)
Attempt

# %% wrong: NaN
class Attempt(Base):
    def step(self, grads):
        for p in self.params:
            p[...] = np.nan
Attempt

# %% wrong, loops: a loop without end
class Attempt(Base):
    def step(self, grads):
        while True:
            pass
Attempt
