"""A permission's answer: yes, or no with the reason that the person reads."""

from dataclasses import dataclass

from django.utils.functional import Promise

type_text = str | Promise


class Refusal(Exception):
    """Something anticipated that cannot be done; its text is an Italian sentence saying what to do next."""

    def __init__(self, sentence: type_text) -> None:
        super().__init__(sentence)
        self.sentence = sentence

    def __str__(self) -> str:
        return str(self.sentence)


class NotAllowed(Refusal):
    """The actor's role does not allow it."""


@dataclass(frozen=True)
class Decision:
    """Yes, or no with a reason. True in a condition when the answer is yes."""

    allowed: bool
    reason: type_text = ""

    def __bool__(self) -> bool:
        return self.allowed

    def or_refuse(self) -> None:
        """Raise `NotAllowed` with the reason when the answer is no."""
        if not self.allowed:
            raise NotAllowed(self.reason)


YES = Decision(True)


def no(reason: type_text) -> Decision:
    """Return a refusal with its reason."""
    return Decision(False, reason)
