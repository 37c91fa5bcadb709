"""Practice in a real kernel: what a reader sees, what a tool that executes notebooks sees."""

import pytest
from jupyter_client.manager import start_new_kernel

from adamkit.practice.store import Shelf


class Notebook:
    """Runs cells in one kernel, as JupyterLab does (someone can be asked) or as a tool does (no one can)."""

    def __init__(self, client):
        self.client = client

    def run(self, source, *, reader):
        """(stdout and stderr, bundles displayed, error name) of a cell."""
        text, shown, error = [], [], []

        def hook(message):
            content = message["content"]
            if message["msg_type"] == "stream":
                text.append(content["text"])
            elif message["msg_type"] in ("execute_result", "display_data"):
                shown.append(content["data"])
            elif message["msg_type"] == "error":
                error.append(content["ename"])

        self.client.execute_interactive(
            source, allow_stdin=reader, output_hook=hook, timeout=600, stdin_hook=lambda _: None
        )
        return "".join(text), shown, (error or [""])[0]


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ADAMKIT_HOME", str(home))
        manager, client = start_new_kernel()
        try:
            yield Notebook(client)
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


START = "from adamkit import practice\nimport time, threading\nstep = practice.exercise('01-gd-step')\n"


def test_what_an_attempt_prints_appears_in_its_cell(notebook):
    text, shown, _ = notebook.run(
        START + "def f(x, g, lr):\n    print('from the reader')\n    return x - lr * g\nstep.check(f)", reader=True
    )
    assert set(text.splitlines()) == {"from the reader"}  # at each of the cases
    assert shown[0]["text/plain"].startswith("✓ 01-gd-step: passed")
    assert "rgb(" in shown[0]["text/html"]


def test_the_line_of_an_error_is_the_readers_own(notebook):
    source = START + "def f(x, g, lr):\n    step = lr * g\n    return x - stepp\nstep.check(f)"
    _, shown, error = notebook.run(source, reader=True)
    assert error == ""
    assert "in line 6: `return x - stepp`" in shown[0]["text/plain"]


def test_an_endless_loop_ends_and_the_kernel_lives_on(notebook):
    source = START + "def f(x, g, lr):\n    while True:\n        pass\nstep.check(f, seconds=0.5)"
    text, shown, error = notebook.run(source, reader=True)
    assert (text, error) == ("", "")
    assert "not done after 0.5 seconds" in shown[0]["text/plain"]
    text, _, _ = notebook.run("print([t.name for t in threading.enumerate() if 'check' in t.name])", reader=True)
    assert text == "[]\n"


def test_a_check_works_in_a_thread_beside_the_main_one(notebook):
    source = START + (
        "def f(x, g, lr):\n    while True:\n        pass\n"
        "kept = []\n"
        "t = threading.Thread(target=lambda: kept.append(step.check(f, seconds=0.3).title))\n"
        "t.start(); t.join(20); print(kept)"
    )
    text, _, _ = notebook.run(source, reader=True)
    assert text == "['Stopped: not done after 0.3 seconds']\n"


LIVES = "import numpy as np\nprint(np.arange(3).sum(), step.check(lambda x, g, lr: x - lr * g).kind)"


@pytest.mark.parametrize("call", ["exit()", "quit()", "exit(True)", "get_ipython().ask_exit()", "input()",
                                  "__import__('os')._exit(1)", "__import__('os').abort()", "display(3)",
                                  "sum(__import__('itertools').count())", "10**10**9"])
def test_the_kernel_outlives_what_an_attempt_does(notebook, call):
    _, shown, error = notebook.run(START + f"step.check(lambda x, g, lr: {call}, seconds=0.5)", reader=True)
    assert error == ""
    assert shown[-1]["text/plain"].startswith("✗")
    assert notebook.run(LIVES, reader=True)[0] == "3 passed\n"


def test_an_input_where_nobody_can_answer_is_no_stub(notebook):
    _, shown, _ = notebook.run(START + "step.check(lambda x, g, lr: input())", reader=False)
    assert "asks for input" in shown[0]["text/plain"]


def test_an_untouched_stub_is_calm_and_writes_nothing_to_stderr(notebook):
    source = START + "def f(theta, gradient, lr):\n    return ...\nstep.check(f)"
    text, shown, error = notebook.run(source, reader=False)
    assert (text, error) == ("", "")
    assert shown[0]["text/plain"] == "○ 01-gd-step: not attempted yet"


def test_a_numerical_warning_in_an_attempt_is_not_printed_in_red(notebook):
    source = START + "import numpy as np\nstep.check(lambda x, g, lr: x / np.zeros_like(x))"
    text, _, error = notebook.run(source, reader=True)
    assert (text, error) == ("", "")


def test_a_prediction_is_a_widget_beside_its_static_form(notebook):
    _, shown, _ = notebook.run("practice.predict('04-first-step')", reader=False)
    assert set(shown[0]) == {"application/vnd.jupyter.widget-view+json", "text/html", "text/plain"}


def test_a_tool_records_nothing_and_sees_nothing_of_the_reader(notebook):
    solve = "from adamkit import practice\npractice.exercise('01-largest-stable-lr').check(0.1)"
    notebook.run(solve, reader=False)
    assert "01-largest-stable-lr" not in Shelf("exercises").entries()
    notebook.run(solve, reader=True)
    assert "01-largest-stable-lr" in Shelf("exercises").entries()
    kept = "print(practice.opening_answer().history())"
    notebook.run("_ = practice.opening_answer().save('mine')", reader=True)
    assert notebook.run(kept, reader=False)[0] == "[]\n"
    assert "mine" in notebook.run(kept, reader=True)[0]
