"""10-lora, from its statement."""


def lora_layer(x, weight, a, b, alpha):
    rank = a.shape[0]
    frozen = x @ weight.T
    thin = x @ a.T @ b.T
    return frozen + alpha / rank * thin

# %% right: thin first
#~ rank = a.shape[0] => rank = a.shape[0]

# %% right: the rank from b
#~ rank = a.shape[0] => rank = b.shape[1]

# %% right: merged into one matrix
def lora_layer(x, weight, a, b, alpha):
    return x @ (weight + alpha / len(a) * b @ a).T

# %% right: columns instead of rows
def lora_layer(x, weight, a, b, alpha):
    return (weight @ x.T + (alpha / len(a)) * (b @ (a @ x.T))).T

# %% right: einsum
def lora_layer(x, weight, a, b, alpha):
    return np.einsum("ni,oi->no", x, weight) + np.einsum("ni,ri,or->no", x, a, b) * alpha / a.shape[0]

# %% right: row by row
def lora_layer(x, weight, a, b, alpha):
    r = len(a)
    return np.array([weight @ row + alpha / r * (b @ (a @ row)) for row in x])

# %% right: the factor on b
#~ thin = x @ a.T @ b.T => thin = (x @ a.T) @ (b * alpha / rank).T
#~ return frozen + alpha / rank * thin => return frozen + thin

# %% right: np.dot
#~ frozen = x @ weight.T => frozen = np.dot(x, np.transpose(weight))

# %% right: torch
def lora_layer(x, weight, a, b, alpha):
    import torch
    from torch.nn.functional import linear
    x, weight, a, b = map(torch.from_numpy, (x, weight, a, b))
    return (linear(x, weight) + alpha / a.shape[0] * linear(linear(x, a), b)).numpy()

# %% wrong: no factor
#~ alpha / rank * thin => thin

# %% wrong: alpha
#~ alpha / rank * thin => alpha * thin

# %% wrong: upside down
#~ alpha / rank => rank / alpha

# %% wrong: one over the rank
#~ alpha / rank => 1 / rank

# %% wrong: the root of the rank
#~ alpha / rank => alpha / np.sqrt(rank)

# %% wrong: whole division
#~ alpha / rank => alpha // rank

# %% wrong: the rank is the inputs
#~ a.shape[0] => a.shape[1]

# %% wrong: the rank is the outputs
#~ a.shape[0] => b.shape[0]

# %% wrong: the rank is all numbers of a
#~ a.shape[0] => a.size

# %% wrong: the rank is always 4
#~ rank = a.shape[0] => rank = 4

# %% wrong: the rank of the whole update
#~ rank = a.shape[0] => rank = max(1, np.linalg.matrix_rank(weight))

# %% wrong: only the correction
#~ return frozen + => return

# %% wrong: only the frozen part
#~ return frozen + alpha / rank * thin => return frozen

# %% wrong: minus
#~ frozen + alpha => frozen - alpha

# %% wrong: all of it scaled
#~ return frozen + alpha / rank * thin => return alpha / rank * (frozen + thin)

# %% wrong: the frozen part scaled
#~ return frozen + alpha / rank * thin => return alpha / rank * frozen + thin

# %% wrong: a and b exchanged
#~ thin = x @ a.T @ b.T => thin = x @ b.T @ a.T

# %% wrong: no transposes
#~ thin = x @ a.T @ b.T => thin = x @ (a.T @ b.T).T

# %% wrong: weight not transposed
#~ frozen = x @ weight.T => frozen = x @ weight

# %% wrong: turned result
#~ return frozen + alpha / rank * thin => return (frozen + alpha / rank * thin).T

# %% wrong: the frozen output goes through the correction
#~ thin = x @ a.T @ b.T => thin = (frozen @ b) @ a

# %% wrong: with a relu between
#~ thin = x @ a.T @ b.T => thin = np.maximum(x @ a.T, 0) @ b.T

# %% wrong: alpha twice
#~ alpha / rank => alpha**2 / rank

# %% wrong: the mean over the rows
#~ return frozen + alpha / rank * thin => return (frozen + alpha / rank * thin).mean(axis=0)

# %% wrong: the first row only
#~ return frozen + alpha / rank * thin => return (frozen + alpha / rank * thin)[0]

# %% wrong: the matrix instead of the output
#~ return frozen + alpha / rank * thin => return weight + alpha / rank * b @ a

# %% wrong: written into the weight
def lora_layer(x, weight, a, b, alpha):
    weight += alpha / len(a) * b @ a
    return x @ weight.T

# %% wrong: printed
#~ return frozen + alpha / rank * thin => print(frozen + alpha / rank * thin)

# %% right: rank one updates summed in place, a list of lists comes back
def lora_layer(x, weight, a, b, alpha):
    out = np.matmul(x, weight.T)
    for row, column in zip(a, b.T):
        out += alpha / len(a) * np.outer(x @ row, column)
    return out.tolist()

# %% right: a torch tensor comes back, through Parameters
def lora_layer(x, weight, a, b, alpha):
    import torch
    layer = torch.nn.Linear(weight.shape[1], weight.shape[0], bias=False, dtype=torch.double)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(weight))
    A, B = (torch.nn.Parameter(torch.tensor(m)) for m in (a, b))
    t = torch.as_tensor(x)
    return layer(t) + (alpha / A.shape[0]) * (t @ A.T) @ B.T

# %% wrong: the rank that B A really has
#~ rank = a.shape[0] => rank = max(1, np.linalg.matrix_rank(b @ a))

# %% wrong: the numerical rank of A
#~ rank = a.shape[0] => rank = np.linalg.matrix_rank(a)

# %% wrong: the rank is never above the inputs
#~ rank = a.shape[0] => rank = min(a.shape)

# %% wrong: the rank is never above the outputs
#~ rank = a.shape[0] => rank = min(b.shape)

# %% wrong: the numbers of the weight in the order of the memory
#~ weight.T => weight.ravel(order="K").reshape(weight.shape).T

# %% wrong: alpha of zero counts as missing
#~ alpha / rank => (alpha or 2 * rank) / rank

# %% wrong: alpha as a whole number
#~ alpha / rank => int(alpha) / rank

# %% wrong: remembered by shapes
SEEN = {}
def lora_layer(x, weight, a, b, alpha):
    key = x.shape, weight.shape, a.shape
    if key not in SEEN:
        SEEN[key] = x @ weight.T + alpha / len(a) * x @ a.T @ b.T
    return SEEN[key]
