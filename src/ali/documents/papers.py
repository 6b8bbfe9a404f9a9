"""Papers as PDF: a typst template and its data. Fonts are our own, nothing is fetched, the PDF is tagged (PDF/UA-1).

Data travel as one JSON text in `sys.inputs.data` and are read there as data: they are never part of the template's code.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parents[1]
FONTS = Path(__file__).parent / "fonts"


def render(template_path: Path, data: Mapping[str, Any]) -> bytes:  # Any: values of a JSON document
    """Return the PDF of a template of the package with `data`. Templates import `/documents/typst/sheet.typ`."""
    import typst  # noqa: PLC0415 - a compiler: loaded where it is used

    made: bytes = typst.compile(
        str(template_path),
        root=str(PACKAGE),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        package_path=str(
            FONTS
        ),  # no packages: a template that asks for one fails instead of looking for a network
        package_cache_path=str(FONTS),
    )
    return made


def preview(
    template_path: Path, data: Mapping[str, Any], *, ppi: int = 80
) -> bytes:  # Any: values of a JSON document
    """Return the first page of a paper as a PNG."""
    import typst  # noqa: PLC0415 - a compiler: loaded where it is used

    made: Any = typst.compile(  # Any: one page, or a list of them
        str(template_path),
        root=str(PACKAGE),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        format="png",
        ppi=ppi,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        package_path=str(FONTS),
        package_cache_path=str(FONTS),
    )
    return bytes(made[0] if isinstance(made, list) else made)
