"""What LINE's own SDK knows of messages, as tables: building its models takes a millisecond a bubble."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

MAX_REMEMBERED = 50_000
Problem = tuple[str, str]
"""Where, and in LINE's words what is wrong."""


@dataclass
class _Field:
    is_required: bool
    is_list: bool
    model: Any
    """The class of what stands in it; None for a plain value."""
    validate: Callable[..., Any]
    is_any_text: bool
    passed: set[Any] = field(default_factory=set)

    def refuses(self, value: Any) -> str:
        """In LINE's words; empty when all is well."""
        if self.is_any_text:
            return "" if isinstance(value, str) else "invalid property"
        known = isinstance(value, (str, int, bool))
        if known and (type(value), value) in self.passed:
            return ""
        _value, wrong = self.validate(value, {}, loc="")
        if wrong:
            limit = getattr(getattr(wrong, "exc", None), "limit_value", None)
            too_long = isinstance(value, str) and limit and len(value) > limit
            return f"must not be longer than {limit} characters" if too_long else "invalid property"
        if known and len(self.passed) < MAX_REMEMBERED:
            self.passed.add((type(value), value))
        return ""


def problems(name: str, given: Any, place: str = "") -> Iterator[Problem]:
    """What a model of LINE's (`FlexContainer`, `Message`) refuses or would drop without a word."""
    if not isinstance(given, dict):
        yield place or "/", "invalid property"
        return
    kinds = _kinds(name)
    if kinds:
        kind = given.get("type")
        concrete = kinds.get(kind) if isinstance(kind, str) else None
        if concrete is None:
            words = f"Must be one of the following values: [{', '.join(kinds)}]"
            yield f"{place}/type", "must be specified" if kind is None else words
            return
        name = concrete
    fields = _fields(name)
    for key, value in given.items():
        here = f"{place}/{key}"
        found = fields.get(key)
        if found is None:
            yield here, "unknown field"
        elif value is None:
            yield here, "invalid property"
        elif found.model is None:
            if words := found.refuses(value):
                yield here, words
        elif not found.is_list:
            yield from problems(found.model, value, here)
        elif isinstance(value, list):
            for number, one in enumerate(value):
                yield from problems(found.model, one, f"{here}/{number}")
        else:
            yield here, "invalid property"
    for key, found in fields.items():
        if found.is_required and key not in given:
            yield f"{place}/{key}", "must be specified"


@cache
def _kinds(name: str) -> dict[str, str]:
    """The classes that a `type` may name; empty where there is no choice."""
    return dict(getattr(_class(name), f"_{name}__discriminator_value_class_map", {}))


@cache
def _fields(name: str) -> dict[str, _Field]:
    from pydantic.v1 import BaseModel, StrictStr  # as below

    made = {}
    for one in _class(name).__fields__.values():
        is_model = isinstance(one.type_, type) and issubclass(one.type_, BaseModel)
        made[one.alias] = _Field(
            is_required=bool(one.required),
            is_list=one.outer_type_ is not one.type_,
            model=one.type_.__name__ if is_model else None,
            validate=one.validate,
            is_any_text=one.outer_type_ is StrictStr and not one.class_validators,
        )
    return made


def _class(name: str) -> Any:
    from linebot.v3.messaging import models  # slow import: the mail part starts without it

    return getattr(models, name)
