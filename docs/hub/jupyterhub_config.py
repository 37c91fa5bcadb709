"""JupyterHub for a class that works through these notebooks on one machine.

    jupyterhub -f docs/hub/jupyterhub_config.py

docs/jupyterhub.md says what to install, what to set for how many people, and what was measured. As it stands this
file serves a closed room: everybody shares one password, and all servers run as the user who starts the hub. Nothing
then keeps one student's files from another. For anything beyond an afternoon, change the two places marked CLASS.
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]  # the checkout, readable for all and writable for none of them
STATE = Path(os.environ.get("ADAM_HUB_STATE", ROOT / "work" / "hub")).resolve()
BIN = Path(os.environ.get("ADAM_HUB_VENV", ROOT / ".venv")) / "bin"

c = get_config()  # noqa: F821 - JupyterHub defines it

# --- The hub and its proxy ---------------------------------------------------------------------------------------
STATE.mkdir(parents=True, exist_ok=True)
c.JupyterHub.bind_url = os.environ.get("ADAM_HUB_URL", "http://:8000")  # beyond a closed room: behind HTTPS
c.JupyterHub.db_url = f"sqlite:///{STATE / 'hub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(STATE / "cookie_secret")
c.ConfigurableHTTPProxy.command = os.environ.get("ADAM_HUB_PROXY", "configurable-http-proxy").split()
c.ConfigurableHTTPProxy.pid_file = str(STATE / "proxy.pid")
c.JupyterHub.concurrent_spawn_limit = 20  # a class arrives within a minute; the default lets 100 start at once

# --- Who may come in ---------------------------------------------------------------------------------------------
# CLASS: delete these three lines, and the hub asks the system for name and password (PAM). Or use `pip install
# jupyterhub-nativeauthenticator`, where people sign up and you admit them.
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = os.environ["ADAM_HUB_PASSWORD"]  # eight characters at least
c.Authenticator.allow_all = True
c.Authenticator.username_pattern = "[a-z][a-z0-9_-]{0,31}$"  # a folder is named after it

# --- Their servers -----------------------------------------------------------------------------------------------
# CLASS: with system users, `pip install jupyterhub-systemdspawner` and "systemd" here: each server then runs as its
# own user, and mem_limit and cpu_limit are kept by the kernel (cgroups). "simple" only tells them to the server.
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(STATE / "users" / "{username}")
c.Spawner.mem_limit = os.environ.get("ADAM_HUB_MEMORY", "2G")
c.Spawner.cpu_limit = 2
c.Spawner.start_timeout = c.Spawner.http_timeout = 180  # ten people who arrive together take longer than one
c.Spawner.cmd = [str(BIN / "python"), str(ROOT / "docs" / "hub" / "start_server.py")]  # copies, progress, server
c.Spawner.default_url = "/lab/tree/00_start_here.ipynb"
c.Spawner.args = [
    # Small kernel messages are sent at once, so that widgets are fluid (see adamkit/server.py).
    "--ServerApp.kernel_websocket_connection_class=adamkit.server.PromptConnection",
    "--MappingKernelManager.cull_idle_timeout=3600",  # a kernel that nobody has used for an hour is stopped …
    "--MappingKernelManager.cull_interval=300",
    "--ServerApp.shutdown_no_activity_timeout=7200",  # … and a server without kernels after two
]
if os.geteuid() == 0:
    c.Spawner.args.append("--allow-root")
c.Spawner.environment = {
    "OMP_NUM_THREADS": "1",  # ten kernels with a thread for each core would only wait for one another
    "MKL_NUM_THREADS": "1",
}
