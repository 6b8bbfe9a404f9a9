"""`ali match whatif`: what would change, from a result already there."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ali.matching.errors import InstanceProblem

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from ali.matching.instance import Instance
    from ali.matching.ruled import Ruled
    from ali.matching.whatif import Change, Study

BAD_INPUT = 2
WORDS = (
    "add_dwelling",
    "remove_dwelling",
    "change_dwelling",
    "add_household",
    "remove_household",
    "forbid",
    "pin",
)
HELP = {
    "add_dwelling": "una casa in più: «mode=whole,beds=3,rent_eur=380,municipality=Padova», o «like=D12,beds=3»",
    "remove_dwelling": "una casa in meno: il suo nome",
    "change_dwelling": "una casa cambiata: «D12,beds=4»; con rules.json anche canone e date",
    "add_household": "un nucleo in più: «persons=1,group=man,like=H7»",
    "remove_household": "un nucleo in meno: il suo nome",
    "forbid": "una coppia esclusa o rifiutata: «H7,D12»",
    "pin": "una coppia fissata: «H7,D12»",
}


def register(actions: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `whatif`."""
    command = actions.add_parser("whatif", help="che cosa cambierebbe, senza rifare il calcolo")
    command.add_argument("instance", type=Path, metavar="INSTANCE", help="cartella delle tabelle")
    command.add_argument("result", type=Path, metavar="RESULT", help="cartella del risultato")
    for word in WORDS:
        command.add_argument(
            f"--{word.replace('_', '-')}", dest="changes", action=_Ordered, metavar="CHI", help=HELP[word]
        )
    command.add_argument(
        "--out", type=Path, metavar="RESULT2", help="scrive anche il risultato cambiato, con la sua prova"
    )
    command.add_argument("--json", action="store_true", help="stampa i dati invece delle frasi")
    command.set_defaults(handler=try_changes, changes=[])


class _Ordered(argparse.Action):
    """Keeps the changes in the order typed, each with its verb."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        verb = (option_string or "").removeprefix("--").replace("-", "_")
        namespace.changes = [*namespace.changes, (verb, str(values))]


def try_changes(arguments: argparse.Namespace) -> int:
    """Print what the changes would do together; nothing stored is touched."""
    from ali.matching import Instance  # noqa: PLC0415  the engine is slow to load
    from ali.matching.amending import amended_result  # noqa: PLC0415
    from ali.matching.reading import read_result  # noqa: PLC0415
    from ali.matching.result import refuse_foreign_folder  # noqa: PLC0415
    from ali.matching.ruled import Ruled  # noqa: PLC0415
    from ali.matching.whatif import Study  # noqa: PLC0415

    try:
        if not arguments.changes:
            raise InstanceProblem("Manca il cambiamento da provare: vedi «ali match whatif --help».")
        if arguments.out:
            refuse_foreign_folder(arguments.out)
        instance = Instance.read(arguments.instance)
        study = Study.of(read_result(instance, arguments.result))
        words = _Words(study, instance, Ruled.read(arguments.instance))
        outcome = study.apply(*[words.change(verb, text) for verb, text in arguments.changes])
        if arguments.out:
            amended_result(study).write(arguments.out)
    except (InstanceProblem, OSError) as problem:
        print(str(problem), file=sys.stderr)
        return BAD_INPUT
    notes = words.notes
    if arguments.json:
        print(json.dumps(outcome.as_dict() | {"notes": notes}, ensure_ascii=False))
    else:
        print("\n".join([*outcome.sentences(), *notes]))
    return 0


class _Words:
    """From the words typed to changes."""

    def __init__(self, study: "Study", instance: "Instance", ruled: "Ruled | None") -> None:
        self.study, self.instance, self.ruled = study, instance, ruled
        self.notes: list[str] = []

    def change(self, verb: str, text: str) -> "Change":
        """The change that a verb and its words ask for."""
        from ali.matching import whatif  # noqa: PLC0415  the engine is slow to load

        if verb == "add_dwelling":
            return self._add_home(_pairs(verb, text))
        if verb == "change_dwelling":
            name, _, rest = text.partition(",")
            return self._change_home(name, _pairs(verb, rest))
        if verb == "add_household":
            return self._add_household(_pairs(verb, text))
        if verb == "remove_dwelling":
            return whatif.RemoveHome(text)
        if verb == "remove_household":
            return whatif.RemoveHousehold(text)
        household, comma, home = text.partition(",")
        if not comma or not household or not home:
            raise InstanceProblem(
                f"--{verb} vuole un nucleo e un alloggio, separati da una virgola: «H7,D12»."
            )
        return (whatif.Refuse if verb == "forbid" else whatif.Pin)(household, home)

    def _add_home(self, words: dict[str, str]) -> "Change":
        from ali.matching.instance import MODES  # noqa: PLC0415  the engine is slow to load
        from ali.matching.ruled import homes_alike  # noqa: PLC0415
        from ali.matching.whatif import AddHome  # noqa: PLC0415

        name, like = words.pop("name", "nuovo alloggio"), words.pop("like", "")
        if not like:
            like = self.study.homes[homes_alike(self.instance, words)[0]]
        twin = self._home(like)
        mode = words.get("mode", MODES[int(self.instance.mode[twin])])
        beds = _number("beds", words.get("beds", str(int(self.instance.beds[twin]))))
        facts = {key: _plain(value) for key, value in words.items() if key not in {"mode", "beds"}}
        if self.ruled is None:
            self.notes.append(
                f"«{name}»: senza rules.json gli abbinamenti sono quelli di {like}, il più simile che c'è."
            )
            return AddHome(name, mode, beds, like=like, facts=facts)
        arcs = self._arcs(self.ruled.home(twin, words))
        self.notes.append(
            f"«{name}»: ciò che non è indicato è come in {like}; {len(arcs)} nuclei lo possono avere."
        )
        return AddHome(name, mode, beds, arcs=arcs, like=like, facts=facts)

    def _change_home(self, name: str, words: dict[str, str]) -> "Change":
        from ali.matching.whatif import ChangeHome  # noqa: PLC0415  the engine is slow to load

        home = self._home(name)
        if not words:
            raise InstanceProblem("--change-dwelling vuole che cosa cambia: «D12,beds=4».")
        beds = _number("beds", words["beds"]) if "beds" in words else None
        facts = {key: _plain(value) for key, value in words.items() if key != "beds"}
        if self.ruled is not None:
            return ChangeHome(name, beds, self._arcs(self.ruled.home(home, words)), facts)
        if facts:
            raise InstanceProblem(
                f"Per cambiare {', '.join(facts)} servono le regole: metti rules.json accanto alle tabelle."
            )
        return ChangeHome(name, beds)

    def _add_household(self, words: dict[str, str]) -> "Change":
        from ali.matching.instance import GROUPS  # noqa: PLC0415  the engine is slow to load
        from ali.matching.whatif import AddHousehold  # noqa: PLC0415

        name, like = words.pop("name", "nuovo nucleo"), words.pop("like", "")
        if like not in self.study.household_at:
            raise InstanceProblem(
                "--add-household vuole un nucleo a cui somiglia: «persons=1,group=man,like=H7»."
            )
        at = self.study.household_at[like]
        persons = _number("persons", words.pop("persons", str(int(self.instance.persons[at]))))
        group = words.pop("group", GROUPS[int(self.instance.group[at])])
        return AddHousehold(
            name, persons, group, like=like, facts={key: _plain(value) for key, value in words.items()}
        )

    def _arcs(self, facts: dict[str, int]) -> dict[str, int]:
        if self.ruled is None:
            return {}
        households, weights = self.ruled.column_of(facts)
        names = self.study.households
        return {names[h]: w for h, w in zip(households.tolist(), weights.tolist(), strict=True)}

    def _home(self, name: str) -> int:
        if name not in self.study.home_at:
            raise InstanceProblem(f"L'alloggio «{name}» non è nell'istanza.")
        return self.study.home_at[name]


def _pairs(verb: str, text: str) -> dict[str, str]:
    out: dict[str, str] = {}
    for part in filter(None, text.split(",")):
        name, equals, value = part.partition("=")
        if not equals or not name or not value:
            raise InstanceProblem(f"--{verb.replace('_', '-')}: «{part}» non è nella forma nome=valore.")
        out[name.strip()] = value.strip()
    return out


def _number(name: str, text: str) -> int:
    if not text.isdigit():
        raise InstanceProblem(f"«{text}» in «{name}» non è un numero intero.")
    return int(text)


def _plain(text: str) -> int | str:
    return int(text) if text.lstrip("-").isdigit() else text
