"""A switch of the page is one row: a field of `ViewState` with how address and session write it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Switch(Generic[T]):
    """A row of the table.

    Attributes:
        names: of its parameters in the address, with spaces between them. Two fields may share one; then
            the later of them that has something to say there says it.
        default: on a first visit.
        read: the value that the texts of all its parameters choose. It raises ValueError or LookupError
            where they make no sense; it is not asked where one of them is missing or empty.
        write: the text of a value; as many texts as there are names, if they are several.
        always: whether the default, too, stands in the address.
        only_if: which views have this switch; the address of others has nothing of it.
        keys: of its widgets in the session, with spaces between them; the names, if they are not given. A
            switch with none is of what is stored, and the session restores it in a way of its own.
        held: the state of the widget; as many states as there are keys, if they are several.
        chosen: the value that the states of all its widgets choose.
    """

    names: str
    default: T
    read: Callable[..., T]
    write: Callable[[T], Any] = str
    always: bool = False
    only_if: Callable[[Any], bool] = lambda _view: True
    keys: str | None = None
    held: Callable[[T], Any] = lambda value: value
    chosen: Callable[..., T] = lambda state: state

    def field(self) -> T:
        """The field of the dataclass that holds the value."""
        made: T = field(default=self.default, metadata={"switch": self})
        return made

    @property
    def parameters(self) -> list[str]:
        """Of the address, one by one."""
        return self.names.split()

    @property
    def session_keys(self) -> list[str]:
        """Of its widgets, one by one."""
        return (self.names if self.keys is None else self.keys).split()

    def from_address(self, address: Mapping[str, str]) -> T:
        """What an address chooses; the default where it says nothing, or what makes no sense."""
        texts = [address.get(name, "") for name in self.parameters]
        try:
            return self.read(*texts) if all(texts) else self.default
        except (ValueError, LookupError):
            return self.default

    def to_address(self, value: T) -> dict[str, str]:
        """The parameters that choose a value."""
        if value == self.default and not self.always:
            return {}
        return _parts(self.parameters, self.write(value))

    def from_session(self, state: Mapping[Any, Any]) -> T:
        """What its widgets choose."""
        return self.chosen(*(state[key] for key in self.session_keys))

    def to_session(self, value: T) -> dict[str, Any]:
        """The states of its widgets."""
        return _parts(self.session_keys, self.held(value))


def switches(view: Any) -> dict[str, Switch[Any]]:
    """The rows of a view, or of a class of views, by field and in their order."""
    return {each.name: each.metadata["switch"] for each in fields(view)}


def _parts(names: list[str], parts: Any) -> dict[str, Any]:
    return dict(zip(names, parts if len(names) > 1 else [parts], strict=True))
