"""The simulations behind docs/calibration.md for late reports, displacement, emerging categories and the mirror."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from postflow.analysis import displacement as moves
from postflow.analysis import emerging, mirror
from postflow.analysis import simulate as sim
from postflow.analysis.checks import COVER, SEEDS, Check, noise
from postflow.analysis.delay import nowcast
from postflow.analysis.nowcasts import nowcast_sum, services
from postflow.analysis.series import dispersion


def nowcasts(runs: int) -> list[Check]:
    """Late reports with lumps, at a steady level and after a rise."""
    seeds, found = max(SEEDS, runs // 10), []
    shapes = {
        "steady": np.full(48, 20.0),
        "small, 4 a month": np.full(48, 4.0),
        "rising by half": np.linspace(16, 24, 48),
        "doubled six months ago": np.repeat([15.0, 30.0], [42, 6]),
    }
    for name, mean in shapes.items():
        for batch in (200, 20):
            hits = n = 0
            ours = bare = 0.0
            for seed in range(seeds):
                rows, truth = sim.late_reports(np.random.default_rng(1400 + seed), mean, batch=batch)
                told = nowcast(rows, truth.index[-1], max_delay=14).rows
                final = told["seized_month"].map(truth)
                hits += int(((final >= told["low"]) & (final <= told["high"])).sum())
                n += len(told)
                ours, bare = (
                    ours + (told["estimate"] - final).abs().sum(),
                    bare + (told["reported"] - final).abs().sum(),
                )
            case = f"{name}, reports {'in lumps' if batch == 20 else 'spread'}"
            bound = COVER if "doubled" not in name else None
            found.append(
                Check("month inside its interval" + ("" if bound else ", *known limit*"), case, hits, n, bound)
            )
            found.append(Check("error beside the bare counts", case, ours, 1, None, f"{ours / bare:.0%} of it"))
    return [*found, *_services(seeds)]


def _services(seeds: int) -> list[Check]:
    """A fast service and a slow one, each by its own delay, added up."""
    inner = outer = whole = n = 0
    for seed in range(seeds):
        parts = [
            sim.late_reports(np.random.default_rng(base + seed), np.full(48, mean), typical=typical)
            for base, mean, typical in ((1600, 25.0, 0.7), (2600, 15.0, 4.0))
        ]
        last = parts[0][1].index[-1]
        rows = pd.concat([part.assign(seizure_country_code=code) for code, (part, _) in zip("AB", parts, strict=True)])
        told = nowcast_sum(services(rows[rows["reported_month"] <= last], max_delay=14))
        final = told.rows["seized_month"].map(parts[0][1] + parts[1][1])
        outer += int(final.between(told.rows["low"], told.rows["high"]).sum())
        inner += int(final.between(told.rows["low_80"], told.rows["high_80"]).sum())
        whole += bool(told.low <= final.sum() <= told.high)
        n += len(final)
    case = "a fast and a slow service added up"
    return [
        Check("month inside its interval", case, outer, n, COVER),
        Check("month inside its 80 % interval", case, inner, n, (0.78, 1.0)),
        Check("sum of the months inside its interval", case, whole, seeds, COVER),
    ]


def displacements(runs: int) -> list[Check]:
    """Target falls by half; the neighbours take none, half or all of it."""
    found, runs = [], max(SEEDS, runs // 2)
    for k in (None, 5):
        for moved in (0.0, 0.5, 1.0):
            rng, level = np.random.default_rng(15), np.array([[30.0, 20.0, 40.0], [15.0, 20.0 + 15.0 * moved, 40.0]])
            told = held = claimed = 0
            for _ in range(runs):
                result = _quotient(rng, level, k)
                told += result is not None
                held += result is not None and result[1] <= -moved <= result[2]
                claimed += result is not None and result[2] < 0
            case = f"{noise(k)}, half of 30 a month gone, {moved:.0%} of it next door"
            found.append(Check("quotient inside its interval", case, held, told, COVER))
            found.append(Check("a quotient is given", case, told, runs))
            bound = (0.0, 0.025) if moved == 0 else None
            found.append(Check("displacement claimed" + (" falsely" if bound else ""), case, claimed, runs, bound))
    rng, same = np.random.default_rng(16), np.array([[30.0, 20.0, 40.0], [30.0, 20.0, 40.0]])
    nothing = sum(_quotient(rng, same, 5) is not None for _ in range(runs))
    return [*found, Check("a quotient is given where nothing changed", "NB k = 5", nothing, runs, (0.0, 0.05))]


def _quotient(rng: np.random.Generator, level: np.ndarray, k: float | None) -> tuple[float, float, float] | None:
    values = np.concatenate([sim.counts(rng, side, (12, 3), k) for side in level])
    wide = pd.DataFrame(values, columns=["AA", "BB", "CC"], index=sim.months(np.zeros(24)).index)
    result = moves.displacement(wide, wide.index[12], "AA", ["BB"])
    return (result.estimate, result.low, result.high) if result.can_say else None


def emergences(runs: int) -> list[Check]:
    """Forty categories of all sizes, nothing new; then one that rises fivefold."""
    rng, found = np.random.default_rng(17), []
    mean = np.geomspace(0.02, 20, 40)
    for k in (None, 5, 1.5):
        false = true = 0
        for _ in range(runs):
            past, now = sim.counts(rng, mean, (36, 40), k), sim.counts(rng, mean, (40,), k)
            false += bool(_flagged(now, past).any())
            now[20] = sim.counts(rng, 5 * mean[20] + 5, (1,), k)[0]
            true += bool(_flagged(now, past)[20])
        found.append(
            Check(
                "any false alarm in the list", f"{noise(k)}, 40 categories, one month on 36", false, runs, (0.0, 0.06)
            )
        )
        found.append(Check("found", f"{noise(k)}, {mean[20]:.1f} → {5 * mean[20] + 5:.1f} a month", true, runs))
    return found


def _flagged(now: np.ndarray, past: np.ndarray) -> np.ndarray:
    table = emerging.forecast(now, past, 1)
    return emerging.stands_out(table)[0]


def mirrors(runs: int) -> list[Check]:
    """Who stops it, with and without lumps."""
    rng, found = np.random.default_rng(18), []
    for sent, received in ((5, 5), (40, 10), (200, 300)):
        truth, hits = (received - sent) / (received + sent), 0
        for _ in range(runs):
            e, i = rng.poisson(sent), rng.poisson(received)
            row = mirror.asymmetry(e, i)
            hits += math.isnan(row["low"]) or row["low"] <= truth <= row["high"]
        found.append(Check("asymmetry", f"Poisson, {sent} sent side, {received} received side", hits, runs, COVER))
    return [*found, _lumpy(rng, runs)]


def _lumpy(rng: np.random.Generator, runs: int) -> Check:
    hits = 0
    for _ in range(runs):
        e, i = sim.counts(rng, 10, (24,), 3), sim.counts(rng, 20, (24,), 3)
        row = mirror.asymmetry(e.sum(), i.sum(), (dispersion(sim.months(e)) + dispersion(sim.months(i))) / 2)
        hits += row["low"] <= 1 / 3 <= row["high"]
    return Check("asymmetry, scaled by dispersion", "NB k = 3, two years of 10 and 20 a month", hits, runs, COVER)
