"""06-resume, from its statement."""
#: as of 06-resume

import copy

class Scheduler:
    def __init__(self, schedule, peak):
        self.schedule, self.peak, self.t = schedule, peak, 0
    def lr(self):
        return self.peak * self.schedule(self.t)
    def step(self):
        self.t += 1
    def state_dict(self):
        return {"t": self.t}
    def load_state_dict(self, state):
        self.t = state["t"]

# %% right: a counter
Scheduler

# %% right: a whole number of NumPy in the state
#~ self.schedule, self.peak, self.t = schedule, peak, 0 => self.schedule, self.peak, self.count = schedule, peak, np.int64(0)
#~ return self.peak * self.schedule(self.t) => return self.peak * self.schedule(int(self.count))
#~ self.t += 1 => self.count = self.count + 1
#~ return {"t": self.t} => return dict(last_epoch=self.count)
#~ self.t = state["t"] => self.count = np.int64(state["last_epoch"])

# %% right: the peak kept too
class Scheduler:
    def __init__(self, schedule, peak):
        self.schedule = schedule
        self.state = {"step": 0, "peak": peak}
    def lr(self):
        return self.state["peak"] * self.schedule(self.state["step"])
    def step(self):
        self.state["step"] += 1
    def state_dict(self):
        return dict(self.state)
    def load_state_dict(self, state):
        self.state = dict(state)

# %% right: a key that is no text
#~ return {"t": self.t} => return {0: self.t}
#~ self.t = state["t"] => (self.t,) = state.values()

# %% right: a dataclass
from dataclasses import dataclass
@dataclass
class Scheduler:
    schedule: object
    peak: float
    t: int = 0
    def lr(self):
        return self.schedule(self.t) * self.peak
    def step(self):
        self.t = self.t + 1
    def state_dict(self):
        return {"t": self.t, "version": 1}
    def load_state_dict(self, state):
        self.t = int(state["t"])

# %% right: the rate computed when it moves
class Scheduler:
    def __init__(self, schedule, peak):
        self.schedule, self.peak = schedule, peak
        self._set(0)
    def _set(self, t):
        self.t = t
        self.rate = self.peak * self.schedule(t)
    def lr(self):
        return self.rate
    def step(self):
        self._set(self.t + 1)
        return self
    def state_dict(self):
        return {"t": self.t, "rate": float(self.rate)}
    def load_state_dict(self, state):
        self._set(state["t"])

# %% right: properties, slots, a state by comprehension
class Scheduler:
    __slots__ = ("schedule", "peak", "done")
    def __init__(self, schedule, peak):
        self.schedule = schedule
        self.peak = peak
        self.done = 0.0
    def lr(self):
        return np.multiply(self.peak, self.schedule(int(self.done)))
    def step(self):
        self.done += 1.0
    def state_dict(self):
        return {name: getattr(self, name) for name in ("done",)}
    def load_state_dict(self, state):
        for name, value in state.items():
            setattr(self, name, value)

# %% right: a closure behind the class, counted in a list
class Scheduler:
    def __init__(self, schedule, peak):
        steps = []
        self.lr = lambda: peak * schedule(len(steps))
        self.step = lambda: steps.append(None)
        self.state_dict = lambda: {"steps": len(steps)}
        def load(state):
            steps[:] = [None] * state["steps"]
        self.load_state_dict = load

# %% right: everything but the schedule, as torch's LambdaLR does
class Scheduler:
    def __init__(self, schedule, peak):
        self.schedule, self.peak, self.last = schedule, peak, -1
        self.step()
    def lr(self):
        return self._last_lr
    def step(self):
        self.last += 1
        self._last_lr = self.peak * self.schedule(self.last)
    def state_dict(self):
        return {k: v for k, v in self.__dict__.items() if k != "schedule"}
    def load_state_dict(self, state):
        self.__dict__.update(state)

# %% right: the number as a text
#~ return self.peak * self.schedule(self.t) => return float(self.peak) * float(self.schedule(self.t))
#~ return {"t": self.t} => return {"t": self.t, "seen": float(self.t)}
#~ self.t = state["t"] => self.t = state.get("t", 0)

# %% wrong: asking for the rate moves it on
class Scheduler:
    def __init__(self, schedule, peak):
        self.schedule, self.peak, self.t = schedule, peak, 0
    def lr(self):
        self.t += 1
        return self.peak * self.schedule(self.t - 1)
    def step(self): ...
    def state_dict(self):
        return {"t": self.t}
    def load_state_dict(self, state):
        self.t = state["t"]

# %% wrong: a generator that gives the next rate at each question
class Scheduler:
    def __init__(self, schedule, peak):
        self.schedule, self.peak = schedule, peak
        self.load_state_dict({"t": 0})
    def run(self, t):
        while True:
            self.t = t + 1
            yield self.peak * self.schedule(t)
            t += 1
    def lr(self):
        return next(self.generator)
    def step(self):
        pass
    def state_dict(self):
        return {"t": self.t}
    def load_state_dict(self, state):
        self.t = state["t"]
        self.generator = self.run(self.t)

# %% wrong: counted on the class, begun anew by each instance
class Scheduler:
    t = 0
    def __init__(self, schedule, peak):
        self.schedule, self.peak = schedule, peak
        Scheduler.t = 0
    def lr(self):
        return self.peak * self.schedule(Scheduler.t)
    def step(self):
        Scheduler.t += 1
    def state_dict(self):
        return {"t": Scheduler.t}
    def load_state_dict(self, state):
        Scheduler.t = state["t"]

# %% wrong: a global counter
COUNT = 0
class Scheduler:
    def __init__(self, schedule, peak):
        global COUNT
        self.schedule, self.peak, COUNT = schedule, peak, 0
    def lr(self):
        return self.peak * self.schedule(COUNT)
    def step(self):
        global COUNT
        COUNT += 1
    def state_dict(self):
        return {"t": COUNT}
    def load_state_dict(self, state):
        global COUNT
        COUNT = state["t"]

# %% wrong: a counter on the class that is never begun anew
class Scheduler:
    state = {"t": 0}
    def __init__(self, schedule, peak):
        self.schedule, self.peak = schedule, peak
    def lr(self):
        return self.peak * self.schedule(self.state["t"])
    def step(self):
        self.state["t"] += 1
    def state_dict(self):
        return dict(self.state)
    def load_state_dict(self, state):
        self.state = state

# %% wrong: the living state is handed out
#~ self.schedule, self.peak, self.t = schedule, peak, 0 => self.schedule, self.peak, self.state = schedule, peak, {"t": 0}
#~ return self.peak * self.schedule(self.t) => return self.peak * self.schedule(self.state["t"])
#~ self.t += 1 => self.state["t"] += 1
#~ return {"t": self.t} => return self.state
#~ self.t = state["t"] => self.state = state

# %% right: the state handed in is kept
#~ self.schedule, self.peak, self.t = schedule, peak, 0 => self.schedule, self.peak, self.state = schedule, peak, {"t": 0}
#~ return self.peak * self.schedule(self.t) => return self.peak * self.schedule(self.state["t"])
#~ self.t += 1 => self.state["t"] += 1
#~ return {"t": self.t} => return dict(self.state)
#~ self.t = state["t"] => self.state = state

# %% right: loading takes the number out of the state
#~ self.t = state["t"] => self.t = state.pop("t")

# %% wrong: loading adds to what was walked
#~ self.t = state["t"] => self.t += state["t"]

# %% wrong: only the rate is remembered, and what follows is counted from zero
class Scheduler:
    def __init__(self, schedule, peak):
        self.schedule, self.peak, self.t, self.rate = schedule, peak, 0, peak * schedule(0)
    def lr(self):
        return self.rate
    def step(self):
        self.t += 1
        self.rate = self.peak * self.schedule(self.t)
    def state_dict(self):
        return {"rate": self.rate}
    def load_state_dict(self, state):
        self.rate = state["rate"]

# %% wrong: the rate is kept between questions until step, but not computed anew after loading
class Scheduler:
    def __init__(self, schedule, peak):
        self.schedule, self.peak, self.t = schedule, peak, 0
        self.rate = peak * schedule(0)
    def lr(self):
        return self.rate
    def step(self):
        self.t += 1
        self.rate = self.peak * self.schedule(self.t)
    def state_dict(self):
        return {"t": self.t}
    def load_state_dict(self, state):
        self.t = state["t"]

# %% wrong: the rate is multiplied up
class Scheduler:
    def __init__(self, schedule, peak):
        self.schedule, self.t, self.rate = schedule, 0, peak
    def lr(self):
        return self.rate * self.schedule(self.t)
    def step(self):
        self.rate *= self.schedule(self.t)
        self.t += 1
    def state_dict(self):
        return {"t": self.t, "rate": self.rate}
    def load_state_dict(self, state):
        self.t, self.rate = state["t"], state["rate"]

# %% wrong: counted from one
#~ self.schedule, self.peak, self.t = schedule, peak, 0 => self.schedule, self.peak, self.t = schedule, peak, 1

# %% wrong: a step too many after loading
#~ self.t = state["t"] => self.t = state["t"] + 1

# %% wrong: the peak is left out
#~ return self.peak * self.schedule(self.t) => return self.schedule(self.t)

# %% wrong: a table of a hundred rates, the last of which stays
#~ self.schedule, self.peak, self.t = schedule, peak, 0 => self.rates, self.t = [peak * schedule(t) for t in range(100)], 0
#~ return self.peak * self.schedule(self.t) => return self.rates[min(self.t, 99)]

# %% wrong: a checkpoint at step 0 counts as none
#~ self.t = state["t"] => self.t = state["t"] or self.t

# %% wrong: the state is a tuple
#~ return {"t": self.t} => return (self.t,)
#~ self.t = state["t"] => self.t = state[0]

# %% wrong: the schedule itself lies in the state
#~ return {"t": self.t} => return dict(vars(self))
#~ self.t = state["t"] => vars(self).update(state)

# %% wrong: the state remembers the object
SAVED = {}
class Scheduler:
    def __init__(self, schedule, peak):
        self.schedule, self.peak, self.t = schedule, peak, 0
    def lr(self):
        return self.peak * self.schedule(self.t)
    def step(self):
        self.t += 1
    def state_dict(self):
        SAVED[id(self)] = self
        return {"who": id(self)}
    def load_state_dict(self, state):
        self.t = SAVED[state["who"]].t

# %% wrong: step moves on by what the schedule gives
#~ self.t += 1 => self.t = (self.t + 1) % 10

# %% wrong: what is loaded is forgotten at the next step
class Scheduler:
    def __init__(self, schedule, peak):
        self.schedule, self.peak, self.steps, self.begin = schedule, peak, 0, 0
    def lr(self):
        return self.peak * self.schedule(self.begin or self.steps)
    def step(self):
        self.steps += 1
        self.begin = 0
    def state_dict(self):
        return {"t": self.begin or self.steps}
    def load_state_dict(self, state):
        self.begin = state["t"]

# %% wrong: a peak above one is cut
#~ self.schedule, self.peak, self.t = schedule, peak, 0 => self.schedule, self.peak, self.t = schedule, min(peak, 1.0), 0

# %% wrong: the schedule on the class
#~ self.schedule, self.peak, self.t = schedule, peak, 0 => Scheduler.schedule, self.peak, self.t = staticmethod(schedule), peak, 0

# %% wrong: the peak on the class
#~ self.schedule, self.peak, self.t = schedule, peak, 0 => Scheduler.peak, self.schedule, self.t = peak, schedule, 0

# %% wrong: loading is heard at the first step alone
class Scheduler:
    def __init__(self, schedule, peak):
        self.schedule, self.peak, self.t = schedule, peak, 0
    def lr(self):
        return self.peak * self.schedule(self.t)
    def step(self):
        self.t += 1
    def state_dict(self):
        return {"t": self.t}
    def load_state_dict(self, state):
        if self.t == 0:
            self.t = state["t"]

# %% wrong: never earlier than it stands
#~ self.t = state["t"] => self.t = max(self.t, state["t"])

# %% wrong: a count of eight bits
#~ self.t += 1 => self.t = (self.t + 1) % 256

# %% wrong: what is loaded a second time is not heard
#~ self.t = state["t"] => self.t = self.__dict__.setdefault("loaded", state["t"]) if "loaded" not in self.__dict__ else self.t

# %% wrong: the stored rate is given at the first question, whenever that is
#~ {"t": self.t} => {"t": self.t, "rate": self.lr()}
#~ self.t = state["t"] => self.t, self.rate = state["t"], state["rate"]
#~ return self.peak * self.schedule(self.t) => return self.__dict__.pop("rate", self.peak * self.schedule(self.t))

# %% right: a state that says how far it walked by the length of a list
#~ {"t": self.t} => {"walked": [0] * self.t}
#~ self.t = state["t"] => self.t = len(state["walked"])
