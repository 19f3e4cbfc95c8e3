"""The figures that the made-up history follows, each with where it was published (docs/guide/demo.md explains)."""

from typing import Final

DAYS: Final = 730

# Calls by hour of a working day and of the weekend, shares of the day: AnonymousBank (Technion), arrivals per
# six minutes, January to September 1999. Sunday to Thursday are its working days. Its Friday ends at two and its
# Saturday begins at sunset, so our weekend's curve is the mean of its working day's and its Friday's.
WORKDAY_HOURS: Final = (
    0.0035, 0.0014, 0.0006, 0.0003, 0.0003, 0.0007, 0.0038, 0.0270, 0.0579, 0.0757, 0.0876, 0.0775,
    0.0692, 0.0735, 0.0775, 0.0762, 0.0769, 0.0623, 0.0514, 0.0406, 0.0373, 0.0380, 0.0338, 0.0269,
)  # fmt: skip
WEEKEND_HOURS: Final = (
    0.0074, 0.0023, 0.0012, 0.0008, 0.0007, 0.0010, 0.0050, 0.0386, 0.0952, 0.1141, 0.1192, 0.1102,
    0.1033, 0.0816, 0.0646, 0.0513, 0.0472, 0.0364, 0.0283, 0.0217, 0.0195, 0.0195, 0.0173, 0.0140,
)  # fmt: skip
# Contacts by weekday, Monday first, as shares of Monday's. Working days: the same file's Sunday to Thursday. Weekend:
# the mean of its Friday and Saturday (0.34, 0.12) and of the FCC's Comcast complaints (0.60, 0.64 of a working day).
WEEKDAY_LEVEL: Final = (1.0, 0.93, 0.96, 0.90, 0.92, 0.47, 0.38)

# Seconds waited by those who were answered: median 60, mean 95 (the same call centre, January, February, August).
CALL_WAIT_MEDIAN_S: Final = 60.0
CALL_WAIT_SIGMA: Final = 0.96
# Talking time: its log spread there is 1.21; its median there is 109 s, and a service call of a US centre now takes
# over seven minutes (ContactBabel, US Contact Center Decision-Makers' Guide 2025).
CALL_TALK_MEDIAN_S: Final = 330.0
CALL_TALK_SIGMA: Final = 0.75
# Gave up before anybody answered: 22% in that call centre, about 8% in ContactBabel's 2025 guide.
CALL_ABANDONED: Final = 0.06
# In an outage the queue is full: nobody publishes how much fuller, so chosen.
OUTAGE_WAITS: Final = 3.0
OUTAGE_ABANDONED: Final = 0.14

# A full floor answers later: from the quietest hour to the busiest by this factor (e to the power of it), chosen; the
# median over all calls stays what it is.
BUSY_WAITS: Final = 1.2

# Calls that became no contact, as shares of those that did. Hung up in the menu: 6,196 of 107,021 calls of that call
# centre. Left the queue without a trace: what ContactBabel's 8% has more than the 6% above. Solved in the menu: chosen.
LEFT_MENU: Final = 0.06
ABANDONED_UNHEARD: Final = 0.02
SOLVED_IN_MENU: Final = 0.12
# One person more is on the phones of customer care on weekday mornings since so many days before the first demo's end,
# which is the decision that `decisions.py` tells of; waits in these hours are so much shorter since then. Chosen.
ONE_MORE_SINCE: Final = DAYS - 45
ONE_MORE_HOURS: Final = (9, 13)
ONE_MORE_WAITS: Final = 0.45

# How customers reach us. Voice 71% of what reaches US centres (ContactBabel, Inner Circle Guide to Omnichannel);
# the rest in the proportions of Call Centre Helper's 2024 survey (mail 16.6, chat 7, social 2.1, text 1.7, letter 1.2),
# chat and portal raised at the cost of mail, which "is declining by 3.9 percent year on year" (ContactBabel).
CHANNELS: Final = (
    ("call", 0.68), ("chat", 0.12), ("mail", 0.09), ("text", 0.035), ("portal", 0.03), ("shop", 0.03),
    ("social", 0.01), ("letter", 0.005),
)  # fmt: skip

# Solved in the first contact: 61% of telecom contacts (SQM Group, by industry), 70% over all industries.
SOLVED_AT_FIRST_BAND: Final = (0.61, 0.70)
# Customers lost in a month: wireline 2% to 2.5% (churn.de, 2014), 2.5% in Preseem's example for internet providers;
# postpaid wireless 0.7% to 1.2%. Involuntary: the share of those who were cut off for not paying.
CHURN_BAND: Final = (0.010, 0.025)
VOLUNTARY_A_MONTH: Final = 0.0125
INVOLUNTARY_A_MONTH: Final = 0.0030
# Homes that move in a year: 9.8% (US Census, by POTs and PANs, 2022).
MOVES_A_YEAR: Final = 0.098
# Contacts of a customer in a year. Calls to customer service per customer in the churn set of 5,000: mean 1.57
# (MIT package modeldata); a service-call percentage of 4% a month (Communications Technology, 2000) is 0.5 a year.
CONTACTS_A_YEAR_BAND: Final = (1.5, 3.5)
# What 2,224 complaints about one cable company were about (FCC, 2015): charges 0.32 and data caps 0.10,
# internet 0.26, service and people 0.11, the rest unsaid. Complaints lean to money; contacts lean to things that fail.
BILLING_SHARE_BAND: Final = (0.22, 0.42)
INTERNET_SHARE_BAND: Final = (0.22, 0.42)

KEPT_PROMISES: Final = 0.86
OWNED_UP: Final = 0.7  # within the hour
OWNED_UP_EVER: Final = 0.97
