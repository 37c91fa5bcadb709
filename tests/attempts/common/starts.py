"""More attempts at an optimizer: other builds, and other ways to take parameters and gradients for each other."""

# %% right: a read-write iterator over each parameter
class Attempt(Base):
    def step(self, grads):
        inner = [p.copy() for p in self.params]
        held, self.params = self.params, inner
        super().step(grads)
        self.params = held
        for p, new in zip(held, inner):
            with np.nditer([p, new], op_flags=[["readwrite"], ["readonly"]]) as pairs:
                for old, now in pairs:
                    old[...] = now
Attempt

# %% right: slots, and steps through a bound method
class Attempt:
    __slots__ = ("inner", "advance")

    def __init__(self, params, **hypers):
        self.inner = Base(params, **hypers)
        self.advance = self.inner.step

    def step(self, grads):
        self.advance(tuple(grads))
Attempt

# %% right: one object for each parameter
class Attempt:
    def __init__(self, params, **hypers):
        self.all = [Base([p], **hypers) for p in params]

    def step(self, grads):
        for one, g in zip(self.all, grads):
            one.step([g])
Attempt

# %% wrong: parameters that begin equal are taken for one
class Attempt(Base):
    def __init__(self, params, **hypers):
        super().__init__(params, **hypers)
        begun = [p.tobytes() for p in params]
        self.first = [begun.index(numbers) for numbers in begun]

    def step(self, grads):
        super().step([grads[i] for i in self.first])
Attempt

# %% wrong: the precision of the first parameter for all
class Attempt(Base):
    def __init__(self, params, **hypers):
        self.real = params
        super().__init__([p.astype(params[0].dtype) for p in params], **hypers)

    def step(self, grads):
        super().step([g.astype(self.params[0].dtype) for g in grads])
        for p, own in zip(self.real, self.params):
            p[...] = own
Attempt

# %% wrong: a weight of zero counts as pruned and stays
class Attempt(Base):
    def step(self, grads):
        pruned = [p == 0 for p in self.params]
        super().step(grads)
        for p, where in zip(self.params, pruned):
            p[where] = 0
Attempt

# %% wrong: a gradient that comes twice is taken for an echo
class Attempt(Base):
    def step(self, grads):
        before, self.before = getattr(self, "before", None), [g.copy() for g in grads]
        if before is None or not all(map(np.array_equal, before, grads)):
            super().step(grads)
Attempt

# %% wrong: the last coordinate of the last parameter stays
class Attempt(Base):
    def step(self, grads):
        kept = self.params[-1].flat[-1]
        super().step(grads)
        if self.params[-1].size > 1:
            self.params[-1].flat[-1] = kept
Attempt
