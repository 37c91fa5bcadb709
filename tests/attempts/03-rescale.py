"""03-rescale, from its statement."""

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

# %% right: the path of each kept as rows
def rescaling_gap(make, gradients, scale):
    def path(factor):
        theta, rows = np.zeros(2), []
        optimizer = make([theta])
        for g in np.asarray(gradients, dtype=float):
            optimizer.step([g * [factor, 1.0]])
            rows.append(theta.copy())
        return np.array(rows)
    return np.abs(np.subtract(path(1.0), path(scale))).max()

# %% right: both in zip, a running max
def rescaling_gap(make, gradients, scale):
    a, b, worst = np.zeros(2), np.zeros(2), 0.0
    one, two = make([a]), make([b])
    for g0, g1 in gradients:
        one.step([np.array([g0, g1])])
        two.step([np.array([scale * g0, g1])])
        worst = max(worst, *map(abs, (a - b).tolist()))
    return worst

# %% right: ptp over the pair
def rescaling_gap(make, gradients, scale):
    thetas = np.zeros(2), np.zeros(2)
    runs = [make([t]) for t in thetas]
    gaps = []
    for g in gradients:
        for run, k in zip(runs, (1, scale)):
            run.step([np.multiply(g, (k, 1))])
        gaps.append(np.ptp(thetas, axis=0))
    return float(np.max(gaps))

# %% wrong: one array for both, as two parameters
def rescaling_gap(make, gradients, scale):
    theta, worst = np.zeros((2, 2)), 0.0
    optimizer = make([theta])
    for g in gradients:
        optimizer.step([np.stack([g, g * [1, scale]])])
        worst = max(worst, abs(theta[0] - theta[1]).max())
    return worst

# %% wrong: a fresh start for every step
def rescaling_gap(make, gradients, scale):
    worst = 0.0
    for g in gradients:
        a, b = np.zeros(2), np.zeros(2)
        make([a]).step([g * [1.0, 1.0]])
        make([b]).step([g * [scale, 1.0]])
        worst = max(worst, abs(a - b).max())
    return worst

# %% wrong: the gap divided by the length of the path
def rescaling_gap(make, gradients, scale):
    a, b = np.zeros(2), np.zeros(2)
    one, two, gaps = make([a]), make([b]), []
    for g in gradients:
        one.step([g.copy()]), two.step([g * [scale, 1]])
        gaps.append(abs(a - b).max() / max(abs(a).max(), 1e-12))
    return max(gaps)

# %% wrong: the steps compared, not the places
def rescaling_gap(make, gradients, scale):
    a, b, worst = np.zeros(2), np.zeros(2), 0.0
    one, two = make([a]), make([b])
    for g in gradients:
        before = a.copy(), b.copy()
        one.step([g.copy()]), two.step([g * [scale, 1]])
        worst = max(worst, abs((a - before[0]) - (b - before[1])).max())
    return worst

# %% wrong: the signed largest
def rescaling_gap(make, gradients, scale):
    a, b, worst = np.zeros(2), np.zeros(2), -np.inf
    one, two = make([a]), make([b])
    for g in gradients:
        one.step([g.copy()]), two.step([g * [scale, 1]])
        worst = max(worst, (b - a).max())
    return worst

# %% wrong: a negative scale loses its sign
def rescaling_gap(make, gradients, scale):
    a, b, worst = np.zeros(2), np.zeros(2), 0.0
    one, two = make([a]), make([b])
    for g in gradients:
        one.step([g.copy()]), two.step([g * [abs(scale), 1]])
        worst = max(worst, abs(a - b).max())
    return worst

# %% wrong: twenty steps at most
def rescaling_gap(make, gradients, scale):
    a, b, worst = np.zeros(2), np.zeros(2), 0.0
    one, two = make([a]), make([b])
    for g in gradients[:20]:
        one.step([g.copy()]), two.step([g * [scale, 1]])
        worst = max(worst, abs(a - b).max())
    return worst
