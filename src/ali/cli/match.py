"""`ali match`: the matching engine on folders of tables, without a database."""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ali.cli import weekly, whatif
from ali.matching.errors import InstanceProblem

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from ali.matching.instance import Instance
    from ali.matching.result import Result
    from ali.matching.why import Why

BAD_INPUT = 2


def register(subparsers: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `match` and what it can do."""
    match = subparsers.add_parser("match", help="assegna le case alle famiglie e spiega perché")
    actions = match.add_subparsers(dest="action", required=True, metavar="azione")
    _register_solve(actions)
    _register_explain(actions)
    whatif.register(actions)
    _register_arcs(actions)
    weekly.register(actions)


def _register_arcs(actions: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    arcs = actions.add_parser("arcs", help="scrive gli abbinamenti che le regole di rules.json permettono")
    arcs.add_argument(
        "instance", type=Path, metavar="INSTANCE", help="cartella con households, dwellings e rules.json"
    )
    arcs.set_defaults(handler=write_arcs)


def write_arcs(arguments: argparse.Namespace) -> int:
    """Apply the rules of the folder and write its arcs."""
    from ali.matching.ruled import build_instance  # noqa: PLC0415  the engine is slow to load

    try:
        count = build_instance(arguments.instance)
    except (InstanceProblem, OSError) as problem:
        return _refuse(problem)
    print(f"{count} abbinamenti superano tutte le regole.")
    return 0


def _register_solve(actions: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    solve = actions.add_parser("solve", help="cerca l'assegnazione migliore e ne scrive la prova")
    solve.add_argument(
        "instance", type=Path, metavar="INSTANCE", help="cartella delle tabelle (Parquet o CSV)"
    )
    solve.add_argument(
        "--model", choices=["whole", "shared", "joint"], required=True, help="come si usano gli alloggi"
    )
    solve.add_argument("--out", type=Path, required=True, metavar="RESULT", help="cartella da scrivere")
    solve.add_argument("--seed", type=int, default=0, metavar="N", help="seme, scritto nel certificato")
    solve.add_argument(
        "--budget", choices=["small", "normal", "large"], default="normal", help="quanto cercare"
    )
    solve.add_argument(
        "--from",
        type=Path,
        dest="previous",
        metavar="PREVIOUS",
        help="cartella del risultato da cui si parte",
    )
    solve.add_argument(
        "--keep-bonus",
        type=_bonus,
        default=0,
        metavar="N|auto",
        help="valore in più per chi resta dov'è; auto: il meno spostamenti perdendo al più lo 0,05%%",
    )
    solve.add_argument(
        "--by-class", action="store_true", help="prima la classe di priorità 0, poi la 1, e così via"
    )
    solve.add_argument(
        "--floor",
        type=_floor,
        metavar="PERCENTO|max",
        help="quota minima di persone con casa in ogni territorio; max: la più alta possibile",
    )
    solve.set_defaults(handler=solve_instance)


def _bonus(text: str) -> int | Literal["auto"]:
    return "auto" if text == "auto" else int(text)


def _floor(text: str) -> float | Literal["max"]:
    return "max" if text == "max" else float(text.rstrip("%").replace(",", ".")) / 100


def _register_explain(actions: "_SubParsersAction[argparse.ArgumentParser]") -> None:
    explain = actions.add_parser("explain", help="spiega una casa proposta, o perché non ce n'è una")
    explain.add_argument("instance", type=Path, metavar="INSTANCE", help="cartella delle tabelle")
    explain.add_argument("result", type=Path, metavar="RESULT", help="cartella del risultato")
    explain.add_argument("--household", metavar="H", help="perché questo nucleo ha questa casa, o nessuna")
    explain.add_argument("--dwelling", metavar="D", help="con --household: perché non questa casa")
    explain.add_argument("--binding", action="store_true", help="le regole e i tetti che pesano di più")
    explain.add_argument(
        "--new-homes", action="store_true", help="le case che, se ci fossero, darebbero casa a più persone"
    )
    explain.add_argument("--choices", action="store_true", help="quanto costa ogni scelta di equità")
    explain.add_argument("--most", type=int, default=20, metavar="N", help="quante righe per elenco (20)")
    explain.add_argument("--json", action="store_true", help="stampa i dati invece delle frasi")
    explain.set_defaults(handler=explain_result)


def solve_instance(arguments: argparse.Namespace) -> int:
    """Solve, write the result folder, print the certificate."""
    from ali.matching import Instance  # noqa: PLC0415  the engine is slow to load
    from ali.matching.fair import solve_fairly  # noqa: PLC0415
    from ali.matching.result import read_homes, refuse_foreign_folder  # noqa: PLC0415

    try:
        refuse_foreign_folder(arguments.out)
        instance = Instance.read(arguments.instance)
        previous = read_homes(arguments.previous, instance) if arguments.previous else None
        with stray_output_to_stderr():
            result = solve_fairly(
                instance,
                model=arguments.model,
                seed=arguments.seed,
                budget=arguments.budget,
                previous=previous,
                keep_bonus=arguments.keep_bonus,
                by_class=arguments.by_class,
                floor=arguments.floor,
            )
        result.write(arguments.out)
    except (InstanceProblem, OSError) as problem:
        return _refuse(problem)
    print(json.dumps(result.certificate, ensure_ascii=False, sort_keys=True))
    return 0


@contextmanager
def stray_output_to_stderr() -> Iterator[None]:
    """Keep the standard output for the certificate: HiGHS now and then prints a line of its own."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def explain_result(arguments: argparse.Namespace) -> int:
    """Print why: of a household, of a pair, or of the whole allocation."""
    try:
        told, lines = _explained(arguments)
    except (InstanceProblem, OSError) as problem:
        return _refuse(problem)
    print(json.dumps(told, ensure_ascii=False) if arguments.json else "\n".join(lines))
    return 0


def _explained(arguments: argparse.Namespace) -> tuple[dict[str, Any], list[str]]:
    from ali.matching import Instance  # noqa: PLC0415  the engine is slow to load
    from ali.matching.reading import read_result  # noqa: PLC0415
    from ali.matching.reasons import explain  # noqa: PLC0415
    from ali.matching.ruled import Ruled  # noqa: PLC0415
    from ali.matching.why import Why  # noqa: PLC0415

    if not (arguments.household or arguments.binding or arguments.new_homes or arguments.choices):
        raise InstanceProblem("Manca che cosa spiegare: --household, --binding, --new-homes o --choices.")
    if arguments.dwelling and not arguments.household:
        raise InstanceProblem("--dwelling vuole anche --household: si spiega una coppia.")
    given = Instance.read(arguments.instance)
    result = read_result(given, arguments.result)
    if result.certificate["model"] == "joint":
        return _explained_jointly(arguments, result)
    why = Why.of(result, Ruled.read(arguments.instance))
    told: dict[str, Any] = {}
    lines: list[str] = []
    if arguments.dwelling:
        answer = why.not_that_one(arguments.household, arguments.dwelling)
        told |= answer.as_dict()
        lines += answer.sentences()
    elif arguments.household:
        explanation = explain(result, arguments.household)
        changes = why.relaxations(arguments.household)
        told |= explanation.as_dict() | {"would_house": [vars(change) for change in changes]}
        lines += explanation.sentences()
        lines += [f"Avrebbe casa con un solo cambiamento: {change.line()}." for change in changes]
    told |= _of_everybody(arguments, why, given, lines)
    return told, lines


def _explained_jointly(arguments: argparse.Namespace, result: "Result") -> tuple[dict[str, Any], list[str]]:
    """What can be said where homes and jobs are joined: a home with its alternatives, without trying changes."""
    from ali.matching.reasons import explain  # noqa: PLC0415  the engine is slow to load

    if arguments.dwelling or arguments.binding or arguments.new_homes or arguments.choices:
        raise InstanceProblem(
            "Di un risultato joint si spiega un nucleo alla volta, con --household da solo."
        )
    explanation = explain(result, arguments.household)
    return explanation.as_dict(), explanation.sentences()


def _of_everybody(
    arguments: argparse.Namespace, why: "Why", given: "Instance", lines: list[str]
) -> dict[str, Any]:
    from ali.matching.choices import prices_of_choices  # noqa: PLC0415  the engine is slow to load
    from ali.matching.guide import new_homes  # noqa: PLC0415

    told: dict[str, Any] = {}
    if arguments.binding:
        binding, scarce = why.binding()[: arguments.most], why.scarcity()[: arguments.most]
        told |= {"binding": [vars(one) for one in binding], "scarcity": scarce}
        lines += [f"{one.line()}." for one in binding]
        lines += [f"{place} ({mode}): un posto vale in media {price:.0f}; posti: {places}." for place, mode, price, places in scarce]  # fmt: skip
    if arguments.new_homes:
        homes = new_homes(why.study, arguments.most)
        told["new_homes"] = [one.as_dict() for one in homes]
        lines += [f"{at}. {one.line()}." for at, one in enumerate(homes, 1)]
    if arguments.choices:
        choices = prices_of_choices(why.study.result, given=given)
        told["choices"] = [one.as_dict() for one in choices]
        lines += [one.line() for one in choices] or [
            "Nessuna scelta di equità costa: non ci sono tetti né obblighi."
        ]
    return told


def _refuse(problem: Exception) -> int:
    print(str(problem), file=sys.stderr)
    return BAD_INPUT
