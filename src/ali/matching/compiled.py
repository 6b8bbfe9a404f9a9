"""The one place that names the compiler of the kernels."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile for the processor, keep the machine code beside the source, leave the interpreter lock."""
    return cast(Callable[P, R], numba.njit(cache=True, nogil=True)(function))
