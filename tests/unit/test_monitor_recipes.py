"""The callbacks of docs/monitoring.md, run with the real packages; skipped where they are missing."""

import re

import numpy as np
import pytest
import torch

STEPS = 24


def recipe(root, title):
    """The class `Watch` of the section with this title."""
    page = (root / "docs" / "monitoring.md").read_text(encoding="utf-8")
    code = re.search(rf"## {title}\n.*?```python\n(.*?)```", page, re.DOTALL)[1]
    names = {}
    exec(code, names)
    return names["Watch"]


def rows():
    torch.manual_seed(0)
    x = torch.randn(STEPS * 8, 6)
    return x, x.sum(1, keepdim=True)


def check(readings, losses, steps=STEPS):
    """One row a step, each with its loss, and the weights move."""
    assert list(readings.step) == list(range(1, steps + 1))
    np.testing.assert_allclose(readings.loss, losses, rtol=2e-3, atol=1e-4)
    assert (readings.update_ratio > 0).all()


@pytest.mark.parametrize("parts", [1, 3])
@pytest.mark.filterwarnings("ignore")
def test_the_callback_for_lightning_reads_every_step(root, parts, tmp_path, capsys):
    lightning = pytest.importorskip("lightning")
    losses, x, y = [], *rows()

    class Regression(lightning.LightningModule):
        """A linear model that notes its losses."""

        def __init__(self):
            super().__init__()
            self.layer = torch.nn.Linear(6, 1)

        def training_step(self, batch, _):
            loss = torch.nn.functional.mse_loss(self.layer(batch[0]), batch[1])
            losses.append(loss.item())
            return loss

        def validation_step(self, batch, _):
            self.log("val_loss", torch.nn.functional.mse_loss(self.layer(batch[0]), batch[1]))

        def configure_optimizers(self):
            return torch.optim.Adam(self.parameters(), lr=1e-2)

    watch = recipe(root, "PyTorch Lightning")()
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), batch_size=8)
    trainer = lightning.Trainer(max_epochs=1, accelerator="cpu", logger=False, enable_checkpointing=False,
                                enable_progress_bar=False, enable_model_summary=False, default_root_dir=tmp_path,
                                accumulate_grad_batches=parts, gradient_clip_val=0.5, callbacks=[watch])
    trainer.fit(Regression(), loader, loader)
    readings = watch.monitor.records()
    check(readings, np.reshape(losses, (-1, parts)).mean(axis=1), STEPS // parts)
    assert np.isfinite(readings.validation).sum() == 1
    assert (readings.clipped > 0).all()
    assert (readings.gradient_norm.max(axis=1) > 0.6).all()  # those before clipping to 0.5
    assert f"{STEPS // parts} steps" in capsys.readouterr().out


@pytest.mark.filterwarnings("ignore")
def test_the_callback_for_the_trainer_reads_every_step(root, tmp_path, capsys):
    transformers = pytest.importorskip("transformers")
    pytest.importorskip("accelerate")
    losses, x, y = [], *rows()

    class Regression(torch.nn.Module):
        """A linear model that returns its loss."""

        def __init__(self):
            super().__init__()
            self.layer = torch.nn.Linear(6, 1)

        def forward(self, x, labels):
            out = self.layer(x)
            loss = torch.nn.functional.mse_loss(out, labels)
            if self.training:
                losses.append(loss.item())
            return {"loss": loss, "logits": out}

    watch = recipe(root, "Transformers' Trainer")()
    data = [{"x": a, "labels": b} for a, b in zip(x, y)]
    arguments = transformers.TrainingArguments(
        output_dir=str(tmp_path), num_train_epochs=1, per_device_train_batch_size=8, logging_steps=1, report_to=[],
        save_strategy="no", eval_strategy="epoch", disable_tqdm=True, use_cpu=True, learning_rate=1e-2)
    trainer = transformers.Trainer(model=Regression(), args=arguments, train_dataset=data, eval_dataset=data[:16],
                                   callbacks=[watch])
    trainer.train()
    readings = watch.monitor.records()
    check(readings, losses)
    assert np.isfinite(readings.validation).sum() == 1
    assert f"{STEPS} steps" in capsys.readouterr().out
