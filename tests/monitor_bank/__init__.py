"""A bank of trainings, sick and healthy, by which the training monitor is judged.

Every kind is small (a second or two on one thread), seeded, and rebuilt from what practitioners reported or recommend,
with data and models of its own, none of the clinic's in notebook 12. One half of the kinds is for writing rules, the
other for judging them; see `Kind.half`. `python tests/benchmarks/bench_monitor_bank.py` prints the tables.
"""

import importlib

from monitor_bank.kinds import KINDS, Kind, Outcome, Unwatched, monitored, run

for _file in ("sick_loop", "sick_weights", "sick_rates", "sick_schedules", "sick_numbers", "sick_models", "sick_data",
              "sick_games", "sick_outputs", "sick_paths", "sick_reports", "sick_shapes", "sick_hands",
              "healthy_classic", "healthy_optimizers", "healthy_modern", "healthy_games", "healthy_tricks",
              "healthy_objectives", "healthy_regimes", "healthy_losses", "healthy_structures"):
    importlib.import_module(f"monitor_bank.{_file}")

__all__ = ["KINDS", "Kind", "Outcome", "Unwatched", "monitored", "run"]
