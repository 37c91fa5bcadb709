"""What a checkpoint holds can be read again; what could not be is refused before the first step; changes are told."""

import warnings
from fractions import Fraction

import numpy as np
import pytest
import torch

from adamkit import torch_optim
from adamkit.training import checkpoints, fit

INPUTS = torch.linspace(-1, 1, 32).reshape(8, 4)
BATCHES = [(INPUTS, (INPUTS.sum(1) > 0).long())]


def cosine(step):
    return np.cos(step / np.float64(10))


OPTIMIZERS = {
    "a rate of 64 bits": lambda p: torch_optim.AdamW(p, lr=np.logspace(-4, -2, 3)[1]),
    "a rate of 32 bits": lambda p: torch_optim.AdamW(p, lr=np.float32(0.1)),
    "an array of rank 0": lambda p: torch_optim.AdamW(p, lr=np.array(0.1)),
    "a long double": lambda p: torch_optim.AdamW(p, lr=np.longdouble(0.1)),
    "inside a pair": lambda p: torch_optim.AdamW(p, betas=(np.float64(0.9), np.float32(0.99))),
    "torch's optimizer": lambda p: torch.optim.AdamW(p, lr=np.float64(0.1), weight_decay=np.float64(0.1)),
    "a tensor": lambda p: torch.optim.AdamW(p, lr=torch.tensor(0.1)),
    "an entry of the user's": lambda p: torch.optim.SGD([{"params": list(p), "named": np.str_("all"),
                                                          "sizes": np.arange(3)}], lr=0.1),
}


def trained(make, *, scheduled=False, **options):
    torch.manual_seed(0)
    model = torch.nn.Linear(4, 2)
    optimizer = make(model.parameters())
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, cosine) if scheduled else None
    fit(model, BATCHES, optimizer, schedule=schedule, device="cpu", **options)
    return model.weight.detach()


@pytest.mark.parametrize("scheduled", [False, True], ids=["constant", "scheduled"])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_numbers_of_numpys_do_not_keep_a_checkpoint_from_being_read(name, scheduled, tmp_path):
    make, path = OPTIMIZERS[name], tmp_path / "run.pt"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        whole = trained(make, steps=4, scheduled=scheduled)
        trained(make, steps=2, scheduled=scheduled, checkpoint=path)
        assert torch.equal(trained(make, steps=4, scheduled=scheduled, checkpoint=path, resume=True), whole)


def test_what_could_not_be_read_again_is_refused_before_the_first_step(tmp_path):
    path = tmp_path / "run.pt"

    def make(params):
        return torch.optim.SGD([{"params": list(params), "share": Fraction(1, 3)}], lr=0.1)

    with pytest.raises(TypeError, match=r"checkpoint\['optimizer'\].*'share'\] is Fraction\(1, 3\).*numbers, texts"):
        trained(make, steps=2, checkpoint=path)
    assert not path.exists()


def test_a_resume_says_which_settings_of_the_new_optimizer_it_does_not_take(tmp_path):
    path = tmp_path / "run.pt"
    trained(lambda p: torch_optim.AdamW(p, lr=0.1), steps=2, checkpoint=path)
    with pytest.warns(UserWarning, match=r"goes on with the checkpoint's lr=0\.1 \(given was 0\.001\)"):
        trained(lambda p: torch_optim.AdamW(p, lr=1e-3), steps=3, checkpoint=path, resume=True)


def test_a_checkpoint_of_the_first_format_is_read(tmp_path):
    """It knew one generator of the source and no epochs; see `feed.IterableFeed.restore`."""
    path = tmp_path / "run.pt"
    whole = trained(OPTIMIZERS["a tensor"], steps=4)
    trained(OPTIMIZERS["a tensor"], steps=2, checkpoint=path)
    content = checkpoints.load(path)
    begun = content["processes"][0]["feed"]["begun"]
    begun["own"] = begun.pop("generators").get("generator")
    del begun["epoch"], content["processes"][0]["feed"]["mark"]
    torch.save({**content, "version": 1}, path)
    assert torch.equal(trained(OPTIMIZERS["a tensor"], steps=4, checkpoint=path, resume=True), whole)
