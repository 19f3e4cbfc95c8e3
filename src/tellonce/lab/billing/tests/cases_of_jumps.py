"""Charges and bills that jump at prices that the record does not know; and what explains such a jump."""

from datetime import timedelta

from tellonce.lab.billing.tests.registry import case
from tellonce.lab.billing.tests.worlds import MONTHS, Home, day, month


def at_unknown_prices(home: Home) -> None:
    home.only("services")["price_minor"] = None
    home.only("devices").update(code=None, rent_minor=None)


def jumping(home: Home, number: int = 5, amount_minor: int = 6000) -> None:
    at_unknown_prices(home)
    home.line(number, 1)["amount_minor"] = amount_minor


@case((5, 1, "jump", 3300))
def charge_jumps_once(home: Home) -> None:
    jumping(home)


@case((4, 1, "jump", 3300), (5, 1, "jump", 3300), (6, 1, "jump", 3300))
def charge_jumps_and_stays(home: Home) -> None:
    for number in (4, 5, 6):
        jumping(home, number)


@case((5, 1, "jump", 3300))
def charge_jumps_in_the_month_in_which_the_service_ends(home: Home) -> None:
    jumping(home)
    home.only("services")["valid_until"] = day("2025-05-21")
    home.drop(6, 1)
    home.charge(6, 3, period_from=day("2025-05-21"), period_until=month(6), amount_minor=-1065)


@case((5, 2, "jump", 660))
def rent_of_unknown_price_jumps(home: Home) -> None:
    at_unknown_prices(home)
    home.line(5, 2)["amount_minor"] = 1100


@case()
def rent_is_twice_as_much_and_that_is_little(home: Home) -> None:
    at_unknown_prices(home)
    home.line(5, 2)["amount_minor"] = 999


@case()
def charge_is_more_by_much_money_and_by_little_of_it(home: Home) -> None:
    jumping(home, amount_minor=3900)


@case((5, None, "jump", 1265))
def bill_jumps_by_charges_that_crept_up_together(home: Home) -> None:
    jumping(home, amount_minor=3950)
    home.line(5, 2)["amount_minor"] = 700


@case((5, None, "wrong_total", 1000))
def bill_that_jumps_is_not_told_where_its_total_is_wrong(home: Home) -> None:
    bill_jumps_by_charges_that_crept_up_together(home)
    home.bill_row(5)["total_minor"] = 6115


@case()
def bill_rises_by_a_visit_and_by_use(home: Home) -> None:
    at_unknown_prices(home)
    home.add("orders", account=home.number, code="VISIT", service=None, on=day("2025-04-20"))
    home.add("traffic", service=home.number, month=month(4), units=1200)
    home.once(5)
    home.use(5, 4, amount_minor=6000)


@case()
def charge_jumps_after_two_bills_alone(home: Home) -> None:
    jumping(home, 3)


@case()
def charge_was_as_dear_before(home: Home) -> None:
    jumping(home, 1)
    jumping(home, 6)


@case((5, 1, "wrong_price", 3300))
def charge_of_known_price_jumps(home: Home) -> None:
    home.line(5, 1)["amount_minor"] = 6000


@case((5, 3, "charged_twice", 6600))
def charge_jumps_where_it_stands_twice(home: Home) -> None:
    at_unknown_prices(home)
    home.charge(5, 3, amount_minor=6000)


@case()
def new_terms_of_unknown_price(home: Home) -> None:
    at_unknown_prices(home)
    home.only("services")["valid_until"] = month(5)
    home.serve(valid_from=month(5), price_minor=None)
    for number in (5, 6):
        home.line(number, 1)["amount_minor"] = 6000


@case()
def parts_of_months_and_then_whole_ones(home: Home) -> None:
    at_unknown_prices(home)
    for number in range(1, 5):
        days = (month(number + 1) - month(number)).days
        home.line(number, 1).update(period_from=month(number + 1) - timedelta(days=10), amount_minor=30_000 // days)


@case(*[(number, 1, "in_a_pause", 990) for number in range(1, 5)])
def seasonal_stop_at_a_low_price_ends(home: Home) -> None:
    at_unknown_prices(home)
    home.add("pauses", service=home.number, valid_from=day("2024-02-01"), valid_until=month(5))
    for number in range(1, 5):
        home.line(number, 1)["amount_minor"] = 900


@case(*[(number, None, "promotion_missing", 1650) for number in range(1, 5)])
def promotion_within_the_price_ends(home: Home) -> None:
    at_unknown_prices(home)
    home.add("promotions", service=home.number, code="INSIDE", discount_minor=1500, valid_from=month(1),
             valid_until=month(5))  # fmt: skip
    for number in range(1, 5):
        home.line(number, 1)["amount_minor"] = 1500


@case((5, 3, "not_of_record", -1650))
def correction_gives_back_what_it_charges_anew(home: Home) -> None:
    jumping(home)
    home.charge(5, 3, period_from=day("2025-04-16"), period_until=month(5), amount_minor=-1500)


# --- the price book -----------------------------------------------------------------------------------------------


def of_the_book(home: Home, *, now: int, area: str | None = None) -> None:
    """The service has a code of its own, which the book has at 20.00 and from May on at 50.00."""
    at_unknown_prices(home)
    code = f"BOOK{home.number}"
    home.only("services")["code"] = code
    for number in range(1, MONTHS + 1):
        home.line(number, 1)["code"] = code
    for number in range(5, MONTHS + 1):
        home.line(number, 1)["amount_minor"] = now
    book = {"code": code, "area": area, "unit": "month"}
    home.add("prices", amount_minor=2000, valid_from=day("2020-01-01"), valid_until=month(5), **book)
    home.add("prices", amount_minor=5000, valid_from=month(5), valid_until=None, **book)


@case()
def price_of_the_book(home: Home) -> None:
    of_the_book(home, now=5000)


@case()
def rise_of_the_book_on_an_agreed_price(home: Home) -> None:
    of_the_book(home, now=6000)


@case((5, 1, "jump", 3850), (6, 1, "jump", 3850))
def far_more_than_the_rise_of_the_book(home: Home) -> None:
    of_the_book(home, now=9500)


@case()
def area_is_unknown_and_the_price_is_by_area(home: Home) -> None:
    of_the_book(home, now=9500, area="south")
    home.only("accounts")["area"] = None


@case((5, 3, "jump", 880))
def monthly_fee_of_the_book_jumps(home: Home) -> None:
    for number in range(1, MONTHS + 1):
        home.once(number, kind="fee", code="PORTAL", amount_minor=950 if number == 5 else 150)


@case((5, 3, "jump", 880))
def monthly_fee_jumps_when_the_price_of_the_service_changes(home: Home) -> None:
    home.only("services")["valid_until"] = day("2025-04-16")
    home.serve(valid_from=day("2025-04-16"))
    monthly_fee_of_the_book_jumps(home)


@case()
def monthly_fee_jumps_when_a_second_service_begins(home: Home) -> None:
    at_unknown_prices(home)
    monthly_fee_of_the_book_jumps(home)
    home.serve(service=95_000 + home.number, code="NET", valid_from=month(5), price_minor=0)


@case((5, 1, "waived", 6600))
def charge_jumps_that_was_waived(home: Home) -> None:
    jumping(home)
    home.add("waivers", account=home.number, code="TV", valid_from=month(5), valid_until=month(6))
