"""The first tree of matters for a cable, fibre or wireless provider; codes are stable, names are translated."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _


@dataclass(frozen=True, slots=True)
class FirstMatter:
    """A matter of the first tree; its code is its parent's code, a dot, and its own word."""

    word: str
    name: str
    below: tuple["FirstMatter", ...] = ()


def _m(word: str, name: str, *below: FirstMatter) -> FirstMatter:
    return FirstMatter(word, name, below)


FIRST_MATTERS: tuple[FirstMatter, ...] = (
    _m(
        "internet",
        _("Internet"),
        _m("down", _("No internet")),
        _m(
            "slow",
            _("Slow internet"),
            _m("evening", _("Slow in the evening")),
            _m("wifi", _("Slow over Wi-Fi only")),
            _m("always", _("Slower than what is paid for")),
        ),
        _m("drops", _("Internet drops")),
        _m("wifi", _("Wi-Fi at home")),
        _m("device", _("Modem or router"), _m("setup", _("Setting up a router")), _m("broken", _("Broken modem"))),
        _m("data_cap", _("Data limit reached")),
        _m("mail", _("Mail address of ours")),
    ),
    _m(
        "tv",
        _("TV"),
        _m("down", _("No picture")),
        _m("quality", _("Picture or sound is bad")),
        _m("channel", _("A channel is missing")),
        _m("box", _("TV box or remote control")),
        _m("recording", _("Recordings")),
        _m("apps", _("Streaming apps")),
    ),
    _m(
        "phone",
        _("Home phone"),
        _m("down", _("No dial tone")),
        _m("quality", _("Noise or dropped calls")),
        _m("nuisance", _("Unwanted calls")),
        _m("number", _("Keeping or changing the number")),
    ),
    _m(
        "mobile",
        _("Mobile"),
        _m("coverage", _("No signal")),
        _m("data", _("Mobile data does not work")),
        _m("sim", _("SIM card, new or lost")),
        _m("roaming", _("Abroad")),
        _m("number", _("Bringing a number along")),
    ),
    _m("outage", _("Outage"), _m("status", _("When will it work again?")), _m("credit", _("Credit for an outage"))),
    _m(
        "billing",
        _("Billing"),
        _m("question", _("What is this charge?")),
        _m("first_bill", _("The first bill")),
        _m(
            "wrong",
            _("Wrong charge"),
            _m("rental", _("Equipment rental charged wrongly")),
            _m("ended", _("Charged after ending")),
            _m("twice", _("Charged twice")),
            _m("fee", _("Fee for a visit or late payment")),
        ),
        _m("raise", _("The price went up"), _m("promotion", _("Promotion ended")), _m("list", _("New list price"))),
        _m("credit_missing", _("A promised credit is missing")),
        _m("pay", _("Paying"), _m("how", _("How to pay")), _m("failed", _("A payment failed"))),
        _m("later", _("Cannot pay now")),
        _m("cut_off", _("Cut off for not paying")),
    ),
    _m(
        "order",
        _("Orders and changes"),
        _m("new", _("New service")),
        _m("upgrade", _("More or faster")),
        _m("downgrade", _("Less or cheaper")),
        _m("status", _("Where is my order?")),
        _m("wrong", _("Not what was ordered")),
        _m("available", _("Is it available here?")),
    ),
    _m("move", _("Moving house"), _m("plan", _("Moving the service")), _m("problem", _("A move went wrong"))),
    _m(
        "visit",
        _("Technician's visit"),
        _m("book", _("Booking a visit")),
        _m("change", _("Changing a visit")),
        _m("missed", _("Nobody came")),
        _m("late", _("Where is the technician?")),
        _m("work", _("The work was not good"), _m("damage", _("Something was damaged"))),
    ),
    _m(
        "equipment",
        _("Equipment"),
        _m("return", _("Giving equipment back")),
        _m("exchange", _("Exchanging equipment")),
        _m("delivery", _("A parcel did not arrive")),
    ),
    _m(
        "account",
        _("Account"),
        _m("sign_in", _("Cannot sign in")),
        _m("details", _("Changing name, address or number")),
        _m("people", _("Who may speak for the account")),
        _m("security", _("Somebody else used the account")),
        _m("privacy", _("What we know about the customer")),
        _m("bereavement", _("The holder has died")),
    ),
    _m(
        "leaving",
        _("Leaving"),
        _m("wish", _("Wants to leave")),
        _m("price", _("Leaving for the price")),
        _m("moving_away", _("Moving away")),
        _m("service", _("Leaving because of the service")),
        _m("status", _("Was the service ended?")),
    ),
    _m(
        "about_us",
        _("About us"),
        _m("complaint", _("How somebody was treated")),
        _m("promise", _("A promise was not kept")),
        _m("no_answer", _("Could not reach anybody")),
        _m("praise", _("Thank you")),
        _m("idea", _("A wish or an idea")),
    ),
    _m("other", _("Something else"), _m("wrong_number", _("Wrong number")), _m("sales", _("Calls from sellers"))),
)


def first_codes(matters: tuple[FirstMatter, ...] = FIRST_MATTERS, above: str = "") -> list[str]:
    """The codes of the first tree, parents before their children."""
    codes: list[str] = []
    for matter in matters:
        code = f"{above}.{matter.word}" if above else matter.word
        codes += [code, *first_codes(matter.below, code)]
    return codes
