"""03-rescale, from its statement."""
#: as of 03-rescale


# %% right: two runs one after the other
def rescaling_gap(make, gradients, scale):
    def run(gs):
        theta = np.zeros(2)
        opt = make([theta])
        path = []
        for g in gs:
            opt.step([g])
            path.append(theta.copy())
        return np.array(path)
    second = gradients.copy()
    second[:, 0] *= scale
    return np.abs(run(gradients) - run(second)).max()

# %% right: two runs side by side
def rescaling_gap(make, gradients, scale):
    a, b = np.zeros(2), np.zeros(2)
    first, second = make([a]), make([b])
    largest = 0.0
    for g in gradients:
        first.step([g.copy()])
        second.step([g * np.array([scale, 1.0])])
        largest = max(largest, abs(a - b).max())
    return largest

# %% right: a Python float
def rescaling_gap(make, gradients, scale):
    paths = []
    for factor in (1.0, scale):
        params = [np.array([0.0, 0.0])]
        optimizer = make(params)
        path = []
        for x, y in np.asarray(gradients).tolist():
            optimizer.step([np.array([factor * x, y])])
            path.append(tuple(params[0]))
        paths.append(path)
    return max(abs(p - q) for first, second in zip(*paths) for p, q in zip(first, second))

# %% right: a matrix of scales
def rescaling_gap(make, gradients, scale):
    def path(gs):
        x = np.zeros(2)
        step = make([x]).step
        return np.stack([(step([g]), x.copy())[1] for g in gs])
    return np.max(np.abs(path(gradients) - path(gradients @ np.diag([scale, 1.0]))))

# %% right: np.linalg.norm with ord inf
def rescaling_gap(make, gradients, scale):
    def path(factor):
        x, out = np.zeros(2), []
        o = make([x])
        for g in gradients:
            h = g.astype(float)
            h[0] = h[0] * factor
            o.step([h])
            out.append(np.array(x))
        return np.ravel(out)
    return np.linalg.norm(path(1) - path(scale), np.inf)

# %% right: an array of no axes
def rescaling_gap(make, gradients, scale):
    thetas = np.zeros((2, 2))
    rows = [thetas[0], thetas[1]]
    opts = [make([r]) for r in rows]
    gap = np.array(0.0)
    for g in gradients:
        for o, f in zip(opts, (1, scale)):
            o.step([np.array([f * g[0], g[1]])])
        gap = np.maximum(gap, np.ptp(thetas, axis=0).max())
    return gap

# %% right: the start counted too
def rescaling_gap(make, gradients, scale):
    gaps = [0.0]
    a, b = [np.zeros(2)], [np.zeros(2)]
    oa, ob = make(a), make(b)
    for k in range(len(gradients)):
        oa.step([gradients[k]])
        ob.step([np.multiply(gradients[k], (scale, 1))])
        gaps.append(np.amax(np.absolute(a[0] - b[0])))
    return sorted(gaps)[-1]

# %% right: a tensor back
def rescaling_gap(make, gradients, scale):
    import torch
    def path(f):
        x = np.zeros(2)
        o, out = make([x]), []
        for g in gradients:
            o.step([np.array([f, 1.0]) * g])
            out.append(torch.tensor(x))
        return torch.stack(out)
    return (path(1.0) - path(scale)).abs().max()

# %% wrong: coordinate 1 scaled
def rescaling_gap(make, gradients, scale):
    def path(f):
        x = np.zeros(2); o, out = make([x]), []
        for g in gradients:
            o.step([np.array([1.0, f]) * g]); out.append(x.copy())
        return np.array(out)
    return np.abs(path(1.0) - path(scale)).max()

# %% wrong: both scaled
def rescaling_gap(make, gradients, scale):
    def path(f):
        x = np.zeros(2); o, out = make([x]), []
        for g in gradients:
            o.step([f * g]); out.append(x.copy())
        return np.array(out)
    return np.abs(path(1.0) - path(scale)).max()

# %% wrong: without copies
def rescaling_gap(make, gradients, scale):
    def path(f):
        x = np.zeros(2); o, out = make([x]), []
        for g in gradients:
            o.step([np.array([f, 1.0]) * g]); out.append(x)
        return np.array(out)
    return np.abs(path(1.0) - path(scale)).max()

# %% wrong: the end only, by hand
def rescaling_gap(make, gradients, scale):
    a, b = np.zeros(2), np.zeros(2); oa, ob = make([a]), make([b])
    for g in gradients:
        oa.step([g]); ob.step([g * np.array([scale, 1])])
    return np.abs(a - b).max()

# %% wrong: coordinate 0 only
def rescaling_gap(make, gradients, scale):
    def path(f):
        x = np.zeros(2); o, out = make([x]), []
        for g in gradients:
            o.step([np.array([f, 1.0]) * g]); out.append(x.copy())
        return np.array(out)
    return np.abs(path(1.0) - path(scale))[:, 0].max()

# %% wrong: coordinate 1 only
def rescaling_gap(make, gradients, scale):
    def path(f):
        x = np.zeros(2); o, out = make([x]), []
        for g in gradients:
            o.step([np.array([f, 1.0]) * g]); out.append(x.copy())
        return np.array(out)
    return np.abs(path(1.0) - path(scale))[:, 1].max()

# %% wrong: no absolute value
def rescaling_gap(make, gradients, scale):
    def path(f):
        x = np.zeros(2); o, out = make([x]), []
        for g in gradients:
            o.step([np.array([f, 1.0]) * g]); out.append(x.copy())
        return np.array(out)
    return (path(1.0) - path(scale)).max()

# %% wrong: absolute value of the largest
def rescaling_gap(make, gradients, scale):
    def path(f):
        x = np.zeros(2); o, out = make([x]), []
        for g in gradients:
            o.step([np.array([f, 1.0]) * g]); out.append(x.copy())
        return np.array(out)
    return abs((path(1.0) - path(scale)).max())

# %% wrong: the distance
def rescaling_gap(make, gradients, scale):
    def path(f):
        x = np.zeros(2); o, out = make([x]), []
        for g in gradients:
            o.step([np.array([f, 1.0]) * g]); out.append(x.copy())
        return np.array(out)
    return np.linalg.norm(path(1.0) - path(scale), axis=1).max()

# %% wrong: the mean
def rescaling_gap(make, gradients, scale):
    def path(f):
        x = np.zeros(2); o, out = make([x]), []
        for g in gradients:
            o.step([np.array([f, 1.0]) * g]); out.append(x.copy())
        return np.array(out)
    return np.abs(path(1.0) - path(scale)).mean()

# %% wrong: the sum of both coordinates
def rescaling_gap(make, gradients, scale):
    def path(f):
        x = np.zeros(2); o, out = make([x]), []
        for g in gradients:
            o.step([np.array([f, 1.0]) * g]); out.append(x.copy())
        return np.array(out)
    return np.abs(path(1.0) - path(scale)).sum(axis=1).max()

# %% wrong: both numbers
def rescaling_gap(make, gradients, scale):
    def path(f):
        x = np.zeros(2); o, out = make([x]), []
        for g in gradients:
            o.step([np.array([f, 1.0]) * g]); out.append(x.copy())
        return np.array(out)
    return np.abs(path(1.0) - path(scale)).max(axis=0)

# %% wrong: one optimizer for both
def rescaling_gap(make, gradients, scale):
    x = np.zeros(2); o = make([x])
    def path(f):
        x[:] = 0; out = []
        for g in gradients:
            o.step([np.array([f, 1.0]) * g]); out.append(x.copy())
        return np.array(out)
    return np.abs(path(1.0) - path(scale)).max()

# %% wrong: the second run goes on where the first ended
def rescaling_gap(make, gradients, scale):
    x = np.zeros(2)
    def path(f):
        o, out = make([x]), []
        for g in gradients:
            o.step([np.array([f, 1.0]) * g]); out.append(x.copy())
        return np.array(out)
    return np.abs(path(1.0) - path(scale)).max()

# %% wrong: relative
def rescaling_gap(make, gradients, scale):
    def path(f):
        x = np.zeros(2); o, out = make([x]), []
        for g in gradients:
            o.step([np.array([f, 1.0]) * g]); out.append(x.copy())
        return np.array(out)
    a, b = path(1.0), path(scale)
    return np.abs(a - b).max() / max(np.abs(a).max(), 1e-12)

# %% wrong: divided by the scale
def rescaling_gap(make, gradients, scale):
    def path(f):
        x = np.zeros(2); o, out = make([x]), []
        for g in gradients:
            o.step([np.array([f, 1.0]) * g]); out.append(x.copy())
        return np.array(out)
    return np.abs(path(1.0) - path(scale)).max() / scale

# %% wrong: scales the gradients where they are
def rescaling_gap(make, gradients, scale):
    def path():
        x = np.zeros(2); o, out = make([x]), []
        for g in gradients:
            o.step([g]); out.append(x.copy())
        return np.array(out)
    first = path()
    gradients[:, 0] *= scale
    return np.abs(first - path()).max()

# %% wrong: not the last step
def rescaling_gap(make, gradients, scale):
    def path(f):
        x = np.zeros(2); o, out = make([x]), []
        for g in gradients[:-1]:
            o.step([np.array([f, 1.0]) * g]); out.append(x.copy())
        return np.array(out)
    return np.abs(path(1.0) - path(scale)).max() if len(gradients) > 1 else 0.0

# %% wrong: not the first step
def rescaling_gap(make, gradients, scale):
    def path(f):
        x = np.zeros(2); o, out = make([x]), []
        for g in gradients:
            o.step([np.array([f, 1.0]) * g]); out.append(x.copy())
        return np.array(out)
    return np.abs(path(1.0) - path(scale))[1:].max() if len(gradients) > 1 else 0.0

# %% wrong: starts at one
def rescaling_gap(make, gradients, scale):
    def path(f):
        x = np.ones(2); o, out = make([x]), []
        for g in gradients:
            o.step([np.array([f, 1.0]) * g]); out.append(x.copy())
        return np.array(out)
    return np.abs(path(1.0) - path(scale)).max() + 1e-6

# %% wrong: the scale of the default, 1000
def rescaling_gap(make, gradients, scale):
    def path(f):
        x = np.zeros(2); o, out = make([x]), []
        for g in gradients:
            o.step([np.array([f, 1.0]) * g]); out.append(x.copy())
        return np.array(out)
    return np.abs(path(1.0) - path(1000)).max()

# %% wrong: the gradients added, not scaled
def rescaling_gap(make, gradients, scale):
    def path(f):
        x = np.zeros(2); o, out = make([x]), []
        for g in gradients:
            o.step([np.array([f, 0.0]) + g]); out.append(x.copy())
        return np.array(out)
    return np.abs(path(0.0) - path(scale)).max()

# %% wrong: always zero
def rescaling_gap(make, gradients, scale):
    return 0.0

# %% wrong: the gap of the gradients
def rescaling_gap(make, gradients, scale):
    return np.abs(gradients[:, 0] * (scale - 1)).max()

# %% right: two generators of places
def rescaling_gap(make, gradients, scale):
    def walk(k):
        theta = np.zeros(2)
        opt = make([theta])
        for g in gradients:
            opt.step([np.diag([k, 1.0]) @ g])
            yield theta.copy()
    return max(float(np.abs(a - b).max()) for a, b in zip(walk(1.0), walk(scale)))

# %% wrong: views of the same gradient scaled in place
def rescaling_gap(make, gradients, scale):
    a, b = np.zeros(2), np.zeros(2)
    A, B = make([a]), make([b]); worst = 0
    for g in gradients:
        A.step([g]); g[0] *= scale; B.step([g]); g[0] /= scale
        worst = max(worst, np.abs(a - b).max())
    return worst
