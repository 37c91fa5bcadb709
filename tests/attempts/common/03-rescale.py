"""More attempts at 03-rescale, which stand on the code that those of tests/attempts/03-rescale.py share."""

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

# %% wrong: a scale of zero counts as missing
def rescaling_gap(make, gradients, scale):
    a, b, worst = np.zeros(2), np.zeros(2), 0.0
    first, second = make([a]), make([b])
    for g in gradients:
        first.step([g.copy()])
        second.step([g * [scale or 1.0, 1.0]])
        worst = max(worst, np.abs(a - b).max())
    return worst

# %% wrong: whole scales
def rescaling_gap(make, gradients, scale):
    a, b, worst = np.zeros(2), np.zeros(2), 0.0
    first, second = make([a]), make([b])
    for g in gradients:
        first.step([g.copy()])
        second.step([g * [int(scale) or scale, 1.0]])
        worst = max(worst, np.abs(a - b).max())
    return worst
