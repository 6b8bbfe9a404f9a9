from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class ReceptionConfig(AppConfig):
    name = "ali.reception"
    label = "reception"

    def ready(self) -> None:
        from ali.imports.kinds import offer_kind  # models are loaded only now
        from ali.people.hooks import NextStep, offer_next_step, provide_clock, when_reserved
        from ali.reception import readiness, services
        from ali.reception.clock import calculate_exit_date
        from ali.reception.contract_import import ANAC
        from ali.reception.gaps import provide_gap, restart_gaps
        from ali.reception.guest_import.kind import GUESTS
        from ali.reception.models import Centre
        from ali.reception.states import Gap
        from ali.rules.calculators import offer_calculator

        offer_calculator("exit-date", calculate_exit_date)
        offer_kind(GUESTS)
        offer_kind(ANAC)
        provide_gap(Gap.PAPERS, readiness.papers_gaps)
        provide_gap(Gap.LANGUAGE, readiness.language_gaps)
        provide_gap(Gap.HOME, readiness.home_gaps)
        # In this order: a proposed day falls due too.
        provide_clock(services.follow_papers)
        provide_clock(services.write_exit_deadlines)
        provide_clock(restart_gaps)
        when_reserved(services.follow_reserve)
        offer_next_step(
            NextStep(
                code="admit",
                label=_("Apri la scheda e registra l'ingresso in un centro"),
                is_for=lambda actor: Centre.objects.visible_to(actor).exists(),
                address=lambda person: reverse("reception:admit", args=[person.public_id]),
            )
        )
