from ali.agreements.models.agreements import Agreement, AgreementClock, Amendment, HandBack
from ali.agreements.models.funds import Commitment, Fund, FundCall, FundEntry
from ali.agreements.models.guarantees import GuaranteeApplication, GuaranteeScheme

__all__ = [
    "Agreement",
    "AgreementClock",
    "Amendment",
    "Commitment",
    "Fund",
    "FundCall",
    "FundEntry",
    "GuaranteeApplication",
    "GuaranteeScheme",
    "HandBack",
]
