"""Names what an exercise may import from beside it: the modules and packages in its folder and below."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import PurePath

from grader.intake.members import Member, Place

# Nobody nests packages deeper, and a name of thousands of parts has thousands of parents.
_MAX_PARTS = 16


def helper_modules(home: Place, scripts: Iterable[Member], reserved: Collection[str]) -> tuple[dict[str, Member], frozenset[str]]:
    """The importable modules below the folder `home`, and which names are packages (with an `__init__.py` or, holding modules, without).

    Args:
        home: the folder of the exercise's file.
        scripts: the submission's `.py` files.
        reserved: top-level names that belong to the submission's exercises; a helper of such a name is none.

    Returns:
        Modules by dotted name, a package's `__init__.py` under the package's; and the names of all packages. As in Python, a package goes
        before a module of its name, and a module before a folder without `__init__.py`.
    """
    plain: dict[str, Member] = {}
    initial: dict[str, Member] = {}
    for script in scripts:
        parts = _module_parts(home, script)
        if not parts or parts[0] in reserved:
            continue
        if parts[-1] == "__init__":
            initial[".".join(parts[:-1])] = script
        else:
            plain[".".join(parts)] = script
    initial.pop("", None)
    candidates = plain | initial
    hidden = plain.keys() - initial.keys()
    modules = {name: script for name, script in sorted(candidates.items()) if hidden.isdisjoint(_parents(name))}
    packages = (initial.keys() & modules.keys()).union(*map(_parents, modules))
    return modules, frozenset(packages)


def _module_parts(home: Place, script: Member) -> Place:
    """The parts of the dotted name under which the script can be imported from `home`; none if it cannot."""
    if script.place[: len(home)] != home or len(script.place) - len(home) > _MAX_PARTS:
        return ()
    parts = (*script.place[len(home) : -1], PurePath(script.name).stem)
    return parts if all(part.isidentifier() for part in parts) else ()


def _parents(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts))]
