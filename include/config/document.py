"""A YAML file as plain values, with the line on which each of them stands."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from include.config.errors import ConfigError, Field, Problem
from include.config.model import Model

# libyaml's parser is ten times faster; PyYAML has it in its wheels, but not when built without libyaml.
_LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class Document:
    """One YAML file: its values, and where each stands."""

    file: str
    values: Any
    lines: dict[Field, int] = field(default_factory=dict)

    def problem(self, place: Field, message: str) -> Problem:
        """A problem at a field; one that is missing is told at the line of what should hold it."""
        known = place
        while known and known not in self.lines:
            known = known[:-1]
        return Problem(self.file, self.lines.get(known, 1), place, message)

    def find(self, pattern: str) -> Iterator[tuple[Field, Any]]:
        """The values at a dotted path, ``*`` standing for every element of a list; what is not there is left out."""
        found: list[tuple[Field, Any]] = [((), self.values)]
        for key in pattern.split("."):
            deeper: list[tuple[Field, Any]] = []
            for place, value in found:
                if key == "*" and isinstance(value, list):
                    deeper.extend(((*place, index), element) for index, element in enumerate(value))
                elif isinstance(value, dict) and key in value:
                    deeper.append(((*place, key), value[key]))
            found = deeper
        yield from found


def read(path: Path) -> Document:
    """Reads one YAML file.

    :raises ConfigError: when it is missing, is no YAML, or says one thing twice.
    """
    try:
        loader = _LOADER(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError([Problem(path.name, 1, (), f"{path} does not exist")]) from None
    try:
        node = loader.get_single_node()
        document = Document(path.name, None)
        problems: list[Problem] = []
        document.values = _values(loader, node, (), document, problems) if node else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError([Problem(path.name, line, (), error.problem or "is no YAML")]) from None
    finally:
        loader.dispose()
    if problems:
        raise ConfigError(problems)
    return document


def _values(loader: Any, node: yaml.Node, place: Field, document: Document, problems: list[Problem]) -> Any:
    document.lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in mapping:
                problems.append(Problem(document.file, line, (*place, key), "stands here twice"))
            document.lines[*place, key] = line
            mapping[key] = _values(loader, value_node, (*place, key), document, problems)
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [
            _values(loader, element, (*place, index), document, problems) for index, element in enumerate(node.value)
        ]
    return loader.construct_object(node, deep=True)


Whole = TypeVar("Whole", bound=Model)


def validate(model: type[Whole], document: Document, problems: list[Problem]) -> Whole | None:
    """The document as a model; None, and the problems added to those given, when it does not fit."""
    try:
        return model.model_validate(document.values)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            match detail["type"]:
                case "missing":
                    message = "is missing"
                case "extra_forbidden":
                    message = "is no field here"
                case "value_error":
                    message = str(detail["ctx"]["error"])
                case _:
                    message = f"{detail['msg']}, not {detail['input']!r}"
            problems.append(document.problem(detail["loc"], message))
        return None
