"""Charges for days that may not be charged, or were already; and what only looks so."""

from tellonce.lab.billing.tests.registry import case
from tellonce.lab.billing.tests.worlds import MONTHS, Home, day, month


@case()
def all_is_well(home: Home) -> None:
    del home


# --- days ---------------------------------------------------------------------------------------------------------


@case((4, 2, "returned_device", 550), (5, 2, "returned_device", 550), (6, 2, "returned_device", 550))
def modem_came_back_and_rent_goes_on(home: Home) -> None:
    home.event("returned", "2025-03-31")


@case((3, None, "returned_device", 235))
def modem_came_back_in_a_month_that_was_billed_and_nothing_is_given_back(home: Home) -> None:
    home.event("returned", "2025-02-16")  # 12 days of 28 after it: 214, with tax 235
    home.drop_after(2, 2)


@case()
def modem_came_back_and_the_rest_of_the_month_is_given_back(home: Home) -> None:
    home.event("returned", "2025-02-16")
    home.drop_after(2, 2)
    home.rent(3, 3, period_from=day("2025-02-17"), period_until=day("2025-03-01"), amount_minor=-214)


@case()
def modem_came_back_after_the_last_bill(home: Home) -> None:
    home.event("returned", "2025-06-10")


@case()
def modem_came_back_and_went_out_again(home: Home) -> None:
    home.event("returned", "2024-05-10")
    home.event("activated", "2024-05-20")


@case(*[(number, 2, "never_activated", 550) for number in range(1, MONTHS + 1)])
def modem_never_worked(home: Home) -> None:
    home.event("never_activated", "2025-01-10")
    home.lend(device=90_000 + home.number, rent_minor=0)  # the service has another that nobody knows of


@case(
    *[(number, 1, "never_activated", 3300) for number in range(1, MONTHS + 1)],
    *[(number, 2, "never_activated", 550) for number in range(1, MONTHS + 1)],
)
def nothing_of_the_service_ever_worked(home: Home) -> None:
    home.event("never_activated", "2024-02-01")


@case((1, 2, "never_activated", 550))
def modem_worked_from_february(home: Home) -> None:
    home.event("never_activated", "2025-01-10")
    home.event("activated", "2025-02-01")
    home.lend(device=90_000 + home.number, rent_minor=0)


@case((3, 2, "broken_device", 550), (4, 2, "broken_device", 129))
def modem_was_broken(home: Home) -> None:
    home.event("broken", "2025-03-01")
    home.event("mended", "2025-04-08")  # 7 days of 30 of April: 117, with tax 129


@case((4, 1, "no_traffic", 3300), (5, 1, "no_traffic", 3300))
def nobody_used_the_service_for_three_months(home: Home) -> None:
    for number in range(1, MONTHS + 1):
        home.add("traffic", service=home.number, month=month(number), units=0 if 3 <= number <= 5 else 40)


@case()
def nobody_used_the_service_for_one_month(home: Home) -> None:
    for number in range(1, MONTHS + 1):
        home.add("traffic", service=home.number, month=month(number), units=0 if number == 3 else 40)


@case()
def use_of_every_second_month_is_unknown(home: Home) -> None:
    for number in (1, 3, 5):
        home.add("traffic", service=home.number, month=month(number), units=0)


@case((5, 1, "after_end", 3300), (6, 1, "after_end", 3300))
def service_ended_and_is_charged_on(home: Home) -> None:
    home.only("services")["valid_until"] = month(5)


@case((5, 1, "after_end", 3300), (5, 2, "after_end", 550), (6, 1, "after_end", 3300), (6, 2, "after_end", 550))
def account_was_closed(home: Home) -> None:
    home.only("accounts")["closed_on"] = month(5)


@case()
def service_ended_in_a_month_that_was_billed_and_the_rest_is_given_back(home: Home) -> None:
    home.only("services")["valid_until"] = day("2025-04-21")
    home.drop_after(4, 1)
    home.charge(5, 1, period_from=day("2025-04-21"), period_until=month(5), amount_minor=-1000)


@case((5, None, "after_end", 1100))
def service_ended_in_a_month_that_was_billed_and_nothing_is_given_back(home: Home) -> None:
    home.only("services")["valid_until"] = day("2025-04-21")
    home.drop_after(4, 1)


@case((5, 1, "part_month", 440))
def too_little_is_given_back(home: Home) -> None:
    home.only("services")["valid_until"] = day("2025-04-21")
    home.drop_after(4, 1)
    home.charge(5, 1, period_from=day("2025-04-21"), period_until=month(5), amount_minor=-600)


@case((5, 3, "not_of_record", -1100))
def days_are_given_back_that_were_rightly_charged(home: Home) -> None:
    home.charge(5, 3, period_from=day("2025-04-21"), period_until=month(5), amount_minor=-1000)


@case((1, 1, "before_start", 3300), (2, 1, "before_start", 3300))
def service_begins_in_march(home: Home) -> None:
    home.only("services")["valid_from"] = month(3)


@case()
def service_begins_in_the_middle_of_a_month(home: Home) -> None:
    home.only("services")["valid_from"] = day("2025-01-11")
    home.line(1, 1).update(period_from=day("2025-01-11"), amount_minor=2032)  # 21 of 31 days


@case()
def service_begins_after_the_bill_and_the_next_one_charges_its_part(home: Home) -> None:
    home.only("services")["valid_from"] = day("2025-01-11")
    home.drop(1, 1)
    home.charge(2, 3, period_from=day("2025-01-11"), period_until=month(2), amount_minor=2032)


@case((1, 1, "part_month", 1065))
def a_part_of_a_month_is_charged_whole(home: Home) -> None:
    home.only("services")["valid_from"] = day("2025-01-11")
    home.line(1, 1).update(period_from=day("2025-01-11"))  # 968 too much


@case()
def seasonal_stop_without_charge(home: Home) -> None:
    home.add("pauses", service=home.number, valid_from=month(3), valid_until=month(5))
    home.drop(3, 1)
    home.drop(4, 1)


@case((4, 1, "in_a_pause", 3300))
def seasonal_stop_with_a_charge(home: Home) -> None:
    home.add("pauses", service=home.number, valid_from=month(3), valid_until=month(5))
    home.drop(3, 1)


@case((3, 3, "charged_twice", 3300))
def same_charge_twice(home: Home) -> None:
    home.charge(3, 3)


@case((4, 3, "billed_again", 3300))
def days_of_an_earlier_bill(home: Home) -> None:
    home.charge(4, 3, period_from=month(3), period_until=month(4))


@case((6, 3, "billed_again", 3300))
def charged_again_after_longer_than_a_run_looks_back(home: Home) -> None:
    home.charge(6, 3, period_from=month(1), period_until=month(2))


@case((4, 3, "billed_again", 1065))
def part_of_the_days_of_an_earlier_bill(home: Home) -> None:
    home.charge(4, 3, period_from=day("2025-03-22"), period_until=month(4), amount_minor=968)


@case()
def charged_twice_and_given_back(home: Home) -> None:
    home.charge(3, 3)
    home.charge(4, 3, period_from=month(3), period_until=month(4), amount_minor=-3000)


@case((3, 3, "not_of_record", 3300))
def a_month_ahead(home: Home) -> None:
    home.charge(3, 3, period_from=month(4), period_until=month(5))
