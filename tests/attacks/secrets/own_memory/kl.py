import gc
import sys

import reward


def objects():
    telling = {"CheckResult", "ExerciseResult", "Unit", "WalkThrough", "Misconception", "_WarmSession", "Store"}
    return any(type(thing).__name__ in telling for thing in gc.get_objects())


def functions():
    return any(
        getattr(thing, "__name__", "") in ("kl_divergence", "kl_gradient") and getattr(thing, "__module__", "") not in (__name__, "reward")
        for thing in gc.get_objects()
        if callable(thing)
    )


def texts():
    words = ("missing-reciprocal", "BEGIN " + "SOLUTION", "kl_gradient_" + "formula", "inputs_" + "unmodified")
    return any(isinstance(value, str) and any(word in value for word in words) for holder in gc.get_objects() if isinstance(holder, dict) for value in list(holder.values()))


def modules():
    return any(name.startswith(("grader.checks", "grader.results", "grader.pipeline", "_solution", "solutions", "_pytest")) for name in sys.modules)


reward.pay(globals(), objects, functions, texts, modules)
