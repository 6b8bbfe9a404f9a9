"""What each instrument of guarantee covers, and what it leaves to who gives the home (domain reference 4.5)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ali.agreements.states import Instrument


@dataclass(frozen=True)
class Cover:
    """An instrument in words."""

    label: str
    arrears: str
    damage: str
    who_pays: str


def instruments() -> list[Cover]:
    """Return every instrument with what it covers, in the reader's language."""
    known = {
        Instrument.DEPOSIT: (
            _("fino alle mensilità versate, di solito due o tre"),
            _("sì, dopo la riconsegna"),
            _("chi entra, o chi lo aiuta: torna indietro"),
        ),
        Instrument.SURETY: (
            _("fino alla somma scritta nella polizza o nella lettera"),
            _("se è scritto"),
            _("chi entra paga la commissione; la banca si rivale"),
        ),
        Instrument.FUND: (
            _("le mensilità del regolamento, tolta la franchigia, se la morosità è incolpevole"),
            _("no, salvo regolamento"),
            _("il fondo, che poi prova a recuperare"),
        ),
        Instrument.GUARANTOR: (
            _("come promesso nel contratto"),
            _("se è scritto"),
            _("il garante: un ente, un datore di lavoro, una persona"),
        ),
        Instrument.POLICY: (
            _("fino al massimale, dopo lo scoperto"),
            _("spesso sì"),
            _("l'assicurazione; il premio lo paga l'ente"),
        ),
    }
    return [Cover(str(one.label), *known[one]) for one in Instrument]
