"""A page reads the rules once."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from ali.rules.values import reading_rules_once


class RulesReadOnce:
    """While a page is read, and nothing is written, all rules come with one statement."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return self.answer(request)
        with reading_rules_once():
            return self.answer(request)
