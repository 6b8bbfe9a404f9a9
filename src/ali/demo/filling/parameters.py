"""What a prefecture would decide and nobody has: values and criteria that say they are only a demonstration."""

from datetime import date, timedelta

from ali.allocation.eligibility import DEFAULT_WEIGHTS
from ali.allocation.models import Criteria
from ali.demo.exits import DENIED_DAYS
from ali.demo.filling.bodies import PROVINCE
from ali.demo.filling.rows import write
from ali.rules.models import Rule

EXIT_DAYS = 30
SINCE_DAYS = 1500
SOURCE = "Valore dimostrativo: nessun ufficio lo ha stabilito"
SENTENCES = {
    "reception.exit_days.recognised.permit_delivered": (
        EXIT_DAYS,
        "Valore dimostrativo: {days} giorni tra la consegna del permesso di soggiorno e la fine dell'accoglienza. "
        "Nella realtà li stabilisce la prefettura.",
    ),
    "reception.exit_days.other_permit.permit_delivered": (
        EXIT_DAYS,
        "Valore dimostrativo: {days} giorni tra la consegna di un altro permesso e la fine dell'accoglienza. "
        "Nella realtà li stabilisce la prefettura.",
    ),
    "reception.exit_days.rejected.appeal_expired": (
        DENIED_DAYS,
        "Valore dimostrativo: {days} giorni tra la scadenza del termine per il ricorso e la fine dell'accoglienza. "
        "Nella realtà li stabilisce la prefettura.",
    ),
}


def add_parameters(today: date) -> None:
    """Give the exit clock of Padova values to run on, and its rounds criteria that no act has approved."""
    since = today - timedelta(days=SINCE_DAYS)
    write(
        [
            Rule(
                code=code,
                value=days,
                unit="giorni",
                province_id=PROVINCE,
                valid_from=since,
                sentence=sentence.format(days=days),
                source=SOURCE,
                is_demo=True,
            )
            for code, (days, sentence) in SENTENCES.items()
        ]
    )
    Criteria.objects.create(
        title="Criteri dimostrativi, non approvati da nessun atto",
        province_id=PROVINCE,
        weights=dict(DEFAULT_WEIGHTS),
        valid_from=since,
    )
