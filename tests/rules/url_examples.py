"""How the sweeps over all addresses ask for each one.

An app says it in `tests/<app>/url_examples.py`, in a dictionary `EXAMPLES` from URL name to `Example`; this module gathers
them. Only addresses with something to fill in, and those reached by POST, need one.
"""

import importlib
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from ali.accounts.actors import Actor
from tests.clients import once

TESTS = Path(__file__).resolve().parents[1]


def nothing(actor: Actor) -> dict[str, Any]:
    """An address without anything to fill in."""
    return {}


@dataclass(frozen=True)
class Example:
    """One way of asking for an address.

    `make(actor)` creates something that this actor may open, in the actor's own body and province, and returns the URL's
    arguments. `is_shared`: everybody with the role sees it (a rule, an organisation), so that belonging to another body hides
    nothing. `post`: what to send, for addresses reached by POST; a function of what `make` returned when it depends on it.
    `query`: what follows the question mark.
    """

    make: Callable[[Actor], Mapping[str, Any]] = nothing
    is_shared: bool = False
    post: Mapping[str, Any] | Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None
    query: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Address:
    """A named address of the site."""

    name: str
    view: Callable[..., Any]
    converters: Mapping[str, str]

    def url(self, arguments: Mapping[str, Any]) -> str:
        return reverse(self.name, kwargs=dict(arguments) or None)

    def made_up_arguments(self) -> dict[str, Any]:
        """Arguments of the right kind that belong to nothing."""
        made_up = {"UUIDConverter": uuid.uuid4(), "IntConverter": 10**9}
        return {name: made_up.get(kind, "inesistente") for name, kind in self.converters.items()}


@cache
def addresses() -> dict[str, Address]:
    """Every named address; an unnamed one is an error of ours."""
    found = {one.name: one for one in _walk(get_resolver().url_patterns, "", {})}
    return dict(sorted(found.items()))


def _walk(patterns: list[Any], prefix: str, above: Mapping[str, str]) -> Iterator[Address]:
    for pattern in patterns:
        converters = {**above, **{key: type(one).__name__ for key, one in pattern.pattern.converters.items()}}
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from _walk(pattern.url_patterns, inner, converters)
        elif isinstance(pattern, URLPattern):
            assert pattern.name, f"indirizzo senza nome: {pattern.pattern}"
            yield Address(f"{prefix}{pattern.name}", pattern.callback, converters)


@cache
def examples() -> dict[str, Example]:
    """Every example, from each app's own file."""
    gathered: dict[str, Example] = {}
    for path in sorted(TESTS.glob("*/url_examples.py")):
        if path.parent != Path(__file__).parent:
            gathered |= importlib.import_module(f"tests.{path.parent.name}.url_examples").EXAMPLES
    return gathered


def ask(client: Client, address: Address, arguments: Mapping[str, Any], example: Example) -> HttpResponse:
    """Ask for an address as its example says."""
    url = address.url(arguments)
    if example.query:
        url = f"{url}?{urlencode(example.query, doseq=True)}"
    if example.post is None:
        return client.get(url)
    sent = example.post(arguments) if callable(example.post) else example.post
    return client.post(url, {**once(), **sent})
