"""Every path into autograd, and what must live beside it. A script: prints, as JSON, how a fork ended that took each path.

Arguments: "jail" enters the jail first. Exit codes: 0 the path was taken to its end, 3 an exception, a negative number a signal.
"""

from __future__ import annotations

import copy
import importlib
import json
import os
import resource
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import torch
import torch.utils.checkpoint
from torch.autograd import forward_ad

torch.set_num_threads(1)

x = torch.tensor([1.0, 2.0], dtype=torch.float64, requires_grad=True)
w = torch.tensor([0.5, 0.25], dtype=torch.float64)
one = torch.ones((), dtype=torch.float64)

# What a module may have put aside while it was loaded.
kept_grad, kept_backward, kept_engine = torch.autograd.grad, torch.Tensor.backward, torch._C._ImperativeEngine()
kept_level = forward_ad.enter_dual_level()
kept_dual = forward_ad.make_dual(w, torch.ones_like(w))


@torch.jit.script
def compiled(a: torch.Tensor) -> torch.Tensor:
    return a * a * a


def cubes(v: Any) -> Any:
    return v**3


def total(v: Any) -> Any:
    return (v**3).sum()


class Reparameterize(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, mu: Any, sigma: Any, epsilon: Any) -> Any:
        ctx.save_for_backward(epsilon)
        return mu + sigma * epsilon

    @staticmethod
    def backward(ctx: Any, grad_z: Any) -> Any:
        (epsilon,) = ctx.saved_tensors
        return grad_z, grad_z * epsilon, None


class WithSetupContext(torch.autograd.Function):
    @staticmethod
    def forward(mu: Any, sigma: Any, epsilon: Any) -> Any:
        return mu + sigma * epsilon

    @staticmethod
    def setup_context(ctx: Any, inputs: Any, output: Any) -> None:  # noqa: ARG004 - torch's signature
        ctx.save_for_backward(inputs[2])

    backward = Reparameterize.backward


def custom(function: Any) -> None:
    """The student's `backward` is called through its node, without the engine."""
    epsilon, cotangent = torch.randn(2, 5, dtype=torch.float64)
    mu, sigma = (torch.ones(5, dtype=torch.float64, requires_grad=True) for _ in range(2))
    z = function.apply(mu, sigma, epsilon)
    with torch.no_grad():
        grad_mu, grad_sigma, nothing = z.grad_fn.apply(cotangent)
    assert nothing is None
    assert torch.equal(grad_mu, cotangent)
    assert torch.equal(grad_sigma, cotangent * epsilon)


def walk_the_graph() -> None:
    node = (x * x).exp().grad_fn
    node.next_functions[0][0](node(torch.ones(2, dtype=torch.float64)))


def reload_python() -> None:
    importlib.reload(torch.autograd.graph)
    importlib.reload(torch.autograd.functional)
    torch.autograd.functional.vjp(total, w)


def without_old_level(path: Callable[[], Any]) -> Callable[[], Any]:
    """Forward mode does not nest: leave the level that was opened above."""

    def taken() -> None:
        forward_ad.exit_dual_level(level=kept_level)
        path()

    return taken


CLOSED: dict[str, Callable[[], Any]] = {
    "autograd.grad": lambda: torch.autograd.grad(total(x), x),
    "Tensor.backward": lambda: total(x).backward(),
    "autograd.backward": lambda: torch.autograd.backward(total(x)),
    "grad kept from before": lambda: kept_grad(total(x), x),
    "backward kept from before": lambda: kept_backward(total(x)),
    "the engine's binding": lambda: kept_engine.run_backward((total(x),), (one,), False, False, (x,), False, False),
    "a new engine object": lambda: torch._C._ImperativeEngine().run_backward((total(x),), (one,), False, False, (x,), False, False),
    "modules loaded again": reload_python,
    "checkpoint": lambda: torch.utils.checkpoint.checkpoint(total, x, use_reentrant=False).backward(),
    "functional.jacobian": lambda: torch.autograd.functional.jacobian(cubes, w),
    "functional.hessian": lambda: torch.autograd.functional.hessian(total, w),
    "functional.vjp": lambda: torch.autograd.functional.vjp(total, w),
    "functional.jvp": lambda: torch.autograd.functional.jvp(total, w, w),
    "functional.vhp": lambda: torch.autograd.functional.vhp(total, w, w),
    "func.grad": lambda: torch.func.grad(total)(w),
    "func.vjp": lambda: torch.func.vjp(total, w)[1](one),
    "func.jacrev": lambda: torch.func.jacrev(cubes)(w),
    "func.jvp": without_old_level(lambda: torch.func.jvp(total, (w,), (w,))),
    "func.jacfwd": without_old_level(lambda: torch.func.jacfwd(cubes)(w)),
    "func.hessian": without_old_level(lambda: torch.func.hessian(total)(w)),
    "func.linearize": without_old_level(lambda: torch.func.linearize(total, w)),
    "vmap of func.grad": lambda: torch.func.vmap(torch.func.grad(lambda v: v**3))(w),
    "forward_ad": without_old_level(lambda: forward_ad.make_dual(w, w) if forward_ad.enter_dual_level() >= 0 else None),
    "a level kept from before": lambda: forward_ad.make_dual(w, w),
    "a level kept from before, by its operator": lambda: torch._make_dual(w, w, level=0),
    "a dual tensor kept from before": lambda: kept_dual * kept_dual,
    "calling nodes by hand": walk_the_graph,
    "calling a leaf's node": lambda: (x * 2).grad_fn.next_functions[0][0](torch.ones(2, dtype=torch.float64)),
    "differentiating a compiled graph": lambda: torch._C._jit_differentiate(compiled.graph),
}

OPEN: dict[str, Callable[[], Any]] = {
    "arithmetic": lambda: (w @ w).exp().log() + torch.linalg.inv(torch.eye(2, dtype=torch.float64)).sum(),
    "recording a graph": lambda: total(x).detach().numpy(),
    "leaves": lambda: torch.ones(2, requires_grad=True).clone(),
    "no_grad": lambda: torch.no_grad()(lambda: x.add_(1))(),
    "inference_mode": lambda: torch.inference_mode()(lambda: w * 2)(),
    "vmap": lambda: torch.func.vmap(torch.sin)(w),
    "vmap of a leaf": lambda: torch.func.vmap(lambda v: v * 2)(x),
    "numerical gradient": lambda: torch.gradient(w),
    "formulas of derivatives": lambda: torch.ops.aten.tanh_backward(w, w),
    "distributions": lambda: torch.distributions.Normal(w, w).log_prob(w),
    "copies": lambda: copy.deepcopy(w),
    "a custom Function": lambda: custom(Reparameterize),
    "a custom Function with setup_context": lambda: custom(WithSetupContext),
    "calling a compiled function": lambda: compiled(w),
}


def ended(prepared: Any, gate: Any, path: Callable[[], Any], *, shut: bool = True) -> int:
    read_end, write_end = os.pipe()
    door = gate.door()
    if shut:
        door.shut()
    pid = os.fork()
    if pid == 0:
        door.hang()
        if prepared is not None:
            jail.enter(prepared, write_end)
        try:
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0)) if prepared is None else None
            path()
        except BaseException:  # noqa: BLE001 - an answer like any other
            traceback.print_exc()
            os._exit(3)
        os._exit(0)
    os.close(read_end)
    os.close(write_end)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    door.discard()
    return code


if __name__ == "__main__":
    import torch._dynamo  # torch.func imports it at its first use; once here instead of once a fork

    from grader.sandbox import jail, no_autograd

    found = no_autograd.find()
    prepared = jail.prepare(1024) if "jail" in sys.argv else None
    report = {
        "closed": {name: ended(prepared, found, path) for name, path in CLOSED.items()},
        "closed, before": {name: ended(prepared, found, path, shut=False) for name, path in CLOSED.items()},
        "open": {name: ended(prepared, found, path) for name, path in OPEN.items()},
    }
    print(json.dumps(report))  # noqa: T201 - the script's answer
