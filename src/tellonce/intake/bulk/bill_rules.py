"""The rules of bills and their lines: within one file, and beside the accounts and bills that are here."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _

from tellonce.intake.bulk.rules import Rule
from tellonce.intake.bulk.store import quoted
from tellonce.intake.bulk.told import BILL, CHARGE, rows_that_differ
from tellonce.modules.billing.contracts import MOST_DAYS_AHEAD


def rules_of_charges() -> list[Rule]:
    """What must hold of lines, whichever file they stand in."""
    return [
        Rule(
            "SELECT n, amount AS value, NULL AS told FROM charges WHERE amount < 0"
            " AND kind IN ('usage', 'one_off', 'fee')",
            *(CHARGE, "amount"),
            what=lambda: _("A charge of this kind is below zero."),
            do=lambda: _("What is given back is a line of the kind credit or discount."),
            is_money=True,
        ),
        Rule(
            "SELECT n, amount AS value, NULL AS told FROM charges WHERE amount > 0 AND kind IN ('discount', 'credit')",
            *(CHARGE, "amount"),
            what=lambda: _("A discount or credit is above zero."),
            do=lambda: _("Write it below zero, or say turn_discounts = true in [charge] if the whole file has it so."),
            is_money=True,
        ),
        Rule(
            "SELECT n, tax AS value, amount AS told FROM charges WHERE sign(tax) * sign(amount) < 0",
            *(CHARGE, "tax"),
            what=lambda: _("The tax goes the other way than its amount, %(told)s."),
            do=lambda: _("Correct one of the two."),
            is_money=True,
        ),
        _period_has_days(CHARGE, "charges"),
        _stands_once(
            *(CHARGE, "line", "charges", "bill, line"),
            what=lambda: _("This line of the bill stands on line %(line)d of the file already."),
        ),
    ]


def rules_of_bills(other_coins: Sequence[str], *, today: date) -> list[Rule]:
    """What must hold of bills in a file of them; `other_coins` are currencies with other coins than it is read in."""
    coins = ", ".join(map(quoted, other_coins)) or "NULL"
    return [
        Rule(
            f"SELECT n, number AS value, NULL AS told FROM ({rows_that_differ()})",
            *(BILL, "number"),
            what=lambda: _("This row says something else of its bill than the bill's first row."),
            do=lambda: _("All rows of a bill must agree in what they say of the bill itself."),
        ),
        _stands_once(
            *(BILL, "number", "bills", "number"), what=lambda: _("This bill stands on line %(line)d already.")
        ),
        _period_has_days(BILL, "bills"),
        _is_not_far_ahead(today),
        Rule(
            "SELECT n, total AS value, sum AS told FROM bills WHERE total <> sum",
            *(BILL, "total"),
            what=lambda: _("The lines of this bill and their tax come to %(told)s, its total is another."),
            do=_get_it_once_more,
            is_money=True,
            needs_all=True,
        ),
        Rule(
            "SELECT n, CAST(lines_told AS VARCHAR) AS value, CAST(lines AS VARCHAR) AS told FROM bills"
            " WHERE lines > 0 AND lines_told <> lines",
            *(BILL, "lines"),
            what=lambda: _("The file holds %(told)s lines of this bill, it says another number."),
            do=_get_it_once_more,
            needs_all=True,
        ),
        Rule(
            f"SELECT n, currency AS value, NULL AS told FROM bills WHERE currency IN ({coins})",
            *(BILL, "currency"),
            what=lambda: _("Amounts of this currency have other coins than the file is read in."),
            do=lambda: _("State the currency of the file in the mapping: currency, at the top."),
        ),
    ]


def rules_of_lines_currency() -> list[Rule]:
    """Lines are in the currency of their bill."""
    return [
        Rule(
            "SELECT c.n, c.currency AS value, b.currency AS told FROM charges c JOIN placed b ON b.number = c.bill"
            " WHERE c.currency <> b.currency",
            *(CHARGE, "currency"),
            what=lambda: _("The bill is in %(told)s."),
            do=lambda: _("A bill has one currency: correct the line."),
        )
    ]


def rules_of_accounts(letter: str, table: str) -> list[Rule]:
    """The account of a bill or payment (`table`) is here, and in the same currency."""
    return [
        Rule(
            f"SELECT n, account_number AS value, NULL AS told FROM {table} t WHERE NOT EXISTS"
            " (SELECT 1 FROM accounts a WHERE a.number = t.account_number)",
            *(letter, "account_number"),
            what=lambda: _("There is no account with this number."),
            do=lambda: _("Import the customers with their accounts first."),
        ),
        Rule(
            f"SELECT t.n, t.currency AS value, a.currency AS told FROM {table} t"
            " JOIN accounts a ON a.number = t.account_number WHERE t.currency <> a.currency",
            *(letter, "currency"),
            what=lambda: _("The account is kept in %(told)s."),
            do=lambda: _("Correct the currency of the account or of the bill; state that of the file in the mapping."),
        ),
    ]


def rules_of_known_bills(*, with_lines: bool) -> list[Rule]:
    """A bill that is here already says what it said; one that the billing system only asked about may change."""
    lines = " OR k.lines_digest <> b.lines_digest" if with_lines else ""
    return [
        Rule(
            "SELECT b.n, b.number AS value, k.total AS told FROM bills b JOIN known k ON k.number = b.number"
            f" JOIN accounts a ON a.number = b.account_number WHERE k.state <> 'asked'"
            f" AND (k.account_id <> a.account_id OR k.digest <> b.digest{lines})",
            *(BILL, "number"),
            what=lambda: _("This bill came before and said something else."),
            do=lambda: _("A bill that was sent does not change: a correction has a number of its own. If the bill that"
                         " came before was wrong, undo its import and bring both in again."),
        )
    ]  # fmt: skip


def rules_of_bills_of_lines() -> list[Rule]:
    """Lines that come in a file of their own: their bill is here, and they are all of it."""
    return [
        Rule(
            "SELECT s.n, s.bill AS value, NULL AS told FROM sums s LEFT JOIN known k ON k.number = s.bill"
            " WHERE k.number IS NULL OR k.state = 'asked'",
            *(CHARGE, "bill"),
            what=lambda: _("There is no bill with this number."),
            do=lambda: _("Import the bills first, then their lines."),
        ),
        Rule(
            "SELECT s.n, s.total AS value, k.total AS told FROM sums s JOIN known k ON k.number = s.bill"
            " WHERE k.state <> 'asked' AND k.lines_digest IS NULL AND k.total <> s.total",
            *(CHARGE, "amount"),
            what=lambda: _("The lines of this bill and their tax come to that; its total is %(told)s."),
            do=_get_it_once_more,
            is_money=True,
        ),
        Rule(
            "SELECT s.n, s.bill AS value, NULL AS told FROM sums s JOIN known k ON k.number = s.bill"
            " WHERE k.state <> 'asked' AND k.lines_digest <> s.lines_digest",
            *(CHARGE, "bill"),
            what=lambda: _("The lines of this bill came before and said something else."),
            do=lambda: _("A bill that was sent does not change: a correction has a number of its own."),
        ),
    ]


def _period_has_days(letter: str, table: str) -> Rule:
    return Rule(
        f"SELECT n, CAST(period_until AS VARCHAR) AS value, NULL AS told FROM {table}"
        " WHERE period_until <= period_from",
        *(letter, "period_until"),
        what=lambda: _("The period ends before it begins."),
        do=lambda: _("Map its last day to period_to, or the first day after it to period_until."),
    )


def _is_not_far_ahead(today: date) -> Rule:
    """One that was taken back may have any date: it may have come in before with a wrong one."""
    last = today + timedelta(days=MOST_DAYS_AHEAD)
    return Rule(
        "SELECT n, CAST(issued_on AS VARCHAR) AS value, NULL AS told FROM bills"
        f" WHERE issued_on > DATE {quoted(last.isoformat())} AND state <> 'withdrawn'",
        *(BILL, "issued_on"),
        what=lambda: _("This bill is dated more than %(days)d days after today.") % {"days": MOST_DAYS_AHEAD},
        do=lambda: _("Correct the date, or the form of dates in the mapping: day and month may be swapped."),
    )


def _stands_once(letter: str, column: str, table: str, key: str, *, what: Callable[[], str]) -> Rule:
    """No two rows of the table share a key; the later one is told where the first one stands."""
    return Rule(
        f"SELECT n, CAST({column} AS VARCHAR) AS value, CAST(first AS VARCHAR) AS told FROM (SELECT n, {column},"
        f" min(n) OVER (PARTITION BY {key}) AS first FROM {table} WHERE ({key}) IN"
        f" (SELECT ({key}) FROM {table} GROUP BY {key} HAVING count(*) > 1)) WHERE n > first",
        *(letter, column),
        what=what,
        do=lambda: _("Keep one of the two rows."),
        tells_row=True,
    )


def _get_it_once_more() -> str:
    return _("If it is the last bill of the file, the file is cut: get it once more. Else the bill is wrong.")
