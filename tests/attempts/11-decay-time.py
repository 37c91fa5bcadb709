"""11-decay-time, from its statement."""

import math

def new_decay(lr, weight_decay, rows, batch, new_lr, new_rows, new_batch):
    steps = rows / batch
    new_steps = new_rows / new_batch
    epochs = 1 / (lr * weight_decay * steps)
    return 1 / (new_lr * new_steps * epochs)

# %% right: by steps an epoch

# %% right: by ratios
def new_decay(lr, weight_decay, rows, batch, new_lr, new_rows, new_batch):
    return weight_decay * (lr / new_lr) * (rows / new_rows) * (new_batch / batch)

# %% right: the product of three stays
def new_decay(lr, weight_decay, rows, batch, new_lr, new_rows, new_batch):
    constant = lr * weight_decay * rows / batch
    return constant * new_batch / (new_rows * new_lr)

# %% right: a helper for both runs
def new_decay(lr, weight_decay, rows, batch, new_lr, new_rows, new_batch):
    def pull(eta, n, b):
        return eta * n / b
    return weight_decay * pull(lr, rows, batch) / pull(new_lr, new_rows, new_batch)

# %% right: in logarithms
def new_decay(lr, weight_decay, rows, batch, new_lr, new_rows, new_batch):
    log = math.log
    return math.exp(log(weight_decay) + log(lr) - log(new_lr) + log(rows) - log(new_rows) + log(new_batch) - log(batch))

# %% right: by a loop over factors
def new_decay(lr, weight_decay, rows, batch, new_lr, new_rows, new_batch):
    for old, new in ((lr, new_lr), (rows, new_rows), (new_batch, batch)):
        weight_decay = weight_decay * old / new
    return weight_decay

# %% right: numpy
def new_decay(lr, weight_decay, rows, batch, new_lr, new_rows, new_batch):
    return np.prod([weight_decay, lr, rows, new_batch]) / np.prod([new_lr, new_rows, batch], dtype=float)

# %% right: bisection
def new_decay(lr, weight_decay, rows, batch, new_lr, new_rows, new_batch):
    wanted = batch / (lr * weight_decay * rows)
    low, high = 1e-12, 1e6
    for _ in range(200):
        middle = math.sqrt(low * high)
        if new_batch / (new_lr * middle * new_rows) > wanted:
            low = middle
        else:
            high = middle
    return low

# %% right: the time scale in rows
def new_decay(lr, weight_decay, rows, batch, new_lr, new_rows, new_batch):
    in_rows = batch / (lr * weight_decay)
    return new_batch / (new_lr * in_rows * new_rows / rows)

# %% wrong: rows a step, not steps an epoch
#~ steps = rows / batch => steps = batch
#~ new_steps = new_rows / new_batch => new_steps = new_batch

# %% wrong: only the rows
#~ steps = rows / batch => steps = rows
#~ new_steps = new_rows / new_batch => new_steps = new_rows

# %% wrong: the new rate twice
#~ epochs = 1 / (lr * => epochs = 1 / (new_lr *

# %% wrong: the old rate twice
#~ return 1 / (new_lr * => return 1 / (lr *

# %% wrong: whole steps
#~ new_steps = new_rows / new_batch => new_steps = new_rows // new_batch
#~ steps = rows / batch => steps = rows // batch

# %% wrong: steps rounded up
#~ steps = rows / batch => steps = math.ceil(rows / batch)

# %% wrong: divided by the old steps
#~ new_steps * epochs => steps * epochs

# %% wrong: epochs left out
#~ new_steps * epochs) => new_steps)

# %% wrong: one epoch
#~ epochs = 1 / (lr * weight_decay * steps) => epochs = 1

# %% wrong: epochs upside down
#~ epochs = 1 / (lr * weight_decay * steps) => epochs = lr * weight_decay * steps

# %% wrong: without the old decay
#~ epochs = 1 / (lr * weight_decay * steps) => epochs = 1 / (lr * steps)

# %% wrong: the root of the batches
#~ new_steps = new_rows / new_batch => new_steps = new_rows / (batch * math.sqrt(new_batch / batch))

# %% wrong: the root of the rows
#~ new_steps = new_rows / new_batch => new_steps = math.sqrt(rows * new_rows) / new_batch

# %% wrong: the root of the rates
#~ return 1 / (new_lr * => return 1 / (math.sqrt(lr * new_lr) *

# %% wrong: Loshchilov and Hutter's root rule
def new_decay(lr, weight_decay, rows, batch, new_lr, new_rows, new_batch):
    return weight_decay * math.sqrt((new_batch / new_rows) / (batch / rows))

# %% wrong: the balance of the weights is kept
def new_decay(lr, weight_decay, rows, batch, new_lr, new_rows, new_batch):
    return weight_decay * new_lr / lr

# %% wrong: never more than before
#~ return 1 / (new_lr * new_steps * epochs) => return min(weight_decay, 1 / (new_lr * new_steps * epochs))

# %% wrong: never less than before
#~ return 1 / (new_lr * new_steps * epochs) => return max(weight_decay, 1 / (new_lr * new_steps * epochs))

# %% wrong: ηλ instead of λ
#~ return 1 / (new_lr * new_steps * epochs) => return 1 / (new_steps * epochs)

# %% wrong: the time scale in steps
#~ return 1 / (new_lr * new_steps * epochs) => return new_steps * epochs

# %% wrong: rounded
#~ return 1 / (new_lr * new_steps * epochs) => return round(1 / (new_lr * new_steps * epochs), 2)

# %% wrong: a per cent too large
#~ return 1 / (new_lr * new_steps * epochs) => return 1.01 / (new_lr * new_steps * epochs)

# %% right: torch, a scalar back
def new_decay(lr, weight_decay, rows, batch, new_lr, new_rows, new_batch):
    import torch
    v = torch.tensor([weight_decay, lr, rows, new_batch, 1 / new_lr, 1 / new_rows, 1 / batch], dtype=torch.float64)
    return v.prod()

# %% right: decimals
from decimal import Decimal
def new_decay(lr, weight_decay, rows, batch, new_lr, new_rows, new_batch):
    l, w, n, b, L, N, B = (Decimal(float(v)) for v in (lr, weight_decay, rows, batch, new_lr, new_rows, new_batch))
    return l * w * n * B / (b * L * N)

# %% wrong: at least a thousandth
def new_decay(lr, weight_decay, rows, batch, new_lr, new_rows, new_batch):
    return max(1e-3, weight_decay * lr * rows * new_batch / (batch * new_lr * new_rows))

# %% wrong: a decay of at most one
def new_decay(lr, weight_decay, rows, batch, new_lr, new_rows, new_batch):
    return min(1.0, weight_decay * lr * rows * new_batch / (batch * new_lr * new_rows))
