"""An update rule on a surface: one path with all its readings, or thousands of settings at once.

    trajectory = run(Adam(lr=0.02), surfaces.rosenbrock(), steps=500)
    trajectory.positions, trajectory.losses, trajectory.readings["v_hat"]

    lrs, shape = grid(lr=np.logspace(-4, 0, 50), beta1=np.linspace(0, 0.99, 40))
    sweep(Adam(**lrs), surfaces.rosenbrock(), steps=300).final_loss.reshape(shape)
"""

from adamkit.descent.batch import Sweep, grid, sweep
from adamkit.descent.inputs import LIMIT, NOISES
from adamkit.descent.single import Trajectory, run

__all__ = ["LIMIT", "NOISES", "Sweep", "Trajectory", "grid", "run", "sweep"]
