"""A monitor for any PyTorch training, and a report of what its readings mean.

    monitor = Monitor(model, optimizer)
    for x, y in batches:
        loss = …; loss.backward(); optimizer.step(); optimizer.zero_grad()
        monitor.observe(loss=loss)
    print(monitor.report())

`Monitor` measures, `Readings` keeps what was measured, `examine` says what it means: a `Report` of `Finding` objects,
whose diseases are those of `DISEASES`. `checklist` asks what can be asked before a training begins. Needs torch and
NumPy; matplotlib for the picture only; no widget library.
"""

from adamkit.diagnostics.checklist import Checklist, checklist
from adamkit.diagnostics.examination import examine
from adamkit.diagnostics.monitor import Monitor
from adamkit.diagnostics.readings import Readings
from adamkit.diagnostics.report import CannotTell, Finding, Report
from adamkit.diagnostics.spikes import Spike, spikes
from adamkit.diagnostics.vocabulary import CAUSES, DISEASES
from adamkit.diagnostics.watch import NonFiniteWarning

__all__ = ["CAUSES", "DISEASES", "CannotTell", "Checklist", "Finding", "Monitor", "NonFiniteWarning", "Readings",
           "Report", "Spike", "checklist", "examine", "spikes"]
