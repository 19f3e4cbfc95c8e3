"""The arithmetic of bills: a part of a month, money with its tax, days that two periods share. All in whole numbers."""

import ibis
import ibis.expr.types as ir


def is_part(
    amount: ir.Value, price_days: ir.Value, month_days: ir.Value, *, prices: int | ir.Value = 1
) -> ir.BooleanValue:
    """Whether an amount is a price times days by days of the month, to the nearest unit; null where that is unknown.

    `price_days` is the sum of the price over the days. Where several prices are in it each may have been rounded alone.
    """
    return (2 * (amount * month_days - price_days)).abs() <= month_days * prices


def rounded(numerator: ir.Value, denominator: ir.Value) -> ir.IntegerValue:
    """The quotient to the nearest whole number, half away from zero; the denominator is above zero."""
    half = ((2 * numerator.abs() + denominator) // (2 * denominator)).cast("int64")
    return ibis.ifelse(numerator < 0, -half, half)


def shared_days(since: ir.Value, until: ir.Value, other_since: ir.Value, other_until: ir.Value) -> ir.IntegerValue:
    """How many days two periods share; not below zero."""
    return ibis.greatest(ibis.least(until, other_until) - ibis.greatest(since, other_since), 0)


def with_tax(over: ir.Value, amount: ir.Value, tax: ir.Value) -> ir.IntegerValue:
    """What is too much, with its share of the line's tax; a line without amount adds none."""
    size = ibis.greatest(amount.abs(), 1)
    share = rounded(over * tax * ibis.ifelse(amount < 0, -1, 1), size)
    return over + ibis.ifelse(amount == 0, 0, share.fill_null(0))


def whole(number: ir.Value) -> ir.IntegerValue:
    """A sum as int64: some backends add whole numbers up to wider ones, or to decimals, whatever Ibis thinks of it."""
    return number.cast("decimal(38, 0)").cast("int64")


def summed(value: ir.Value, *, where: ir.BooleanValue | None = None) -> ir.IntegerValue:
    """The sum of whole numbers as int64; 0 of none."""
    return whole(value.sum(where=where)).fill_null(0)
