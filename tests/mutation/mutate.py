"""Makes mutants of the solutions: copies of a file with one small mistake each.

The mistakes are those of the hand: an operator, a constant, a sign, an axis, the order of two things, a function taken for its neighbour, a term left
out, one variable written for another. `mutants` yields all of them for a file. A mutant's name is its function, its line as it reads in the source,
and the change: none of them moves when other lines do.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add, ast.Mult),
    ast.Mult: (ast.Add, ast.Div),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.Pow: (ast.Mult, ast.Add),
}
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq, ast.GtE),
    ast.Lt: (ast.LtE, ast.Gt),
}
NEIGHBOURS = {
    "broadcast_shapes": ("maximum",),
    "exp": ("expm1", "log"),
    "expm1": ("exp", "log1p"),
    "log": ("log1p", "log2", "exp"),
    "log1p": ("log", "expm1"),
    "minimum": ("maximum",),
    "ndim": ("size",),
    "randn": ("rand", "zeros", "ones"),
    "shape": ("size",),
    "sign": ("abs", "negative"),
    "standard_normal": ("random", "standard_exponential", "standard_cauchy"),
    "sum": ("mean", "prod", "max"),
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mistake in one top-level definition.

    `line` is the line of the source it begins on, `change` what became what, `definition` the mutated function or class.
    """

    file: str
    function: str
    line: str
    change: str
    definition: str


def mutants(path: Path) -> Iterator[Mutant]:
    """All mutants of a file, each once, in the order of the source."""
    source = path.read_text(encoding="utf-8")
    lines = source.splitlines()
    for top in _definitions(source):
        seen = {ast.unparse(top)}
        names: Counter[tuple[str, str]] = Counter()
        for old, new, change in _changes(top):
            definition = _with(top, old, new)
            if definition not in seen and _compiles(definition):
                seen.add(definition)
                line = lines[old.lineno - 1].strip()
                names[line, change] += 1
                again = names[line, change]
                yield Mutant(path.name, top.name, line, change if again == 1 else f"{change} ({again})", definition)


def with_definitions(path: Path, definitions: Mapping[str, str]) -> str:
    """The file's source with some of its functions and classes replaced."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return "\n\n".join(definitions.get(getattr(part, "name", ""), ast.unparse(part)) for part in tree.body)


def callers(path: Path) -> dict[str, frozenset[str]]:
    """For each top-level definition: itself and those whose code mentions it, directly or through another."""
    tops = _definitions(path.read_text(encoding="utf-8"))
    uses = {top.name: {node.id for node in ast.walk(top) if isinstance(node, ast.Name)} | {top.name} for top in tops}
    for _ in tops:
        uses = {name: used.union(*(uses[other] for other in used if other in uses)) for name, used in uses.items()}
    return {name: frozenset(other for other, used in uses.items() if name in used) for name in uses}


def _definitions(source: str) -> list[ast.FunctionDef | ast.ClassDef]:
    return [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef | ast.ClassDef)]


def _with(top: ast.AST, old: ast.AST, new: ast.AST) -> str:
    """The definition with one node replaced: all others are copied, so that this one can be told by its identity."""
    return ast.unparse(ast.fix_missing_locations(_Swap(old, new).visit(copy.deepcopy(top, {id(old): old}))))


class _Swap(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)


def _compiles(source: str) -> bool:
    try:
        compile(source, "mutant", "exec")
    except SyntaxError:
        return False
    return True


def _changes(top: ast.stmt) -> Iterator[tuple[ast.AST, ast.AST, str]]:
    for function in [node for node in ast.walk(top) if isinstance(node, ast.FunctionDef)]:
        parameters = [argument.arg for argument in function.args.args if argument.arg not in ("ctx", "self")]
        body = function.body[1:] if ast.get_docstring(function) is not None else function.body
        for node in [node for part in (*function.args.defaults, *body) for node in ast.walk(part)]:
            if isinstance(node, ast.Expr):
                yield node, ast.Pass(), f"{ast.unparse(node)} -> pass"
            elif isinstance(node, ast.expr) and not isinstance(getattr(node, "ctx", None), ast.Store):
                for new in _replacements(node, parameters):
                    yield node, new, f"{ast.unparse(node)} -> {ast.unparse(new)}"
            elif isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Tuple):
                yield node.value, _negative(node.value), f"{ast.unparse(node.value)} -> {ast.unparse(_negative(node.value))}"


def _replacements(node: ast.expr, parameters: list[str]) -> Iterator[ast.expr]:
    match node:
        case ast.BinOp():
            yield from _binary(node)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            yield operand
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            yield from (ast.Constant(value) for value in _numbers(number))
        case ast.Compare(ops=[operator]):
            yield from (_changed(node, ops=[other()]) for other in COMPARISONS.get(type(operator), ()))
        case ast.Call():
            yield from _calls(node)
        case ast.Tuple(elts=elements):
            yield from _tuples(elements)
        case ast.Name(id=name) if name in parameters:
            yield from (ast.Name(other, ast.Load()) for other in parameters if other != name)
        case ast.ListComp(generators=[generator]) if generator.ifs:
            yield _changed(node, generators=[_changed(generator, ifs=[])])


def _binary(node: ast.BinOp) -> Iterator[ast.expr]:
    for other in OPERATORS.get(type(node.op), ()):
        yield _changed(node, op=other())
    yield node.left
    yield node.right
    if not isinstance(node.op, ast.Add | ast.Mult):
        yield _changed(node, left=node.right, right=node.left)


def _numbers(number: float) -> Iterator[float]:
    """Twice, half, the negative, nothing, one more; whole numbers stay whole, because many of them are sizes and axes."""
    half = number / 2 if isinstance(number, float) or number % 2 else number // 2
    for value in dict.fromkeys((number * 2, half, -number, type(number)(0), number + 1)):
        if value != number:
            yield value


def _calls(node: ast.Call) -> Iterator[ast.expr]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else None
    if isinstance(node.func, ast.Attribute):
        for other in NEIGHBOURS.get(name or "", ()):
            yield _changed(node, func=_changed(node.func, attr=other))
    plain = [argument for argument in node.args if not isinstance(argument, ast.Starred)]
    if len(plain) == len(node.args) == 1:
        yield plain[0]
    for index in range(len(node.args) - 1):
        arguments = list(node.args)
        arguments[index : index + 2] = reversed(arguments[index : index + 2])
        yield _changed(node, args=arguments)
    for keyword in node.keywords:
        yield _changed(node, keywords=[other for other in node.keywords if other is not keyword])


def _tuples(elements: list[ast.expr]) -> Iterator[ast.expr]:
    for index in range(len(elements)):
        yield ast.Tuple([*elements[:index], *elements[index + 1 :]], ast.Load())
        if not isinstance(elements[index], ast.Starred | ast.Constant):
            yield ast.Tuple([*elements[:index], _negative(elements[index]), *elements[index + 1 :]], ast.Load())
    for index in range(len(elements) - 1):
        yield ast.Tuple([*elements[:index], elements[index + 1], elements[index], *elements[index + 2 :]], ast.Load())


def _negative(node: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.USub(), node)


def _changed(node: ast.expr, **fields: object) -> ast.expr:
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new
