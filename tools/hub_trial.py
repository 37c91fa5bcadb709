"""A class on one machine, tried for real: users log in to a JupyterHub and run a notebook, all at once.

    python tools/hub_trial.py --users 10 --notebook 04_adam.ipynb --out trial.json
    python tools/hub_trial.py --users 20 --apart 3 --notebook 04_adam.ipynb

Starts the hub of docs/hub/jupyterhub_config.py on a free port with an empty state, and for each user: logs in by the
form, starts the server, reads the user's own copy of the notebook, and runs its cells to the end through the kernel's
websocket, as JupyterLab would. Meanwhile it measures memory, user by user, server and kernels apart. It needs Linux,
and jupyterhub beside the notebooks' environment (docs/jupyterhub.md). It ends everything that it started.
"""

import argparse
import json
import os
import platform
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import hub_memory
import hub_user

ROOT = Path(__file__).resolve().parent.parent
CONFIG = ROOT / "docs" / "hub" / "jupyterhub_config.py"
PATIENCE = 120  # seconds for the hub itself to come up


def main(arguments=None):
    """Run the trial, print the table, write the file; returns 1 if any cell of any user failed."""
    options = read_options(arguments)
    with tempfile.TemporaryDirectory(prefix="adam-hub-", ignore_cleanup_errors=True) as state:
        password = secrets.token_hex(8)
        url = f"http://127.0.0.1:{hub_user.free_port()}"
        hub = start_hub(state, url, password, options.log)
        try:
            wait_for(hub, url)
            result = trial(hub, url, password, options)
        finally:
            end(hub)
    print(table(result))
    if options.out:
        Path(options.out).write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return int(any(user["errors"] for user in result["users"]))


def read_options(arguments):
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--users", type=int, default=10, help="how many people at once (default: 10)")
    parser.add_argument("--apart", type=float, default=0.0,
                        help="seconds from one log-in to the next (default: 0, all at the same moment)")
    parser.add_argument("--notebook", default="04_adam.ipynb", help="what each of them runs (default: 04_adam.ipynb)")
    parser.add_argument("--out", help="file for the figures, as JSON")
    parser.add_argument("--log", default=os.devnull, help="file for the hub's messages (default: nowhere)")
    options = parser.parse_args(arguments)
    if options.users < 1 or not 0 <= options.apart <= 600:
        parser.error(f"--users={options.users} must be 1 or more, --apart={options.apart} from 0 to 600 seconds")
    return options


def start_hub(state, url, password, log):
    """The hub as a process in a session of its own, with an empty state."""
    settings = {"ADAM_HUB_STATE": state, "ADAM_HUB_URL": url, "ADAM_HUB_PASSWORD": password}
    api = f"--JupyterHub.hub_port={hub_user.free_port()}"
    proxy = f"--ConfigurableHTTPProxy.api_url=http://127.0.0.1:{hub_user.free_port()}"
    command = [sys.executable, "-m", "jupyterhub", "-f", str(CONFIG), api, proxy]
    with open(log, "ab") as file:
        return subprocess.Popen(command, cwd=state, env={**os.environ, **settings}, stdout=file, stderr=file,
                                start_new_session=True)


def wait_for(hub, url):
    """Until the hub answers, or ends."""
    end_by = time.monotonic() + PATIENCE
    while not hub_user.answers(f"{url}/hub/health"):
        if hub.poll() is not None or time.monotonic() > end_by:
            sys.exit("The hub did not come up. Run again with --log hub.log and read that file.")
        time.sleep(0.3)


def end(hub):
    """Ask the hub to stop, which stops its proxy and all servers; insist after half a minute."""
    hub.terminate()
    try:
        hub.wait(30)
    except subprocess.TimeoutExpired:
        hub.kill()


def trial(hub, url, password, options):
    """What happened, as a dict: the machine, each user's times and memory, and the whole class's peak."""
    users = [hub_user.User(f"student{number:02d}", url, password) for number in range(1, options.users + 1)]
    before = os.getloadavg()[0]
    sampler = hub_memory.Sampler(hub.pid)
    gate = threading.Barrier(len(users), timeout=900)
    started = time.monotonic()
    with sampler, ThreadPoolExecutor(len(users)) as pool:
        lessons = [pool.submit(attend, user, options.notebook, gate, sampler, number * options.apart)
                   for number, user in enumerate(users)]
        failed = [error for error in (lesson.exception() for lesson in lessons) if error is not None]
        if failed:  # the others only found the gate broken
            raise next((error for error in failed if not isinstance(error, threading.BrokenBarrierError)), failed[0])
        done = [lesson.result() for lesson in lessons]
    for person in done:
        person["memory"] = sampler.of(person["name"])
    return {
        "date": date.today().isoformat(), "machine": machine(), "apart": options.apart, "load_before": round(before, 1),
        "load_highest": round(sampler.highest_load, 1), "notebook": options.notebook,
        "seconds": round(time.monotonic() - started, 1), "users": done, "class": sampler.total(),
    }


def attend(user, notebook, gate, sampler, late):
    """A user's lesson, begun ``late`` seconds after the first one's. Where one fails, nobody waits for it: the others
    stop at the next gate.
    """
    try:
        time.sleep(late)
        return user.lesson(notebook, gate, sampler)
    except Exception:
        gate.abort()
        raise


def machine():
    """What the figures were measured on, in words that name no one's machine."""
    gib = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return f"{os.cpu_count()} cores, {gib:.0f} GiB, {platform.system()}, Python {platform.python_version()}"


def table(result):
    """The figures to read."""
    lines = [f"{result['date']}, {result['machine']}; load average {result['load_before']} before, "
             f"{result['load_highest']} at most",
             f"{len(result['users'])} users log in {result['apart']:g} s apart, "
             f"then run {result['notebook']} at once: {result['seconds']:.0f} s from first login to last cell", "",
             "user         log in  server up  notebook  cells  errors    server    kernel   (MiB, PSS at the end)"]
    for user in result["users"]:
        memory = user["memory"]
        lines.append(f"{user['name']:11s} {user['login']:6.1f} s {user['server']:7.1f} s {user['run']:7.1f} s "
                     f"{user['cells']:5d}  {user['errors']:6d}  {memory['server']:8.0f}  {memory['kernel']:8.0f}")
    whole = result["class"]
    lines += ["", f"hub and proxy: {whole['hub']:.0f} MiB; all together at most {whole['peak'] / 1024:.1f} GiB; "
              f"with the servers up and no kernel {whole['servers_only'] / 1024:.1f} GiB"]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
