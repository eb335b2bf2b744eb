"""Refuse tests that depend on the speed of the machine: a measured time compared with a constant.

Fine are: one measured time against another, and a deadline (a reading of the clock plus a limit) inside the loop
that waits for something. Followed are names, attributes and functions, also from one file of the tests to another;
what is handed over in any other way is not seen.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXCEPTIONS: dict[str, str] = {}
"""`path::function`, and why its stopwatch is right."""

ADVICE = (
    "Another machine is slower: count bytes, rows, queries, calls or steps, look at an order, compare with"
    " something measured in the same test, or wait for the state with tests.limits.wait_until. Figures of speed"
    " are for `make bench`."
)
COMPARED = "compares a measured time with a constant"
LIMITED = "is ended by a stopwatch"
DEADLINE = "sets hypothesis a deadline, which tests.limits switches off for all"

_CLOCKS = {
    f"time.{name}{unit}"
    for name in ("monotonic", "perf_counter", "process_time", "thread_time", "time")
    for unit in ("", "_ns")
} | {"timeit.default_timer"}
_STOPWATCHES = {"timeit.timeit", "timeit.repeat"}
_DATES = {
    *("django.utils.timezone.now", "django.utils.timezone.localtime"),
    *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today"),
}
_KEEPING = {
    *("abs", "float", "int", "list", "max", "min", "reversed", "round", "set", "sorted", "sum", "tuple"),
    *("math.ceil", "math.floor", "statistics.fmean", "statistics.mean", "statistics.median"),
    *("statistics.quantiles", "itertools.accumulate", "itertools.chain", "itertools.pairwise", "next", "iter"),
}
"""Functions whose result is measured when what they are given is."""
_PICKING = {"min", "max"}
_MADE_OF_NUMBERS = {"datetime.timedelta", "float", "int", "pytest.approx", "range"}
_ADDING_METHODS = {"add", "append", "appendleft", "extend", "insert", "put"}
_COMPARING_METHODS = re.compile(r"assert(?:Less|Greater|Equal|NotEqual|AlmostEqual|Less(?:Equal)|Greater(?:Equal))$")
_CONSTANT_NAME = re.compile(r"_{0,2}[A-Z][A-Z0-9_]*")
_ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_EQUALITY = (ast.Eq, ast.NotEq)
_Function = ast.FunctionDef | ast.AsyncFunctionDef


class Kind(Enum):
    """What an expression holds, as far as clocks go. Where a name holds several, the first of these counts."""

    SPAN = auto()
    """A time that was measured, or a collection of such."""
    READING = auto()
    """Of a clock of the module `time`."""
    DATE = auto()
    """The date and time of now."""
    MOMENT = auto()
    """A reading with a limit added, of either."""
    CONSTANT = auto()


_Kinds = dict[str, Kind | None]


@dataclass(frozen=True, order=True)
class Fault:
    path: str
    line: int
    function: str
    what: str

    @property
    def place(self) -> str:
        return f"{self.path}::{self.function}"

    def __str__(self) -> str:
        advice = f" {ADVICE}" if self.what == COMPARED else ""
        return f"{self.path}:{self.line}: {self.function or 'the module'} {self.what}.{advice}"


def main(arguments: list[str]) -> int:
    """Check the files that are named, or all tests."""
    paths = [Path(name).resolve() for name in arguments] or find_tests()
    sources = {path.relative_to(ROOT).as_posix(): path.read_text() for path in paths}
    troubles = check(sources, EXCEPTIONS if not arguments else {})
    for trouble in troubles:
        print(trouble)
    return 1 if troubles else 0


def find_tests() -> list[Path]:
    """Every Python file of the tests. Raises FileNotFoundError where there is none: then nothing would be checked."""
    paths = sorted((ROOT / "tests").rglob("*.py"))
    if not paths:
        raise FileNotFoundError(f"{ROOT / 'tests'} holds no tests.")
    return paths


def check(sources: Mapping[str, str], exceptions: Mapping[str, str]) -> list[str]:
    """What is wrong, in sentences: faults that are no exceptions, and exceptions that are no faults."""
    faults = find_faults(sources)
    unused = exceptions.keys() - {fault.place for fault in faults}
    return [
        *(str(fault) for fault in faults if fault.place not in exceptions),
        *(f"devtools/scripts/clock_check.py: the exception {place} is no longer needed." for place in sorted(unused)),
    ]


def find_faults(sources: Mapping[str, str]) -> list[Fault]:
    """By file and line. The sources are known by their paths from the root of the project."""
    modules = [_Module(path, ast.parse(source)) for path, source in sources.items()]
    functions: _Kinds = {}
    for _ in range(3):  # as far as a measured time is handed from one function to another
        for module in modules:
            module.learn(functions)
    return sorted({fault for module in modules for fault in module.faults(functions)})


@dataclass
class _Scope:
    """The names of a function, or of the module."""

    outer: "_Scope | None" = None
    names: _Kinds = field(default_factory=dict)
    declared: set[str] = field(default_factory=set)
    """As `nonlocal` or `global`."""

    def kind(self, name: str) -> Kind | None:
        scope: _Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        return None

    def add(self, name: str, kind: Kind | None) -> None:
        self.names[name] = _either(self.names[name], kind) if name in self.names else kind


def _either(one: Kind | None, other: Kind | None) -> Kind | None:
    """A constant only when it is always one."""
    kinds = {one, other}
    measured = [kind for kind in Kind if kind in kinds and kind is not Kind.CONSTANT]
    if measured:
        return measured[0]
    return one if one is other else None


class _Module:
    """One file: what its names and functions hold, and where it compares."""

    def __init__(self, path: str, tree: ast.Module) -> None:
        self.path = path
        self._tree = tree
        self._dotted = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        self._imports = dict(self._imported())
        self._nodes = [*ast.walk(tree)]
        self._parents = {child: parent for parent in self._nodes for child in ast.iter_child_nodes(parent)}
        self._attributes: _Kinds = {}
        self._functions: _Kinds = {}
        self._scopes: dict[ast.AST, _Scope] = {}

    def learn(self, functions: _Kinds) -> None:
        """Find out what the names hold, and add to `functions` what those of this file return."""
        self._functions = functions
        self._scopes = {}
        self._make_scopes(self._tree, None)
        for _ in range(2):  # a name may be used above the line that fills it
            for node in self._nodes:
                self._learn_from(node)
        for node in self._nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                functions[f"{self._dotted}.{node.name}"] = self._returned(node)

    def faults(self, functions: _Kinds) -> Iterator[Fault]:
        self._functions = functions
        for node in self._nodes:
            if what := self._wrong_with(node):
                yield Fault(self.path, getattr(node, "lineno", 0), self._function_of(node), what)

    # What is wrong

    def _wrong_with(self, node: ast.AST) -> str:
        match node:
            case ast.Compare():
                sides = [node.left, *node.comparators]
                pairs = zip(sides, sides[1:], node.ops, strict=False)
                return COMPARED if any(self._is_stopwatch(*pair) for pair in pairs) else ""
            case ast.Attribute(value=ast.Attribute(attr="mark"), attr="timeout"):
                return LIMITED
            case ast.Call():
                return self._wrong_with_call(node)
        return ""

    def _wrong_with_call(self, call: ast.Call) -> str:
        name = self._name(call.func)
        if name in ("signal.alarm", "signal.setitimer"):
            return LIMITED
        if name == "hypothesis.settings" and any(
            keyword.arg == "deadline" and not _is_none(keyword.value) for keyword in call.keywords
        ):
            return DEADLINE
        kinds = {self._kind(argument) for argument in call.args}
        is_compared = name in _PICKING or (
            isinstance(call.func, ast.Attribute) and _COMPARING_METHODS.fullmatch(call.func.attr) is not None
        )
        return COMPARED if is_compared and {Kind.SPAN, Kind.CONSTANT} <= kinds else ""

    def _is_stopwatch(self, left: ast.expr, right: ast.expr, operator: ast.cmpop) -> bool:
        if not isinstance(operator, _ORDER + _EQUALITY):
            return False
        kinds = {self._kind(left), self._kind(right)}
        if kinds in ({Kind.SPAN, Kind.CONSTANT}, {Kind.READING, Kind.CONSTANT}):
            return True
        is_deadline = Kind.MOMENT in kinds and kinds & {Kind.READING, Kind.DATE}
        return bool(is_deadline) and isinstance(operator, _ORDER) and not self._is_in_loop(left)

    def _is_in_loop(self, node: ast.AST) -> bool:
        while (node := self._parents[node]) is not self._tree:
            if isinstance(node, ast.While | ast.For | ast.AsyncFor):
                return True
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                return False
        return False

    # What an expression holds

    def _kind(self, node: ast.expr) -> Kind | None:
        match node:
            case ast.Constant():
                return Kind.CONSTANT if isinstance(node.value, int | float) else None
            case ast.Name():
                return self._kind_of_name(node)
            case ast.Attribute():
                return self._kind_of_attribute(node)
            case ast.Call():
                return self._kind_of_call(node)
            case ast.BinOp():
                return _combined(self._kind(node.left), node.op, self._kind(node.right))
            case ast.UnaryOp(operand=inner) | ast.Subscript(value=inner) | ast.Starred(value=inner):
                return self._kind(inner)
            case ast.NamedExpr(value=inner) | ast.Await(value=inner) | ast.FormattedValue(value=inner):
                return self._kind(inner)
            case ast.IfExp():
                return _either(self._kind(node.body), self._kind(node.orelse))
            case ast.Tuple() | ast.List() | ast.Set():
                return self._kind_of_several(node.elts)
            case ast.Dict():
                return self._kind_of_several(node.values)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
                return self._only_span(node.elt)
            case ast.DictComp():
                return self._only_span(node.value)
        return None

    def _kind_of_several(self, nodes: Iterable[ast.expr]) -> Kind | None:
        return Kind.SPAN if any(self._kind(node) is Kind.SPAN for node in nodes) else None

    def _only_span(self, node: ast.expr) -> Kind | None:
        return Kind.SPAN if self._kind(node) is Kind.SPAN else None

    def _kind_of_name(self, node: ast.Name) -> Kind | None:
        kind = self._scope_of(node).kind(node.id)
        if kind is None and _CONSTANT_NAME.fullmatch(node.id):
            return Kind.CONSTANT
        return kind

    def _kind_of_attribute(self, node: ast.Attribute) -> Kind | None:
        if self._kind(node.value) is Kind.SPAN:
            return Kind.SPAN
        if _CONSTANT_NAME.fullmatch(node.attr):
            return Kind.CONSTANT
        return self._attributes.get(node.attr)

    def _kind_of_call(self, call: ast.Call) -> Kind | None:
        name = self._name(call.func)
        if name in _CLOCKS:
            return Kind.READING
        if name in _DATES:
            return Kind.DATE
        if name in _STOPWATCHES:
            return Kind.SPAN
        kinds = [self._kind(argument) for argument in call.args]
        kinds += [self._kind(keyword.value) for keyword in call.keywords]
        if name in _MADE_OF_NUMBERS and all(kind is Kind.CONSTANT for kind in kinds):
            return Kind.CONSTANT
        if name in _KEEPING:
            return _strongest(kinds)
        if isinstance(call.func, ast.Attribute) and self._kind(call.func.value) is Kind.SPAN:
            return Kind.SPAN  # as `total_seconds` and `pop` do
        return self._functions.get(name) or self._functions.get(f"{self._dotted}.{name}")

    def _name(self, node: ast.expr) -> str:
        """What is called, by its full name where it was imported."""
        match node:
            case ast.Name():
                return self._imports.get(node.id, node.id)
            case ast.Attribute():
                return f"{self._name(node.value)}.{node.attr}"
        return ""

    def _imported(self) -> Iterator[tuple[str, str]]:
        package = self._dotted if self.path.endswith("/__init__.py") else self._dotted.rpartition(".")[0]
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield (
                        alias.asname or alias.name.partition(".")[0],
                        alias.name if alias.asname else (alias.name.partition(".")[0]),
                    )
            elif isinstance(node, ast.ImportFrom):
                base = node.module or ""
                if node.level:
                    above = package.split(".")[: len(package.split(".")) - node.level + 1]
                    base = ".".join([*above, *([base] if base else [])])
                for alias in node.names:
                    yield alias.asname or alias.name, f"{base}.{alias.name}"

    # What the names hold

    def _make_scopes(self, node: ast.AST, outer: _Scope | None) -> None:
        scope = outer
        if isinstance(node, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            scope = self._scopes[node] = _Scope(outer)
            if not isinstance(node, ast.Module):
                arguments = node.args
                for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]:
                    scope.names[argument.arg] = None
        if isinstance(node, ast.Nonlocal | ast.Global) and scope is not None:
            scope.declared.update(node.names)
        for child in ast.iter_child_nodes(node):
            self._make_scopes(child, scope)

    def _scope_of(self, node: ast.AST) -> _Scope:
        while node not in self._scopes:
            node = self._parents[node]
        return self._scopes[node]

    def _learn_from(self, node: ast.AST) -> None:
        match node:
            case ast.Assign():
                for target in node.targets:
                    self._bind(target, node.value)
            case ast.AnnAssign(value=ast.expr() as value) | ast.NamedExpr(value=value):
                self._bind(node.target, value)
            case ast.AugAssign():
                kind = _combined(self._kind(node.target), node.op, self._kind(node.value))
                self._keep(node.target, Kind.SPAN if self._kind(node.value) is Kind.SPAN else kind)
            case ast.For() | ast.AsyncFor() | ast.comprehension():
                self._bind_all(node.target, self._only_span(node.iter))
            case ast.Call(func=ast.Attribute(attr=method, value=collection)) if method in _ADDING_METHODS:
                if any(self._kind(argument) is Kind.SPAN for argument in node.args):
                    self._keep(collection, Kind.SPAN)

    def _bind(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Tuple | ast.List):
            if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts):
                for inner, its in zip(target.elts, value.elts, strict=True):
                    self._bind(inner, its)
            else:
                self._bind_all(target, self._only_span(value))
        else:
            self._keep(target, self._kind(value))

    def _bind_all(self, target: ast.expr, kind: Kind | None) -> None:
        if isinstance(target, ast.Tuple | ast.List):
            for inner in target.elts:
                self._bind_all(inner, kind)
        else:
            self._keep(target, kind)

    def _keep(self, target: ast.expr, kind: Kind | None) -> None:
        match target:
            case ast.Starred(value=inner) | ast.Subscript(value=inner):
                if kind is Kind.SPAN:
                    self._keep(inner, kind)
            case ast.Name():
                self._scope_that_holds(target).add(target.id, kind)
            case ast.Attribute():
                self._attributes[target.attr] = _either(self._attributes.get(target.attr, kind), kind)

    def _scope_that_holds(self, name: ast.Name) -> _Scope:
        """An outer one where it is declared `nonlocal` or `global`, or where it is only added to."""
        scope = self._scope_of(name)
        is_only_added_to = isinstance(name.ctx, ast.Load) and name.id not in scope.names
        if name.id in scope.declared or is_only_added_to:
            outer = scope.outer
            while outer is not None:
                if name.id in outer.names:
                    return outer
                outer = outer.outer
        return scope

    def _returned(self, function: _Function) -> Kind | None:
        kinds = [
            self._kind(node.value)
            for node in ast.walk(function)
            if isinstance(node, ast.Return | ast.Yield)
            and node.value is not None
            and self._scope_of(node) is self._scopes[function]
        ]
        found = _strongest(kinds)
        return found if found is not Kind.CONSTANT else None

    def _function_of(self, node: ast.AST) -> str:
        """The outermost function or class and function around it."""
        names: list[str] = []
        above: ast.AST | None = node
        while above is not None:
            if isinstance(above, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                names.insert(0, above.name)
            above = self._parents.get(above)
        is_method = len(names) > 1 and any(
            isinstance(one, ast.ClassDef) and one.name == names[0] for one in self._tree.body
        )
        return ".".join(names[: 2 if is_method else 1])


def _strongest(kinds: Iterable[Kind | None]) -> Kind | None:
    found = set(kinds)
    return next((kind for kind in Kind if kind in found), None)


def _combined(left: Kind | None, operator: ast.operator, right: Kind | None) -> Kind | None:
    """What comes out of the arithmetic."""
    kinds = {left, right}
    now = {Kind.READING, Kind.DATE}
    if kinds == {Kind.CONSTANT}:
        return Kind.CONSTANT
    if isinstance(operator, ast.Div | ast.FloorDiv) and left is right is Kind.SPAN:
        return None  # how many times as long, which every machine may be asked
    if kinds & now and isinstance(operator, ast.Sub):
        if Kind.CONSTANT in kinds and left in now:
            return Kind.MOMENT
        if Kind.READING in kinds or kinds <= now | {Kind.MOMENT}:
            return Kind.SPAN
        return Kind.MOMENT if left is Kind.DATE and Kind.SPAN in kinds else None
    if Kind.MOMENT in kinds and isinstance(operator, ast.Sub) and left is right:
        return Kind.SPAN
    if kinds & (now | {Kind.MOMENT}) and isinstance(operator, ast.Add | ast.Sub):
        return Kind.MOMENT
    if Kind.SPAN in kinds:
        return Kind.SPAN
    return _strongest(kinds & now)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
