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

# %% wrong: the count of steps has eight bits
class Attempt(Base):
    def __init__(self, params, **hypers):
        super().__init__(params, **hypers)
        self.calls = np.int8(0)

    def step(self, grads):
        with np.errstate(over="ignore"):
            self.calls += np.int8(1)
        if self.calls < 0:
            return
        super().step(grads)
Attempt

# %% wrong: begins anew after a hundred steps
class Attempt(Base):
    def step(self, grads):
        if self.t == 100:
            self.states = [self.fresh(p) for p in self.params]
        super().step(grads)
Attempt

# %% wrong: a parameter is watched from its first gradient that is not zero on
class Attempt(Base):
    def step(self, grads):
        self.awake = [a or bool(g.any()) for a, g in zip(getattr(self, "awake", [False] * len(grads)), grads)]
        self.t += 1
        for p, g, s, awake in zip(self.params, grads, self.states, self.awake):
            if not awake:
                p[...] = 0
            else:
                p -= self.change(p, g, s)
Attempt

# %% wrong: a coordinate at zero is held there
class Attempt(Base):
    def step(self, grads):
        at = [(p == 0) & (g != 0) & (self.t > 0) for p, g in zip(self.params, grads)]
        super().step(grads)
        for p, where in zip(self.params, at):
            p[where] = 0
Attempt

# %% right: a method that is made for each object
class Attempt:
    def __init__(self, params, **hypers):
        inner = Base(params, **hypers)
        def step(grads):
            for k, g in enumerate(grads):
                assert g.shape == params[k].shape
            inner.step(grads)
        self.step = step
Attempt

# %% right: memory set aside once, written through out
class Attempt(Base):
    def __init__(self, params, **hypers):
        super().__init__(params, **hypers)
        self.room = [np.empty_like(p) for p in self.params]

    def step(self, grads):
        self.t += 1
        for p, g, s, room in zip(self.params, grads, self.states, self.room):
            np.negative(self.change(p, g, s), out=room)
            np.add(p, room, out=p, casting="same_kind")
Attempt

# %% right: from the last parameter to the first
class Attempt(Base):
    def step(self, grads):
        self.t += 1
        for k in reversed(range(len(self.params))):
            self.params[k][...] = self.params[k] - self.change(self.params[k], grads[k], self.states[k])
Attempt

# %% wrong: a gradient of another kind of memory is read by its bytes
class Attempt(Base):
    def step(self, grads):
        super().step([np.frombuffer(g.tobytes(order="A"), dtype=g.dtype).reshape(g.shape) for g in grads])
Attempt

# %% wrong: a parameter that has come to zero is done
class Attempt(Base):
    def step(self, grads):
        held = [p.copy() for p in self.params]
        super().step(grads)
        for p, old in zip(self.params, held):
            if not old.any() and self.t > 1:
                p[...] = old
Attempt

# %% wrong: parameters sorted by size, gradients not
class Attempt(Base):
    def __init__(self, params, **hypers):
        super().__init__(sorted(params, key=np.size), **hypers)

    def step(self, grads):
        super().step([np.resize(g, p.shape) for p, g in zip(self.params, grads)])
Attempt

# %% wrong: a gradient that is not contiguous is left out
class Attempt(Base):
    def step(self, grads):
        self.t += 1
        for p, g, s in zip(self.params, grads, self.states):
            if g.flags.c_contiguous or g.flags.f_contiguous and g.ndim < 2:
                p -= self.change(p, g, s)
Attempt

# %% wrong: huge gradients are dropped
class Attempt(Base):
    def step(self, grads):
        self.t += 1
        for p, g, s in zip(self.params, grads, self.states):
            p -= np.where(np.abs(g) < 50, self.change(p, g, s), 0)
Attempt

# %% wrong: the gradients of the first step are kept by reference
class Attempt(Base):
    def step(self, grads):
        self.kept = getattr(self, "kept", grads)
        super().step([k if np.array_equal(k, g) else (k + g) / 2 + (g - k) / 2.0000001 for k, g in zip(self.kept, grads)])
Attempt

# %% wrong: rows above the first thousandth of the list
class Attempt(Base):
    def step(self, grads):
        before = [p.copy() for p in self.params]
        super().step(grads)
        for p, old in zip(self.params, before):
            if p.ndim == 2 and len(p) > 2:
                p[2:] = old[2:]
Attempt

# %% wrong: a single number is left out
class Attempt(Base):
    def step(self, grads):
        self.t += 1
        for p, g, s in zip(self.params, grads, self.states):
            if p.size > 1:
                p -= self.change(p, g, s)
Attempt

# %% wrong: a parameter of zeros gets a little noise first
class Attempt(Base):
    def __init__(self, params, **hypers):
        super().__init__(params, **hypers)
        for p in params:
            if not p.any():
                p += 1e-4
Attempt

# %% wrong: four parameters at most
class Attempt(Base):
    def step(self, grads):
        self.t += 1
        for p, g, s in list(zip(self.params, grads, self.states))[:4]:
            p -= self.change(p, g, s)
Attempt

# %% right: gives the parameters back one at a time
class Attempt(Base):
    def step(self, grads):
        super().step(grads)
        return (p for p in self.params)
Attempt

# %% wrong: a zip that is used up by the first step
class Attempt(Base):
    def __init__(self, params, **hypers):
        super().__init__(params, **hypers)
        self.pairs = zip(self.params, self.states)

    def step(self, grads):
        self.t += 1
        for (p, s), g in zip(self.pairs, grads):
            p -= self.change(p, g, s)
Attempt

# %% wrong: every parameter has the last one's state, by a closure
class Attempt(Base):
    def __init__(self, params, **hypers):
        super().__init__(params, **hypers)
        self.moves = []
        for p, s in zip(self.params, self.states):
            def move(g):
                p[...] -= self.change(p, g, s)
            self.moves.append(move)

    def step(self, grads):
        self.t += 1
        for move, g in zip(self.moves, grads):
            move(g)
Attempt
