"""More attempts at 06-resume, which stand on the code that those of tests/attempts/06-resume.py share."""

# %% right: one that counts with itertools and keeps the current number
import itertools
class Scheduler:
    def __init__(self, schedule, peak):
        self.schedule, self.peak = schedule, peak
        self.load_state_dict({"n": 0})
    def lr(self):
        return self.schedule(self.now) * self.peak
    def step(self):
        self.now = next(self.numbers)
    def state_dict(self):
        return {"n": self.now}
    def load_state_dict(self, state):
        self.numbers = itertools.count(int(state["n"]))
        self.now = next(self.numbers)

# %% right: the rate kept with its number
#~ return {"t": self.t} => return {"t": self.t, "lr": float(self.lr())}

# %% right: inherits from dict
class Scheduler(dict):
    def __init__(self, schedule, peak):
        super().__init__(step=0)
        self.rate = lambda: peak * schedule(self["step"])
    def lr(self):
        return self.rate()
    def step(self):
        self["step"] += 1
    def state_dict(self):
        return {"step": self["step"]}
    def load_state_dict(self, state):
        self.update(state)

# %% wrong: what is loaded is the old one's count, shared
class Scheduler:
    counts = {}
    def __init__(self, schedule, peak):
        self.schedule, self.peak, self.key = schedule, peak, len(Scheduler.counts)
        Scheduler.counts[self.key] = 0
    def lr(self):
        return self.peak * self.schedule(Scheduler.counts[self.key])
    def step(self):
        Scheduler.counts[self.key] += 1
    def state_dict(self):
        return {"key": self.key}
    def load_state_dict(self, state):
        self.key = state["key"]

# %% wrong: steps after loading count double
#~ self.t += 1 => self.t += 1 + (getattr(self, "loaded", 0) > 0)
#~ self.t = state["t"] => self.t = self.loaded = state["t"]

# %% wrong: one step back
#~ self.t = state["t"] => self.t = max(state["t"] - 1, 0)

# %% wrong: no number above ten is written
#~ return {"t": self.t} => return {"t": min(self.t, 10)}

# %% wrong: only even numbers are written
#~ return {"t": self.t} => return {"t": self.t // 2 * 2}

# %% wrong: a hundred steps at most
#~ self.t += 1 => self.t = min(self.t + 1, 100)

# %% right: a NamedTuple for the state
from typing import NamedTuple
class State(NamedTuple):
    t: int = 0
class Scheduler:
    def __init__(self, schedule, peak):
        self.rate = lambda t: schedule(t) * peak
        self.state = State()
    def lr(self): return self.rate(self.state.t)
    def step(self): self.state = self.state._replace(t=self.state.t + 1)
    def state_dict(self): return self.state._asdict()
    def load_state_dict(self, state): self.state = State(**state)

# %% right: a float count
class Scheduler(__import__("abc").ABC):
    def __init__(self, schedule, peak): self.s, self.p, self.n = schedule, peak, 0.0
    def lr(self): return self.p * self.s(int(self.n))
    def step(self): self.n += 1.0
    def state_dict(self): return dict(n=self.n)
    def load_state_dict(self, state): self.n = state.pop("n")

# %% wrong: lr cached until the next step also after load
class Scheduler:
    def __init__(self, schedule, peak): self.schedule, self.peak, self.t, self.now = schedule, peak, 0, None
    def lr(self):
        if self.now is None: self.now = self.peak * self.schedule(self.t)
        return self.now
    def step(self): self.t += 1; self.now = None
    def state_dict(self): return {"t": self.t}
    def load_state_dict(self, state): self.t = state["t"]

# %% wrong: step only after lr
class Scheduler:
    def __init__(self, schedule, peak): self.schedule, self.peak, self.t, self.asked = schedule, peak, 0, False
    def lr(self): self.asked = True; return self.peak * self.schedule(self.t)
    def step(self):
        if self.asked: self.t += 1
        self.asked = False
    def state_dict(self): return {"t": self.t}
    def load_state_dict(self, state): self.t = state["t"]

# %% wrong: load keeps the larger
class Scheduler:
    def __init__(self, schedule, peak): self.schedule, self.peak, self.t = schedule, peak, 0
    def lr(self): return self.peak * self.schedule(self.t)
    def step(self): self.t += 1
    def state_dict(self): return {"t": self.t}
    def load_state_dict(self, state): self.t = max(self.t, state["t"])
