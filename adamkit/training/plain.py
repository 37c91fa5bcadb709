"""One model, one optimizer, and a loop that you can look into after every step.

    for step, model, optimizer in plain.loop(tasks.next_character(), lambda params: torch.optim.Adam(params), steps=60):
        …
"""

from adamkit.training.data import batches


def loop(task, make_optimizer, *, steps, batch_size=16, seed=0):
    """Train a fresh model of ``task``, and hand it over after each step, its gradients still there.

    Args:
        task: a `Task`.
        make_optimizer: parameters → a torch optimizer.
        steps: how many, from 0.
        batch_size: rows a step; None for all.
        seed: of the weights and of the mini-batches.

    Yields:
        (step, model, optimizer), step counted from 1; the same two objects each time.
    """
    model = task.fresh_model(seed)
    optimizer = make_optimizer(model.parameters())
    order = batches(len(task.data.x_train), batch_size, steps, seed=seed)
    for step, rows in enumerate(order, start=1):
        optimizer.zero_grad()
        task.loss(model(task.data.x_train[rows]), task.data.y_train[rows]).backward()
        optimizer.step()
        yield step, model, optimizer
