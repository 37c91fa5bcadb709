"""The convolutional network that reads digits, and its training."""

import torch
from refusals import refused

from adamkit.training import data, models


def trained_a_step(model, rows=64):
    digits = data.digits(images=True)
    loss = torch.nn.functional.cross_entropy(model(digits.x_train[:rows]), digits.y_train[:rows])
    loss.backward()
    return digits, loss.item()


def test_a_network_with_batch_norm_has_the_parameters_it_names_and_learns_from_each():
    torch.manual_seed(0)
    model = models.DigitsCNN()
    assert sum(parameter.numel() for parameter in model.parameters()) == 6138
    trained_a_step(model)
    assert all(parameter.grad.abs().sum() > 0 for parameter in model.parameters())


def test_in_training_mode_rows_depend_on_their_batch_and_in_evaluation_they_do_not():
    torch.manual_seed(0)
    model = models.DigitsCNN()
    digits, _ = trained_a_step(model)
    with torch.no_grad():
        assert not torch.allclose(model(digits.x_train[:8])[:4], model(digits.x_train[:4]), atol=1e-3)
        model.eval()
        assert torch.allclose(model(digits.x_train[:8])[:4], model(digits.x_train[:4]), atol=1e-5)


def test_the_scale_of_a_convolution_before_batch_norm_does_not_matter():
    torch.manual_seed(0)
    model = models.DigitsCNN().double()
    images = data.digits(images=True, dtype=torch.float64).x_train[:32]
    with torch.no_grad():
        before = model(images)
        model[0].weight *= 10
        assert torch.allclose(model(images), before, atol=1e-3)
        plain = models.DigitsCNN(batch_norm=False).double()
        before = plain(images)
        plain[0].weight *= 10
        assert not torch.allclose(plain(images), before, atol=1e-3)


test_a_network_that_cannot_be_is_refused = refused(
    (lambda: models.DigitsCNN((16,)), "two widths"),
    (lambda: models.DigitsCNN((16, 0)), "two widths"),
    (lambda: models.DigitsCNN(classes=1), "classes=1"),
)
