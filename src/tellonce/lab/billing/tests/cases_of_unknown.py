"""What the record does not say is never a finding; what it says beside that still is one."""

from tellonce.lab.billing.tests.registry import case
from tellonce.lab.billing.tests.worlds import Home, day, month


def _learned_in_april(home: Home) -> None:
    """The price is known from April on."""
    home.rows["services"].remove(home.only("services"))
    home.serve(price_minor=None, valid_until=day("2025-04-01"))
    home.serve(valid_from=day("2025-04-01"))


@case()
def price_was_another_before_anybody_knew_it(home: Home) -> None:
    _learned_in_april(home)
    for number in (1, 2, 3):
        home.line(number, 1)["amount_minor"] = 2000 + 100 * number


@case((5, 1, "wrong_price", 220))
def price_is_wrong_once_it_is_known(home: Home) -> None:
    _learned_in_april(home)
    home.line(2, 1)["amount_minor"] = 2000
    home.line(5, 1)["amount_minor"] = 3200


@case(*[(number, 1, "after_end", 3300) for number in (4, 5, 6)])
def service_of_unknown_code_goes_on_after_its_end(home: Home) -> None:
    home.only("services").update(code=None, valid_until=day("2025-04-01"))


@case()
def service_of_unknown_code_is_charged_by_any(home: Home) -> None:
    home.only("services").update(code=None)
    for number in range(1, 7):
        home.line(number, 1)["code"] = f"TV-{number}"


@case()
def service_of_unknown_code_is_not_missed(home: Home) -> None:
    home.only("services").update(code=None)
    home.drop(3, 1)


@case()
def device_of_unknown_rent_went_in_a_month_that_was_billed(home: Home) -> None:
    home.only("devices").update(code=None, rent_minor=None, until=day("2025-02-16"))
    home.drop_after(2, 2)


@case((4, 2, "after_end", 550))
def device_of_unknown_rent_is_charged_after_it_went(home: Home) -> None:
    home.only("devices").update(code=None, rent_minor=None, until=day("2025-02-16"))
    for number in (3, 5, 6):
        home.drop(number, 2)


def _discounts(home: Home, *, since: str) -> None:
    """From this day on 500 off are promised, and given; before, nobody knows what."""
    always = {"service": home.number, "code": "OFF"}
    home.add("promotions", **always, discount_minor=None, valid_from=day("2020-01-01"), valid_until=day(since))
    home.add("promotions", **always, discount_minor=500, valid_from=day(since), valid_until=day("2026-01-01"))
    for number in range(1, 7):
        amount = -500 if month(number) >= day(since) else -40 * number
        home.charge(number, 3, kind="discount", code="OFF", product=None, amount_minor=amount)


@case()
def discounts_of_unknown_size(home: Home) -> None:
    _discounts(home, since="2025-04-01")


@case()
def a_discount_of_unknown_size_is_left_out(home: Home) -> None:
    _discounts(home, since="2025-04-01")
    home.drop(2, 3)


@case((5, None, "promotion_missing", 550))
def a_discount_of_known_size_is_left_out(home: Home) -> None:
    _discounts(home, since="2025-04-01")
    home.drop(5, 3)
