"""The wrong changes: which places of a module can be changed, and the module's source with one of them changed.

Comparisons, arithmetic, logic, numbers, returned values, calls whose value nobody takes, and the words of SQL. Types,
decorators and docstrings decide nothing that a test could see and are left alone.
"""

import ast
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
_IS_SQL = re.compile(r"\b(?:SELECT|WHERE|ORDER BY|GROUP BY|JOIN|INSERT|UPDATE|DELETE|EXISTS|HAVING)\b")
_SQL = [
    (" AND ", " OR "), (" OR ", " AND "), ("IS NULL", "IS NOT NULL"), ("IS NOT NULL", "IS NULL"), (" = ", " != "),
    (" < ", " <= "), (" <= ", " < "), (" > ", " >= "), (" >= ", " > "), (" DESC", ""), ("max(", "min("),
    ("count(DISTINCT ", "count("), ("NOT EXISTS", "EXISTS"), (" NOT IN ", " IN "), ("SELECT DISTINCT", "SELECT"),
]  # fmt: skip
_LEFT_ALONE = {"annotation", "returns", "decorator_list", "type_comment", "type_params"}


_Replacement = tuple[str, Callable[[ast.AST], ast.AST]]


class Mutant(NamedTuple):
    """One wrong change: the place it is at and what it says."""

    line: int
    change: str
    node: int
    nth: int


class Trees(NamedTuple):
    """A module before and after."""

    right: ast.Module
    wrong: ast.Module


def mutants_of(source: str) -> Iterator[Mutant]:
    """Every wrong change of this module, in the order of a walk."""
    for number, node in enumerate(_walk(ast.parse(source))):
        for nth, (change, _) in enumerate(_replacements(node)):
            yield Mutant(node.lineno, change, number, nth)


def mutated(source: str, mutant: Mutant) -> str:
    """The module with this one change."""
    return ast.unparse(mutated_tree(source, mutant).wrong)


def mutated_tree(source: str, mutant: Mutant) -> Trees:
    """The module as it is and with this one change, line by line alike."""
    tree = ast.parse(source)
    node = next(islice(_walk(tree), mutant.node, None))
    _, apply = list(_replacements(node))[mutant.nth]
    _replace(tree, node, apply(node))
    return Trees(ast.parse(source), ast.fix_missing_locations(tree))


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes that decide something, from the top down."""
    for name, value in ast.iter_fields(node):
        if name in _LEFT_ALONE:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_without_effect(child):
                if hasattr(child, "lineno"):
                    yield child
                yield from _walk(child)


def _is_without_effect(node: ast.AST) -> bool:
    """Docstrings, types, and what only a type checker reads."""
    match node:
        case ast.Expr(value=ast.Constant()) | ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Subscript(value=ast.Name(id="Literal" | "ClassVar")):
            return True
    return False


def _replacements(node: ast.AST) -> Iterator[_Replacement]:
    match node:
        case ast.Compare(ops=[op, *_]) if type(op) in _COMPARED:
            yield _named(op, _COMPARED[type(op)]), lambda each: _with(each, "ops", _COMPARED[type(op)](), first=True)
        case ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in _COMPUTED and not _joins_text(node):
            yield _named(op, _COMPUTED[type(op)]), lambda each: _with(each, "op", _COMPUTED[type(op)]())
        case ast.BoolOp(op=op):
            other = ast.Or if isinstance(op, ast.And) else ast.And
            yield _named(op, other), lambda each: _with(each, "op", other())
        case ast.Constant(value=value):
            yield from _constants(value)
        case ast.stmt() | ast.UnaryOp() | ast.IfExp():
            yield from _turns(node)


def _turns(node: ast.AST) -> Iterator[_Replacement]:
    match node:
        case ast.UnaryOp(op=ast.Not()):
            yield "not dropped", lambda each: each.operand
        case ast.If() | ast.IfExp() | ast.While() if not isinstance(node.test, ast.Compare | ast.BoolOp | ast.UnaryOp):
            yield "condition turned", lambda each: _with(each, "test", ast.UnaryOp(ast.Not(), each.test))
        case ast.Return(value=ast.expr() as value) if not _is_constant(value, None):
            yield "returns None", lambda each: _with(each, "value", ast.Constant(None))
        case ast.Expr(value=ast.Call()) | ast.Raise():
            yield "statement dropped", lambda _: ast.Pass()


def _constants(value: object) -> Iterator[_Replacement]:
    if isinstance(value, bool):
        yield f"{value} -> {not value}", lambda each: _with(each, "value", not value)
    elif isinstance(value, int | float):
        yield f"{value} -> {value + 1}", lambda each: _with(each, "value", value + 1)
    elif isinstance(value, str) and _IS_SQL.search(value):
        for old, new in _SQL:
            if old in value:
                yield (
                    f"SQL {old!r} -> {new!r}",
                    lambda each, old=old, new=new: _with(each, "value", value.replace(old, new, 1)),
                )


def _named(old: object, new: type) -> str:
    return f"{type(old).__name__} -> {new.__name__}"


def _with(node: ast.AST, name: str, value: object, *, first: bool = False) -> ast.AST:
    setattr(node, name, [value, *getattr(node, name)[1:]] if first else value)
    return node


def _joins_text(node: ast.AST) -> bool:
    """`"a" + text` and `"%s" % text` would fail whatever the tests, which shows nothing."""
    sides = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.value,)
    return any(isinstance(side, ast.JoinedStr) or _is_constant(side, str) for side in sides)


def _is_constant(node: ast.AST, kind: type | None) -> bool:
    return isinstance(node, ast.Constant) and (node.value is None if kind is None else isinstance(node.value, kind))


def _replace(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    if new is old:
        return
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list) and any(each is old for each in value):
                setattr(parent, name, [new if each is old else each for each in value])
