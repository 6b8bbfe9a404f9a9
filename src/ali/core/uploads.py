"""A file that is too big is refused by its announced size, before a byte of it is kept."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

FORM_BYTES = 1024 * 1024  # what the other fields of a form may take


class SizeLimit(FileUploadHandler):
    """First of the upload handlers: skips every file of a request that is longer than the limit, and says so on it."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        """Look at the announced length alone."""
        self.is_too_long = content_length > settings.UPLOAD_LIMIT_BYTES + FORM_BYTES
        if self.is_too_long and self.request is not None:
            self.request.refused_upload = content_length  # type: ignore[attr-defined]  # read by `refused_upload_of`

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.is_too_long:
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


def refused_upload_of(request: HttpRequest) -> int:
    """Return how many bytes were announced when the upload was refused for its size; 0 when it was not."""
    return int(getattr(request, "refused_upload", 0))
