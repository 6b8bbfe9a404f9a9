from ali.agreements.forms.agreements import (
    AgreementForm,
    AmendmentForm,
    ClockForm,
    DepositForm,
    EndForm,
    HandBackForm,
    NoticeForm,
    RegistrationForm,
    ShareForm,
)
from ali.agreements.forms.funds import (
    CommitmentForm,
    DecisionForm,
    EndowmentForm,
    FundForm,
    RecoveryForm,
)
from ali.agreements.forms.guarantees import AnswerForm, AskForm, SchemeForm

__all__ = [
    "AgreementForm",
    "AmendmentForm",
    "AnswerForm",
    "AskForm",
    "ClockForm",
    "CommitmentForm",
    "DecisionForm",
    "DepositForm",
    "EndForm",
    "EndowmentForm",
    "FundForm",
    "HandBackForm",
    "NoticeForm",
    "RecoveryForm",
    "RegistrationForm",
    "SchemeForm",
    "ShareForm",
]
