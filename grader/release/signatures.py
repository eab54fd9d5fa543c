"""Proves that the solutions have the functions and the signatures that the catalogue promises, without running them."""

from __future__ import annotations

import ast
from pathlib import Path

from grader.errors import UnitError
from grader.unit import Function, Unit, data_directory


def verify_solutions_match_catalogue(unit: Unit, solutions: Path | None = None) -> None:
    """Compare every function of the catalogue with its solution file.

    Args:
        unit: the catalogue.
        solutions: folder of the solution files; by default the one this package ships.

    Raises:
        UnitError: a file, function or class is missing, or a signature differs. The message names file, key and fix.
    """
    folder = solutions or data_directory("solutions")
    for exercise in unit.exercises:
        path = folder / f"{exercise.name}.py"
        try:
            tree = ast.parse(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, SyntaxError) as error:
            raise UnitError(f"{path}: exercise {exercise.name!r}: its solution cannot be read: {error}") from error
        for function in exercise.functions:
            _verify_function(tree, function, path)


def _verify_function(tree: ast.Module, function: Function, path: Path) -> None:
    if function.kind == "function":
        _verify_signature(_definition(tree, function.name, path, function), function.signature, path, function)
        return
    defined = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == function.name]
    if not defined:
        raise UnitError(f"{path}: function {function.name!r} of unit.toml: no such class; write it, or remove the entry")
    for name, signature in {"forward": f"(ctx, {function.signature[1:]}", "backward": "(ctx, grad_z)"}.items():
        method = _definition(defined[-1], name, path, function)
        if not any(isinstance(decorator, ast.Name) and decorator.id == "staticmethod" for decorator in method.decorator_list):
            raise UnitError(f"{path}:{method.lineno}: function {function.name!r} of unit.toml: {name} must be a static method; add @staticmethod")
        _verify_signature(method, signature, path, function)


def _definition(tree: ast.Module | ast.ClassDef, name: str, path: Path, function: Function) -> ast.FunctionDef:
    defined = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name]
    if not defined:
        raise UnitError(f"{path}: function {function.name!r} of unit.toml: no function {name!r} there; write it, or remove the entry")
    return defined[-1]


def _verify_signature(node: ast.FunctionDef, signature: str, path: Path, function: Function) -> None:
    try:
        promised = ast.parse(f"def {node.name}{signature}: ...").body[0]
    except SyntaxError as error:
        raise UnitError(f"unit.toml: function {function.name!r}: signature = {signature!r}: not a Python signature") from error
    # Compared as syntax trees, so that spacing and the spelling of numbers do not count.
    if ast.dump(node.args) != ast.dump(promised.args):  # type: ignore[attr-defined]  # the parsed text is one function definition
        raise UnitError(
            f"{path}:{node.lineno}: function {function.name!r} of unit.toml: signature is {node.name}({ast.unparse(node.args)}), "
            f"promised is {node.name}{signature}; change one of them"
        )
