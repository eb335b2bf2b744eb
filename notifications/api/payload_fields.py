"""Describe the fields of a payload in words, from its JSON schema."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

Schema = Mapping[str, Any]

_FORMATS = {"date": "a date", "date-time": "a time with its offset"}


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field at any depth of the payload."""

    path: str
    """The path of the field, such as `items[].sku`."""
    kind: str
    required: bool
    note: str


def fields_of(model: type[BaseModel]) -> tuple[FieldLine, ...]:
    """Return every field of the payload, depth first, in the schema's order."""
    schema = model.model_json_schema()
    return tuple(_walk(schema, schema.get("$defs", {}), ""))


def _walk(schema: Schema, definitions: Schema, prefix: str) -> Iterator[FieldLine]:
    required = schema.get("required", ())
    for name, found in schema.get("properties", {}).items():
        value = _resolved(found, definitions)
        path = f"{prefix}{name}"
        yield FieldLine(
            path,
            _kind(value, definitions),
            name in required,
            found.get("description") or value.get("description", ""),
        )
        if value.get("type") == "array":
            value, path = _resolved(value["items"], definitions), f"{path}[]"
        yield from _walk(value, definitions, f"{path}.")


def _resolved(schema: Schema, definitions: Schema) -> Schema:
    if "$ref" in schema:
        found: Schema = definitions[schema["$ref"].rsplit("/", 1)[-1]]
        return found
    return schema


def _kind(schema: Schema, definitions: Schema) -> str:
    if "anyOf" in schema:
        kinds = [_kind(_resolved(one, definitions), definitions) for one in schema["anyOf"] if one != {"type": "null"}]
        return " or ".join(dict.fromkeys(kinds))
    if "enum" in schema:
        return "one of " + ", ".join(schema["enum"])
    match schema.get("type"):
        case "array":
            items = _kind(_resolved(schema["items"], definitions), definitions)
            return f"a list of up to {schema['maxItems']}: {items}"
        case "object":
            return "an object"
        case "boolean":
            return "true or false"
        case "integer":
            return f"a whole number from {schema['minimum']:,} to {schema['maximum']:,}"
        case "number":
            return f"a number from {schema['minimum']:,.0f} to {schema['maximum']:,.0f}"
        case _ if schema.get("format") in _FORMATS:
            return _FORMATS[schema["format"]]
        case _ if "maxLength" in schema:
            return f"a text of up to {schema['maxLength']:,} characters"
        case _:
            return "a text"
