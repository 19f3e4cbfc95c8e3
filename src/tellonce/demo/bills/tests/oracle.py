"""The rules of docs/guide/bill-files.md in plain, slow Python: which lines of bills are not what the record says."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from tellonce.demo.bills.tests.jumping import jumps
from tellonce.demo.bills.tests.reading import ONCE, Place, Row, grouped, holds, rounded, rows_of


class Oracle:
    """Reads a folder of bills; `wrong` has every place where a bill is not what the record says."""

    def __init__(self, folder: Path) -> None:
        self.bills = rows_of(folder, "bills")
        self.lines = rows_of(folder, "charges")
        self.accounts = {row["account"]: row for row in rows_of(folder, "accounts")}
        self.terms = grouped(rows_of(folder, "services"), "service")
        self.devices = {row["device"]: row for row in rows_of(folder, "devices")}
        self.events = grouped(rows_of(folder, "device_events"), "device")
        self.promotions = grouped(rows_of(folder, "promotions"), "service")
        self.pauses = grouped(rows_of(folder, "pauses"), "service")
        self.waivers = grouped(rows_of(folder, "waivers"), "account", "code")
        self.orders = grouped(rows_of(folder, "orders"), "account", "code", "service")
        self.credits = rows_of(folder, "credits")
        self.upheld = grouped(rows_of(folder, "upheld"), "account", "code")
        self.taxes = grouped(rows_of(folder, "taxes"), "area", "code")
        self.prices = grouped(rows_of(folder, "prices"), "code")
        self.traffic = {(row["service"], row["month"]): row["units"] for row in rows_of(folder, "traffic")}
        self.bill = {row["bill"]: row for row in self.bills}
        self.bills_of = grouped(self.bills, "account")
        self.lines_of = grouped(self.lines, "bill")
        self.wrong: set[Place] = set()
        for line in self.lines:
            if self._line_is_wrong(line):
                self._mark(line)
        self._totals()
        self._twice()
        self._beyond_orders()
        self._promised()
        self._due()
        self._given_back()
        self._standing_still()
        self.wrong |= jumps(self)

    def _mark(self, line: Row) -> None:
        self.wrong.add((line["account"], line["bill"], line["line"]))

    def _line_is_wrong(self, line: Row) -> bool:
        account, bill = self.accounts[line["account"]], self.bill[line["bill"]]
        if line["currency"] != account["currency"] or line["tax_minor"] not in self._taxes(line, account):
            return True
        if line["amount_minor"] > 0 and self._came_back(line, bill):
            return True
        match line["kind"]:
            case "recurring":
                return self._month_is_wrong(line, bill)
            case "usage":
                return self._use_is_wrong(line, account)
            case "one_off" | "fee":
                return self._once_is_wrong(line)
        return bool(line["amount_minor"] >= 0)

    def _taxes(self, line: Row, account: Row) -> set[int]:
        """The taxes that are right; any where the area is unknown."""
        if account["is_tax_exempt"]:
            return {0}
        if account["area"] is None:
            return {line["tax_minor"]}
        area, day = account["area"], line["period_from"]
        own = self.taxes.get((area, line["code"])) or self.taxes[area, None]
        rates = [row["rate_ppm"] for row in own if holds(row, day)]
        assert len(rates) == 1
        return {rounded(Fraction(line["amount_minor"] * rates[0], 1_000_000))}

    def _came_back(self, line: Row, bill: Row) -> bool:
        for row in self.upheld.get((line["account"], line["code"]), ()):
            same = all(row[key] in {None, line[key]} for key in ("product", "service", "device"))
            if same and bill["issued_on"] > row["decided_on"]:
                return True
        return False

    def _month_is_wrong(self, line: Row, bill: Row) -> bool:
        back = line["amount_minor"] < 0
        period = self._period(line, bill, back=back)
        if period is None:
            return True
        begins, ends = period
        days = [line["period_from"] + timedelta(n) for n in range((line["period_until"] - line["period_from"]).days)]
        prices = {self._price(line, day, ends) for day in days}
        if back:
            prices = {self._price(line, days[0] - timedelta(1), ends)}
        if len(prices) != 1:
            return True
        price = prices.pop()
        if price == "unknown":
            return False
        if not isinstance(price, int):
            return True
        due = rounded(Fraction(price * len(days), (ends - begins).days))
        return bool(line["amount_minor"] != (-due if back else due))

    def _period(self, line: Row, bill: Row, *, back: bool) -> tuple[date, date] | None:
        """The period that the line's days are in: the bill's own, or for what is given back the one before."""
        begins, ends = bill["period_from"], bill["period_until"]
        if back:
            before = [each for each in self.bills_of[line["account"]] if each["period_until"] == begins]
            if len(before) != 1:
                return None
            begins, ends = before[0]["period_from"], before[0]["period_until"]
        inside = begins <= line["period_from"] < line["period_until"] <= ends
        return (begins, ends) if inside else None

    def _price(self, line: Row, day: date, ends: date) -> int | str | None:
        """The month's price for a day: None where nothing is due; days after an end inside the period count as due."""
        if any(holds(row, day) for row in self.waivers.get((line["account"], line["code"]), ())):
            return None
        return self._rent(line, day, ends) if line["device"] is not None else self._term(line, day, ends)

    def _rent(self, line: Row, day: date, ends: date) -> int | str | None:
        device = self.devices[line["device"]]
        if not device["is_ours"] or device["account"] != line["account"] or day < device["since"]:
            return None
        end = device["until"]
        if end is not None and day >= end and not self._start(ends, line) < end < ends:
            return None
        events = sorted(self.events.get(line["device"], ()), key=lambda row: row["on"])
        kinds = [row["kind"] for row in events]
        if "never_activated" in kinds and "activated" not in kinds:
            return None
        known = [row["kind"] for row in events if row["on"] <= day]
        if known.count("broken") > known.count("mended"):
            return None
        rent: int = device["rent_minor"]
        return rent

    def _start(self, ends: date, line: Row) -> date:
        (start,) = [row["period_from"] for row in self.bills_of[line["account"]] if row["period_until"] == ends]
        return date.fromisoformat(str(start))

    def _term(self, line: Row, day: date, ends: date) -> int | str | None:
        terms = sorted(self.terms[line["service"]], key=lambda row: row["valid_from"])
        paused = any(holds(row, day) for row in self.pauses.get(line["service"], ()))
        if terms[0]["account"] != line["account"] or paused:
            return None
        term = next((row for row in terms if holds(row, day)), None)
        if term is None:
            last = terms[-1]
            end = last["valid_until"]
            if end is None or day < end or not self._start(ends, line) < end < ends:
                return None
            term = last
        if term["code"] != line["code"]:
            return None
        return "unknown" if term["price_minor"] is None else int(term["price_minor"])

    def _use_is_wrong(self, line: Row, account: Row) -> bool:
        units = self.traffic.get((line["service"], line["period_from"].replace(day=1)))
        rows = [
            row for row in self.prices[line["code"]]
            if holds(row, line["period_from"]) and (row["area"] is None or row["area"] == account["area"])
        ]  # fmt: skip
        if units is None or not rows:
            return False
        assert len(rows) == 1
        return bool(line["amount_minor"] != units * rows[0]["amount_minor"])

    def _once_is_wrong(self, line: Row) -> bool:
        day = line["period_from"]
        if any(holds(row, day) for row in self.waivers.get((line["account"], line["code"]), ())):
            return True
        area = self.accounts[line["account"]]["area"]
        (row,) = [row for row in self.prices[line["code"]] if holds(row, day) and row["area"] in {None, area}]
        return bool(line["amount_minor"] != row["amount_minor"])

    def _totals(self) -> None:
        for bill in self.bills:
            lines = self.lines_of.get(bill["bill"], [])
            assert [line["line"] for line in lines] == list(range(1, len(lines) + 1))
            if sum(line["amount_minor"] + line["tax_minor"] for line in lines) != bill["total_minor"]:
                self.wrong.add((bill["account"], bill["bill"], None))

    def _twice(self) -> None:
        keys = ("bill", "kind", "code", "service", "device", "period_from", "period_until")
        for same in grouped([line for line in self.lines if line["amount_minor"] > 0], *keys).values():
            for line in same[1:]:
                self._mark(line)

    def _beyond_orders(self) -> None:
        monthly = {code for code, rows in self.prices.items() if rows[0]["unit"] == "month"}
        once = [line for line in self.lines if line["kind"] in ONCE and line["code"] not in monthly]
        for key, lines in grouped(once, "account", "code", "service").items():
            days = sorted(row["on"] for row in self.orders.get(key, ()))
            for line in sorted(lines, key=lambda row: row["period_from"]):
                if days and days[0] <= line["period_from"]:
                    days.pop(0)
                else:
                    self._mark(line)

    def _promised(self) -> None:
        for service, promotions in self.promotions.items():
            terms = self.terms[service]
            ends = [row["valid_until"] for row in terms]
            end = None if None in ends else max(ends)
            for bill in self.bills_of[terms[0]["account"]]:
                for promotion in promotions:
                    stops = [bill["period_until"], promotion["valid_until"], *([end] if end else [])]
                    days = (min(stops) - max(bill["period_from"], promotion["valid_from"])).days
                    if days > 0:
                        whole = (bill["period_until"] - bill["period_from"]).days
                        due = rounded(Fraction(-promotion["discount_minor"] * days, whole))
                        self._discounted(bill, service, promotion["code"], due)

    def _discounted(self, bill: Row, service: int, code: str, due: int) -> None:
        lines = [
            line for line in self.lines_of[bill["bill"]]
            if line["service"] == service and line["code"] == code and line["amount_minor"] <= 0
        ]  # fmt: skip
        if not lines:
            self.wrong.add((bill["account"], bill["bill"], None))
        for line in lines:
            if line["amount_minor"] != due:
                self._mark(line)

    def _due(self) -> None:
        for credit in self.credits:
            after = [
                bill for bill in self.bills_of[credit["account"]]
                if bill["issued_on"] >= credit["agreed_on"] + timedelta(3)
            ]  # fmt: skip
            if not after:
                continue
            first = min(after, key=lambda row: row["issued_on"])
            lines = [
                line for line in self.lines_of[first["bill"]]
                if line["kind"] == "credit" and line["code"] == credit["code"]
            ]  # fmt: skip
            if not lines:
                self.wrong.add((first["account"], first["bill"], None))
            for line in lines:
                if line["amount_minor"] != -credit["amount_minor"]:
                    self._mark(line)

    def _given_back(self) -> None:
        """Whatever was charged beyond an end is given back on the next bill, if that is there already."""
        less = [line for line in self.lines if line["amount_minor"] < 0 and line["kind"] == "recurring"]
        negative = Counter((line["bill"], line["service"], line["device"]) for line in less)
        for line in self.lines:
            place = (line["account"], line["bill"], line["line"])
            if line["kind"] != "recurring" or line["amount_minor"] <= 0 or place in self.wrong:
                continue
            end = self._end(line)
            after = [
                bill for bill in self.bills_of[line["account"]] if bill["period_from"] == line["period_until"]
            ]  # fmt: skip
            if end and end < line["period_until"] and after:
                assert negative[after[0]["bill"], line["service"], line["device"]] == 1

    def _end(self, line: Row) -> date | None:
        if line["device"] is not None:
            until: date | None = self.devices[line["device"]]["until"]
            return until
        ends = [row["valid_until"] for row in self.terms[line["service"]]]
        return None if None in ends else max(ends)

    def _standing_still(self) -> None:
        """Only accounts whose periods are the months: what a month says of another period nobody knows."""
        whole: dict[tuple[int, date], Row] = {}
        for line in self.lines:
            bill = self.bill[line["bill"]]
            same = (line["period_from"], line["period_until"]) == (bill["period_from"], bill["period_until"])
            if line["kind"] == "recurring" and line["device"] is None and same and line["period_from"].day == 1:
                whole[line["service"], line["period_from"]] = line
        for (service, month), line in whole.items():
            before = (service, (month - timedelta(1)).replace(day=1))
            if before in whole and self.traffic.get((service, month)) == 0 == self.traffic.get(before):
                self._mark(line)
