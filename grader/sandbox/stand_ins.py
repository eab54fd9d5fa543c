"""Inert stand-ins for libraries that only show things.

A student's file may plot at its top level. Pictures are not graded, importing matplotlib takes half a second and wants a folder to write to, which
there is none; so these imports get a module that accepts everything and does nothing, whether or not the library is installed.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

NAMES = frozenset({"IPython", "matplotlib", "mpl_toolkits", "seaborn"})


class _Nothing:
    """Takes any use and answers with itself."""

    def __call__(self, *_: Any, **__: Any) -> _Nothing:
        return self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, _: Any) -> _Nothing:
        return self

    def __iter__(self) -> Iterator[_Nothing]:
        # `figure, axes = plt.subplots()` is the one place where plotting code takes an answer apart.
        return iter((self, self))

    def __enter__(self) -> _Nothing:
        return self

    def __exit__(self, *_: object) -> None:
        return None


class _InertModule(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing()


class StandInFinder(MetaPathFinder, Loader):
    """Stands first on `sys.meta_path`, and speaks for the names above and everything below them."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:  # noqa: ARG002  # the protocol's signature
        """A spec for an inert package, None for every other name."""
        return ModuleSpec(fullname, self, is_package=True) if fullname.partition(".")[0] in NAMES else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """An empty module that has every attribute."""
        return _InertModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run."""
