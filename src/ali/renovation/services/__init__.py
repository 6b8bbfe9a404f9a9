"""What happens to works: phases, titles."""

from ali.renovation.services.phases import (
    WorksFacts,
    WorksNotPossible,
    abandon_works,
    begin_phase,
    change_works,
    next_phases,
    open_works,
    plan_all,
    plan_phase,
    resume_works,
    step_back,
    suspend_works,
)
from ali.renovation.services.titles import TitleNotPossible, add_title, take_title_step

__all__ = [
    "TitleNotPossible",
    "WorksFacts",
    "WorksNotPossible",
    "abandon_works",
    "add_title",
    "begin_phase",
    "change_works",
    "next_phases",
    "open_works",
    "plan_all",
    "plan_phase",
    "resume_works",
    "step_back",
    "suspend_works",
    "take_title_step",
]
