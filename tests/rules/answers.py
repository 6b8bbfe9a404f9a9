"""What an answer holds, whatever its kind."""

import io
import zipfile

from django.http import HttpResponse


def everything_in(answer: HttpResponse) -> str:
    """The text of an answer with its headers; what a spreadsheet holds when it is one."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"\n".join(book.read(name) for name in book.namelist())
    return content.decode("utf-8", "replace") + "\n".join(
        f"{name}: {value}" for name, value in answer.items()
    )
