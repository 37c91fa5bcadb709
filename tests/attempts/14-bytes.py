# %% right: the formula
def training_bytes(weight, gradient, master, state, devices):
    return weight + gradient + (master + state) / devices

# %% right: in parts
def training_bytes(weight, gradient, master, state, devices):
    whole = weight + gradient
    shared = master / devices + state / devices
    return whole + shared

# %% right: NumPy
def training_bytes(weight, gradient, master, state, devices):
    return np.dot([weight, gradient, master, state], [1, 1, 1 / devices, 1 / devices])

# %% right: a lambda
training_bytes = lambda weight, gradient, master, state, devices: sum((weight, gradient)) + sum((master, state)) / devices

# %% right: a fraction
def training_bytes(weight, gradient, master, state, devices):
    from fractions import Fraction
    f = lambda n: Fraction(float(n))
    return f(weight) + f(gradient) + (f(master) + f(state)) / f(devices)

# %% right: a common denominator
def training_bytes(weight, gradient, master, state, devices):
    return ((weight + gradient) * devices + master + state) / devices

# %% right: a 0-d array
def training_bytes(weight, gradient, master, state, devices):
    return np.asarray(weight + gradient + np.divide(master + state, devices))

# %% right: a torch number
def training_bytes(weight, gradient, master, state, devices):
    import torch
    return torch.tensor([weight, gradient, (master + state) / devices], dtype=torch.float64).sum()

# %% right: other names
def training_bytes(w, g, m, s, n):
    total = w
    total += g
    for part in (m, s):
        total += part / n
    return float(total)

# %% wrong: everything is sharded
def training_bytes(weight, gradient, master, state, devices):
    return (weight + gradient + master + state) / devices

# %% wrong: nothing is sharded
def training_bytes(weight, gradient, master, state, devices):
    return weight + gradient + master + state

# %% wrong: gradients are sharded too
def training_bytes(weight, gradient, master, state, devices):
    return weight + (gradient + master + state) / devices

# %% wrong: the state alone is sharded
def training_bytes(weight, gradient, master, state, devices):
    return weight + gradient + master + state / devices

# %% wrong: the master copy alone is sharded
def training_bytes(weight, gradient, master, state, devices):
    return weight + gradient + master / devices + state

# %% wrong: weights are sharded, gradients are not
def training_bytes(weight, gradient, master, state, devices):
    return gradient + (weight + master + state) / devices

# %% wrong: weights forgotten
def training_bytes(weight, gradient, master, state, devices):
    return gradient + (master + state) / devices

# %% wrong: gradients forgotten
def training_bytes(weight, gradient, master, state, devices):
    return weight + (master + state) / devices

# %% wrong: the copy forgotten
def training_bytes(weight, gradient, master, state, devices):
    return weight + gradient + state / devices

# %% wrong: the state forgotten
def training_bytes(weight, gradient, master, state, devices):
    return weight + gradient + master / devices

# %% wrong: two states
def training_bytes(weight, gradient, master, state, devices):
    return weight + gradient + (master + 2 * state) / devices

# %% wrong: whole bytes
def training_bytes(weight, gradient, master, state, devices):
    return weight + gradient + (master + state) // devices

# %% wrong: rounded up
def training_bytes(weight, gradient, master, state, devices):
    return weight + gradient + -(-(master + state) // devices)

# %% wrong: rounded to one digit
def training_bytes(weight, gradient, master, state, devices):
    return round(weight + gradient + (master + state) / devices, 1)

# %% wrong: a copy of four bytes, always
def training_bytes(weight, gradient, master, state, devices):
    return weight + gradient + (4 + state) / devices

# %% wrong: a state of eight bytes, always
def training_bytes(weight, gradient, master, state, devices):
    return weight + gradient + (master + 8) / devices

# %% wrong: two bytes for weights, always
def training_bytes(weight, gradient, master, state, devices):
    return 2 + gradient + (master + state) / devices

# %% wrong: gradients as wide as weights
def training_bytes(weight, gradient, master, state, devices):
    return 2 * weight + (master + state) / devices

# %% wrong: all devices together
def training_bytes(weight, gradient, master, state, devices):
    return (weight + gradient) * devices + master + state

# %% wrong: a device less
def training_bytes(weight, gradient, master, state, devices):
    return weight + gradient + (master + state) / max(devices - 1, 1)

# %% wrong: eight devices at most
def training_bytes(weight, gradient, master, state, devices):
    return weight + gradient + (master + state) / min(devices, 8)

# %% wrong: a root of the devices
def training_bytes(weight, gradient, master, state, devices):
    return weight + gradient + (master + state) / devices ** 0.5

# %% wrong: no copy where the weights are float32
def training_bytes(weight, gradient, master, state, devices):
    return weight + gradient + ((0 if weight == 4 else master) + state) / devices

# %% wrong: remembered by the devices
def training_bytes(weight, gradient, master, state, devices, seen={}):
    return seen.setdefault(devices, weight + gradient + (master + state) / devices)

# %% wrong: bits
def training_bytes(weight, gradient, master, state, devices):
    return 8 * (weight + gradient + (master + state) / devices)

# %% wrong: at least one byte of state
def training_bytes(weight, gradient, master, state, devices):
    return weight + gradient + max((master + state) / devices, 1)

# %% wrong: a single device has no copy
def training_bytes(weight, gradient, master, state, devices):
    if devices == 1:
        return weight + gradient + state
    return weight + gradient + (master + state) / devices

# %% wrong: one device divides nothing, two and more do by their power of two
def training_bytes(weight, gradient, master, state, devices):
    return weight + gradient + (master + state) / 2 ** (devices - 1).bit_length()

# %% right: shares in a list
def training_bytes(weight, gradient, master, state, devices):
    whole, shared = (weight, gradient), (master, state)
    return sum(whole) + sum(b / devices for b in shared)

# %% right: keyword-friendly, through NumPy
def training_bytes(weight, gradient, master, state, devices):
    return np.dot([1, 1, 1 / devices, 1 / devices], [weight, gradient, master, state])

# %% right: over one denominator
training_bytes = lambda weight, gradient, master, state, devices: (
    (weight + gradient) * devices + master + state) / devices

# %% wrong: the shard of a root
def training_bytes(weight, gradient, master, state, devices):
    return weight + gradient + (master**2 + state**2) ** 0.5 / devices

# %% wrong: the mean over devices of a shard of everything
def training_bytes(weight, gradient, master, state, devices):
    return (weight + gradient + master + state) / devices + weight

# %% wrong: one shard more for communication
def training_bytes(weight, gradient, master, state, devices):
    return weight + gradient + (master + state) / devices + weight / devices

# %% wrong: master and weight not both
def training_bytes(weight, gradient, master, state, devices):
    return max(weight, master / devices) + gradient + state / devices

# %% wrong: a shard's rounding to whole bytes, halves up
def training_bytes(weight, gradient, master, state, devices):
    return weight + gradient + int((master + state) / devices + 0.5)

# %% wrong: one device holds half
def training_bytes(weight, gradient, master, state, devices):
    return weight + gradient + (master + state) / max(devices, 2)

# %% wrong: no state, no copy
def training_bytes(weight, gradient, master, state, devices):
    return weight + gradient + (master + state) / devices * (state > 0)
