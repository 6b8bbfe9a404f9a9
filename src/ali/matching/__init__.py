"""The matching engine: who goes into which home, with a proof and with reasons.

Owns the instance (a frozen set of tables), the models `whole` and `shared`, the certificate and the explanations.
Knows nothing of Django, of people or of the database: it imports nothing else of the product, and anything it gets
or gives can be written in a folder and checked by anyone. The door is `Instance`, `solve`, `explain` and `Result`;
they arrive when first used, since the compiled kernels weigh 100 MB that a web process does not need.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ali.matching.errors import InstanceProblem, NothingToMatch

if TYPE_CHECKING:
    from ali.matching.engine import solve
    from ali.matching.instance import Instance
    from ali.matching.reasons import explain
    from ali.matching.result import Result

__all__ = ["Instance", "InstanceProblem", "NothingToMatch", "Result", "explain", "solve"]

_HOMES = {"Instance": "instance", "Result": "result", "explain": "reasons", "solve": "engine"}


def __getattr__(name: str) -> Any:  # Any: the door's members are functions and classes
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
