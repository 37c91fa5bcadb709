"""The arithmetic of scaling: against its definitions, and against what published runs chose, where they part too."""

import math

import numpy as np
import pytest
from refusals import refused

from adamkit.theory import memory
from adamkit.theory.scaling import PUBLISHED, Run, deepseek, noise_scale, scaled

RUN = Run(batch=64, tokens=64_000, lr=1e-3, beta1=0.9, beta2=0.999, warmup=100)
BY_NAME = {run.name: run for run in PUBLISHED}


def carried(small, large):
    """The rule's rate for one published run, from another of its family, over the one that was chosen."""
    small, large = BY_NAME[small], BY_NAME[large]
    new = scaled(Run(small.batch, small.tokens, small.lr), wider=large.width / small.width, batch=large.batch)
    return new.lr / large.lr


def test_nothing_changes_where_nothing_grows():
    new = scaled(RUN)
    for name, value in vars(RUN).items():
        assert getattr(new, name) == pytest.approx(value, rel=1e-12), name


def test_four_times_the_batch_doubles_adams_rate_and_shortens_its_memory_in_steps():
    new = scaled(RUN, batch=256)
    assert new.lr == pytest.approx(2e-3)
    assert new.eps == pytest.approx(0.5e-8)
    assert (new.steps, new.warmup) == (250, 25)
    assert 1 - new.beta2 == pytest.approx(4 * (1 - RUN.beta2), rel=2e-3)  # the rule of Malladi et al., to first order
    for name in ("beta1", "beta2"):  # the half-life in rows is the same
        assert 256 / math.log(getattr(new, name)) == pytest.approx(64 / math.log(getattr(RUN, name)))


def test_four_times_the_batch_makes_sgds_rate_four_times_as_high_and_leaves_the_rest():
    new = scaled(RUN, batch=256, optimizer="SGD")
    assert (new.lr, new.beta1, new.eps) == (4e-3, RUN.beta1, RUN.eps)


def test_a_larger_batch_and_back_is_the_run_one_began_with():
    there = scaled(RUN, wider=3, batch=1000, tokens=5e6)
    back = scaled(there, wider=1 / 3, batch=RUN.batch, tokens=RUN.tokens)
    for name, value in vars(RUN).items():
        assert getattr(back, name) == pytest.approx(value, rel=1e-9), name


@pytest.mark.parametrize("optimizer", ["AdamW", "SGD"])
def test_the_decays_time_scale_stays_the_same_share_of_the_run(optimizer):
    new = scaled(RUN, wider=5, batch=640, tokens=6.4e6, optimizer=optimizer)
    assert new.timescale / new.steps == pytest.approx(RUN.timescale / RUN.steps)


def test_twice_the_width_is_half_of_adams_rate_and_leaves_sgds():
    new = scaled(RUN, wider=2)
    assert new.lr == pytest.approx(RUN.lr / 2)
    assert new.lr * new.weight_decay == pytest.approx(RUN.lr * RUN.weight_decay)
    assert scaled(RUN, wider=2, optimizer="SGD").lr == RUN.lr


def test_between_two_sizes_of_llama_and_of_deepseek_the_rule_gives_what_was_chosen_within_a_tenth():
    assert carried("LLaMA 7B", "LLaMA 65B") == pytest.approx(1)
    assert carried("DeepSeek 7B", "DeepSeek 67B") == pytest.approx(0.93, abs=0.01)


def test_gpt3_lowered_its_rate_further_than_the_rule_says():
    assert carried("GPT-3 125M", "GPT-3 175B") == pytest.approx(1.58, abs=0.01)
    assert carried("GPT-3 125M", "GPT-3 350M") == pytest.approx(1.5)


def test_llama_kept_its_rate_where_the_rule_lowers_it():
    assert carried("LLaMA 7B", "LLaMA 13B") == pytest.approx(0.8)


@pytest.mark.parametrize("name", ["DeepSeek 7B", "DeepSeek 67B"])
def test_deepseeks_fit_gives_its_own_two_runs(name):
    run = BY_NAME[name]
    lr, batch = deepseek(6 * run.parameters * run.tokens)
    assert lr == pytest.approx(run.lr, rel=0.03)
    assert batch == pytest.approx(run.batch, rel=0.05)


def test_deepseeks_fit_is_not_gpt3s_choice():
    run = BY_NAME["GPT-3 175B"]
    lr, batch = deepseek(6 * run.parameters * run.tokens)
    assert lr > 5 * run.lr
    assert batch > 3 * run.batch


def test_the_states_of_zero_are_those_of_its_paper():
    held = [memory.budget(7.5e9, devices=64, spread=stage).total / 1e9 for stage in memory.STAGES]
    np.testing.assert_allclose(held, [120, 31.4, 16.6, 1.9], atol=0.05)  # Rajbhandari et al. 2020, figure 1


def test_the_noise_scale_of_gaussian_gradients_is_found_from_two_batches():
    rng = np.random.default_rng(0)
    mean, deviations = np.full(50, 0.1), np.linspace(0.5, 1.5, 50)
    squares = [np.sum(rng.normal(mean, deviations / np.sqrt(size), size=(20_000, 50)) ** 2, axis=1).mean()
               for size in (4, 64)]
    signal, noise, scale = noise_scale(4, 64, *squares)
    assert signal == pytest.approx(0.5, rel=0.05)
    assert noise == pytest.approx(np.sum(deviations**2), rel=0.02)
    assert scale == pytest.approx(noise / signal)


def test_the_noise_scale_takes_arrays():
    signal, noise, scale = noise_scale(2, np.array([8, 32]), 3.0 + 10 / 2, 3.0 + 10 / np.array([8, 32]))
    np.testing.assert_allclose(signal, [3, 3])
    np.testing.assert_allclose(noise, [10, 10])
    np.testing.assert_allclose(scale, [10 / 3] * 2)


test_what_is_not_allowed_is_refused_in_words = refused(
    (lambda: noise_scale(8, 8, 1, 1), "small=8 must be less than large=8"),
    (lambda: noise_scale(0, 8, 1, 1), "small=0 must be finite and > 0"),
    (lambda: scaled(RUN, batch=-1), "batch=-1 must be finite and > 0"),
    (lambda: scaled(RUN, tokens=math.inf), "tokens=inf must be finite and > 0"),
    (lambda: scaled(RUN, wider=0), "wider=0 must be finite and > 0"),
    (lambda: scaled(RUN, optimizer="Lion"), "optimizer='Lion' is not one of AdamW, SGD"),
    (lambda: Run(1, 1, 0), "lr=0 must be finite and > 0"),
    (lambda: Run(1, 1, 1, beta2=1.0), "beta2=1.0 must be in \\(0, 1\\)"),
    (lambda: Run(1, 1, 1, weight_decay=-0.1), "weight_decay=-0.1 must be finite and ≥ 0"),
    (lambda: Run(1, 1, 1, warmup=math.nan), "warmup=nan must be finite and ≥ 0"),
    (lambda: deepseek(0), "compute=0 must be finite and > 0"),
)


def test_a_run_without_decay_has_no_time_scale_and_keeps_none():
    new = scaled(Run(64, 64_000, 1e-3, weight_decay=0.0), batch=128)
    assert new.weight_decay == 0
    assert new.timescale == math.inf
