"""Wrong prices, promises, sums, and charges for what is not there; and what only looks so."""

from tellonce.lab.billing.tests.registry import case
from tellonce.lab.billing.tests.worlds import MONTHS, Home, day, month


@case((5, 1, "wrong_price", 550))
def another_price(home: Home) -> None:
    home.line(5, 1)["amount_minor"] = 3500


@case((5, 1, "wrong_price", 1))
def one_unit_too_much(home: Home) -> None:
    home.line(5, 1)["amount_minor"] = 3001


@case()
def price_rises(home: Home) -> None:
    home.only("services")["valid_until"] = month(4)
    home.serve(valid_from=month(4), price_minor=3300)
    for number in range(4, MONTHS + 1):
        home.line(number, 1)["amount_minor"] = 3300


@case((3, 1, "early_rise", 330))
def price_rises_a_month_early(home: Home) -> None:
    price_rises(home)
    home.line(3, 1)["amount_minor"] = 3300


@case((4, 1, "wrong_price", 550))
def old_price_after_it_fell(home: Home) -> None:
    home.only("services")["valid_until"] = month(4)
    home.serve(valid_from=month(4), price_minor=2500)
    for number in range(5, MONTHS + 1):
        home.line(number, 1)["amount_minor"] = 2500


@case()
def price_rises_within_a_month(home: Home) -> None:
    home.only("services")["valid_until"] = day("2025-04-16")
    home.serve(valid_from=day("2025-04-16"), price_minor=3600)
    home.line(4, 1)["amount_minor"] = 3300
    for number in (5, 6):
        home.line(number, 1)["amount_minor"] = 3600


@case()
def plan_changes_within_a_month(home: Home) -> None:
    home.only("services")["valid_until"] = day("2025-04-16")
    home.serve(valid_from=day("2025-04-16"), price_minor=3600, code="TVPLUS", product="tv plus")
    half = {"period_from": day("2025-04-16"), "period_until": month(5)}
    for number in (5, 6):
        home.line(number, 1).update(code="TVPLUS", product="tv plus", amount_minor=3600)
    home.charge(5, 3, amount_minor=-1500, **half)
    home.charge(5, 4, amount_minor=1800, code="TVPLUS", product="tv plus", **half)


@case((5, 3, "after_end", 3300))
def old_plan_beside_the_new(home: Home) -> None:
    home.only("services")["valid_until"] = month(4)
    home.serve(valid_from=month(4), price_minor=3600, code="TVPLUS", product="tv plus")
    for number in range(4, MONTHS + 1):
        home.line(number, 1).update(code="TVPLUS", product="tv plus", amount_minor=3600)
    home.charge(5, 3)


@case()
def price_of_the_record_is_unknown(home: Home) -> None:
    home.only("services")["price_minor"] = None
    home.line(3, 1)["amount_minor"] = 9999


# --- promises -----------------------------------------------------------------------------------------------------


def promised(home: Home) -> None:
    home.add(
        "promotions", service=home.number, code="PROMO", discount_minor=1000, valid_from=month(1), valid_until=month(5)
    )
    for number in range(1, 5):
        home.charge(number, 5, kind="discount", code="PROMO", amount_minor=-1000)


@case()
def discount_as_promised(home: Home) -> None:
    promised(home)


@case((4, None, "promotion_missing", 1100))
def discount_ends_early(home: Home) -> None:
    promised(home)
    home.drop(4, 5)


@case((4, 5, "promotion_missing", 330))
def discount_is_too_small(home: Home) -> None:
    promised(home)
    home.line(4, 5)["amount_minor"] = -700


@case((5, 5, "not_of_record", -1100))
def discount_goes_on(home: Home) -> None:
    promised(home)
    home.charge(5, 5, kind="discount", code="PROMO", amount_minor=-1000)


def agreed(home: Home) -> None:
    home.add(
        "credits", credit=home.number, account=home.number, code="SORRY", amount_minor=800, agreed_on=day("2025-02-10")
    )


@case()
def credit_as_agreed(home: Home) -> None:
    agreed(home)
    home.once(3, 6, kind="credit", code="SORRY", amount_minor=-800)


@case((3, None, "credit_missing", 800))
def credit_is_missing(home: Home) -> None:
    agreed(home)


@case((3, 6, "credit_missing", 330))
def credit_is_too_small(home: Home) -> None:
    agreed(home)
    home.once(3, 6, kind="credit", code="SORRY", amount_minor=-500)


@case((4, 6, "not_of_record", -880))
def credit_twice(home: Home) -> None:
    agreed(home)
    home.once(3, 6, kind="credit", code="SORRY", amount_minor=-800)
    home.once(4, 6, kind="credit", code="SORRY", amount_minor=-800)


@case()
def credit_is_not_due_yet(home: Home) -> None:
    home.add(
        "credits", credit=home.number, account=home.number, code="SORRY", amount_minor=800, agreed_on=day("2025-05-30")
    )


@case((4, 1, "waived", 3300))
def service_was_waived(home: Home) -> None:
    home.add("waivers", account=home.number, code="TV", valid_from=month(3), valid_until=month(5))
    home.drop(3, 1)


@case((4, 2, "came_back", 550))
def disputed_rent_comes_back(home: Home) -> None:
    home.add("upheld", account=home.number, code="RENT", product=None, service=None, device=home.number,
             decided_on=day("2025-01-20"))  # fmt: skip
    for number in (2, 3, 5, 6):
        home.drop(number, 2)


@case((4, 3, "came_back", 6600))
def visit_comes_back_though_ordered(home: Home) -> None:
    home.add("upheld", account=home.number, code="VISIT", product=None, service=None, device=None,
             decided_on=day("2025-01-20"))  # fmt: skip
    home.add("orders", account=home.number, code="VISIT", service=None, on=day("2025-03-20"))
    home.once(4)


# --- once and by use ----------------------------------------------------------------------------------------------


@case()
def visit_as_ordered(home: Home) -> None:
    home.add("orders", account=home.number, code="VISIT", service=None, on=day("2025-03-20"))
    home.once(4)


@case((4, 3, "not_ordered", 6600))
def visit_without_an_order(home: Home) -> None:
    home.once(4)


@case((5, 3, "not_ordered", 6600))
def visit_charged_more_often_than_ordered(home: Home) -> None:
    home.add("orders", account=home.number, code="VISIT", service=None, on=day("2025-03-20"))
    home.once(4)
    home.once(5)


@case((3, 3, "not_ordered", 6600))
def visit_charged_before_its_order(home: Home) -> None:
    home.add("orders", account=home.number, code="VISIT", service=None, on=day("2025-03-20"))
    home.once(3)
    home.once(4)


@case((4, 4, "charged_twice", 6600))
def visit_twice_on_one_bill(home: Home) -> None:
    home.add("orders", account=home.number, code="VISIT", service=None, on=day("2025-03-20"))
    home.once(4)
    home.once(4, 4)


@case((4, 3, "wrong_price", 1100))
def visit_at_the_price_of_another_area(home: Home) -> None:
    home.add("orders", account=home.number, code="VISIT", service=None, on=day("2025-03-20"))
    home.once(4, amount_minor=7000)


@case()
def monthly_fee_of_the_book(home: Home) -> None:
    for number in range(1, MONTHS + 1):
        home.once(number, kind="fee", code="PORTAL", amount_minor=150)


@case()
def use_as_measured(home: Home) -> None:
    home.add("traffic", service=home.number, month=month(3), units=100)
    home.use(4)


@case((4, 3, "usage_over", 550))
def more_use_than_measured(home: Home) -> None:
    home.add("traffic", service=home.number, month=month(3), units=100)
    home.use(4, amount_minor=1000)


@case((4, 3, "wrong_price", 440))
def use_at_the_price_of_another_area(home: Home) -> None:
    home.add("traffic", service=home.number, month=month(3), units=100)
    home.use(4, amount_minor=900)


@case()
def use_that_nobody_measured(home: Home) -> None:
    home.use(4, amount_minor=1000)


@case((5, 3, "billed_again", 550))
def use_billed_again(home: Home) -> None:
    home.add("traffic", service=home.number, month=month(3), units=100)
    home.use(4)
    home.use(5, of=3)


# --- sums ---------------------------------------------------------------------------------------------------------


@case((4, 1, "wrong_tax", 60))
def tax_of_another_rate(home: Home) -> None:
    home.line(4, 1)["tax_minor"] = 360


@case((4, 1, "wrong_tax", 300))
def tax_for_the_exempt(home: Home) -> None:
    home.only("accounts")["is_tax_exempt"] = True
    home.line(4, 1)["tax_minor"] = 300


@case((4, None, "wrong_total", 100))
def total_is_not_the_sum(home: Home) -> None:
    home.bill_row(4)["total_minor"] = 3950


@case()
def unpaid_bill_is_carried_over(home: Home) -> None:
    home.bill_row(3)["is_paid"] = False
    for number in (4, 5, 6):
        home.bill_row(number)["carried_minor"] = 3850


@case((4, None, "not_of_record", 3850))
def payment_is_not_booked(home: Home) -> None:
    home.bill_row(4)["carried_minor"] = 3850


# --- what the record has not --------------------------------------------------------------------------------------


@case((4, 3, "not_of_record", 990))
def service_of_nobody(home: Home) -> None:
    home.charge(4, 3, service=99_999, code="MAG", product="magazine", amount_minor=900)


@case((4, 3, "not_of_record", 990))
def charge_without_service_by_a_code_of_nothing(home: Home) -> None:
    home.charge(4, 3, service=None, code="MAG", product="magazine", amount_minor=900)


@case((4, 3, "not_of_record", 3300))
def service_of_another_account(home: Home) -> None:
    home.charge(4, 3, service=1)


@case((4, 2, "not_of_record", 550))
def rent_for_the_customers_own_modem(home: Home) -> None:
    home.only("devices").update(is_ours=False, rent_minor=None)
    for number in (1, 2, 3, 5, 6):
        home.drop(number, 2)


@case((4, 1, "not_of_record", 3300))
def line_in_another_currency(home: Home) -> None:
    home.line(4, 1)["currency"] = "MXN"


@case((4, None, "not_of_record", -3000))
def service_is_not_charged(home: Home) -> None:
    home.drop(4, 1)


@case()
def moved_house(home: Home) -> None:
    home.only("services")["valid_until"] = day("2025-04-11")
    home.only("devices")["until"] = day("2025-04-11")
    moved = 50_000 + home.number
    home.serve(service=moved, valid_from=day("2025-04-11"), premise=moved)
    home.lend(device=moved, service=moved, since=day("2025-04-11"))
    rest = {"period_from": day("2025-04-11"), "period_until": month(5)}
    home.charge(5, 3, amount_minor=-2000, **rest)
    home.rent(5, 4, amount_minor=-333, **rest)
    home.charge(5, 5, service=moved, amount_minor=2000, **rest)
    home.rent(5, 6, service=moved, device=moved, amount_minor=333, **rest)
    for number in (5, 6):
        home.line(number, 1)["service"] = moved
        home.line(number, 2).update(service=moved, device=moved)


@case((4, 6, "promotion_missing", 1100))
def promised_discount_is_taken_back(home: Home) -> None:
    promised(home)
    home.charge(4, 6, kind="discount", code="PROMO", amount_minor=1000)
