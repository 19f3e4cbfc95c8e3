"""The card of a customer, read in one statement after its ids are known."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from tellonce.datakit import Together, alone
from tellonce.modules.record.contracts import (
    AccountOnCard,
    AreaStep,
    Authority,
    ContactPointKind,
    CustomerCard,
    CustomerKind,
    CustomerNotFoundError,
    DeviceKind,
    DeviceOnCard,
    FlagKind,
    FlagOnCard,
    PersonOnCard,
    PremiseOnCard,
    ReachedAt,
    ServiceKind,
    ServiceOnCard,
    ServiceStatus,
    is_of_record,
    shown_phone,
)
from tellonce.modules.record.queries.identity import Identity, identity

_Row = dict[str, Any]
_NOW = "(t.until IS NULL OR t.until > %(on)s)"
_SECTIONS = {
    "accounts": ("account", "record_account t", "t.*", "TRUE", "t.closed_on DESC NULLS FIRST, t.id"),
    "people": ("person", "record_personofrecord t", "t.*", _NOW, "t.since, t.id"),
    "points": (
        "contact_point",
        "record_contactpoint t",
        "t.*",
        _NOW,
        "t.since, t.id",
    ),
    "flags": ("flag", "record_flag t", "t.*", "t.since <= %(at)s AND (t.until IS NULL OR t.until > %(at)s)", "t.id"),
    "services": ("service", "record_service t", "t.*", "TRUE", "t.status = 'ended', t.since, t.id"),
    "devices": ("device", "record_device t", "t.*", _NOW, "t.since, t.id"),
    "premises": (
        "premise",
        "record_occupancy t JOIN record_premise p ON p.id = t.premise_id"
        " LEFT JOIN record_area a ON a.id = p.area_id LEFT JOIN record_area b ON b.id = a.parent_id"
        " LEFT JOIN record_area c ON c.id = b.parent_id",
        "p.*, t.since AS lived_since, json_build_array(json_build_array(c.id, c.kind, c.name),"
        " json_build_array(b.id, b.kind, b.name), json_build_array(a.id, a.kind, a.name)) AS areas",
        _NOW,
        "t.since DESC NULLS LAST, t.id",
    ),
}
_HIDDEN = " AND (t.import_id IS NULL OR t.import_id NOT IN (SELECT import_id FROM record_hiddenimport))"


def card(customer_id: int, *, at: datetime | None = None, who: Identity | None = None) -> CustomerCard:
    """Who it is and what they have, as of `at` (now when it is not given), merges and splits applied.

    Two queries, one where the caller knows already `who` it is; CustomerNotFoundError.
    """
    seen_at = at or timezone.now()
    of = who or identity(customer_id)
    return alone(lambda ask: ask_card(ask, of, at=seen_at))


def ask_card(ask: Together, who: Identity, *, at: datetime) -> Callable[[], CustomerCard]:
    """`card`, read together with other things."""
    sql, params = _statement(who, at)
    return ask(sql, params, lambda rows: _card(dict(rows[0][0]), who, at))


def _card(rows: _Row, who: Identity, at: datetime) -> CustomerCard:
    customer = rows["customer"]
    if customer is None or customer["hidden_at"] is not None:
        raise CustomerNotFoundError(gettext("There is no customer %(id)s.") % {"id": who.ids[0]})
    points = [_point(row, at.date()) for row in rows["points"]]
    accounts = tuple(_account(row) for row in rows["accounts"])
    return CustomerCard(
        id=who.ids[0],
        ids=who.ids,
        name=customer["name"],
        number=accounts[0].number if accounts else "",
        kind=customer["kind"],
        kind_label=str(CustomerKind(customer["kind"]).label),
        since=_day(customer["since"]),
        left_on=_day(customer["left_on"]),
        languages=tuple(customer["languages"]),
        time_zone=customer["time_zone"],
        source=customer["source"],
        external_id=customer["external_id"],
        facts=customer["facts"],
        erased=customer["erased_at"] is not None,
        flags=tuple(_flag(row) for row in rows["flags"]),
        people=tuple(_person(row) for row in rows["people"]),
        phones=tuple(point for point in points if point.kind == ContactPointKind.PHONE),
        mails=tuple(point for point in points if point.kind == ContactPointKind.MAIL),
        posts=tuple(point for point in points if point.kind == ContactPointKind.POST),
        premises=tuple(_premise(row, at.date()) for row in rows["premises"]),
        services=tuple(_service(row) for row in rows["services"]),
        devices=tuple(_device(row) for row in rows["devices"]),
        accounts=accounts,
    )


def _statement(who: Identity, at: datetime) -> tuple[str, _Row]:
    params: _Row = {"ids": list(who.ids), "first": who.ids[0], "on": at.date(), "at": at}
    parts = ["'customer', (SELECT row_to_json(t) FROM record_customer t WHERE t.id = %(first)s)"]
    for section, (about, source, columns, condition, order) in _SECTIONS.items():
        mine = _mine(who, about=about, column="t.premise_id" if about == "premise" else "t.id", params=params)
        hidden = _HIDDEN if about in {"service", "device"} else ""
        chosen = f"SELECT {columns} FROM {source} WHERE {mine} AND {condition}{hidden} ORDER BY {order}"
        parts.append(f"'{section}', COALESCE((SELECT json_agg(x) FROM ({chosen}) x), '[]'::json)")
    # Names of tables and columns only; every value is a parameter.
    return f"SELECT json_build_object({', '.join(parts)})", params


def _mine(who: Identity, *, about: str, column: str, params: _Row) -> str:
    """Rows of these customers without those that a split took, with those that a split gave."""
    condition = "t.customer_id = ANY(%(ids)s)"
    if about in who.away:
        params[f"away_{about}"] = [int(row) for row in who.away[about]]
        condition = f"({condition} AND {column} <> ALL(%(away_{about})s))"
    if about in who.here:
        params[f"here_{about}"] = [int(row) for row in who.here[about]]
        condition = f"({condition} OR {column} = ANY(%(here_{about})s))"
    return condition


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def _point(row: _Row, on: date) -> ReachedAt:
    since = date.fromisoformat(row["since"])
    return ReachedAt(
        id=row["id"],
        kind=row["kind"],
        value=row["value"],
        shown=shown_phone(row["value"]) if row["kind"] == ContactPointKind.PHONE else row["value"],
        person_id=row["person_id"],
        since=since,
        is_of_record=is_of_record(since=since, until=_day(row["until"]), on=on),
    )


def _account(row: _Row) -> AccountOnCard:
    return AccountOnCard(
        id=row["id"],
        number=row["number"],
        cycle_day=row["cycle_day"],
        currency=row["currency"],
        opened_on=_day(row["opened_on"]),
        closed_on=_day(row["closed_on"]),
    )


def _flag(row: _Row) -> FlagOnCard:
    return FlagOnCard(
        id=row["id"],
        kind=row["kind"],
        label=str(FlagKind(row["kind"]).label),
        reason=row["reason"],
        since=datetime.fromisoformat(row["since"]).astimezone(UTC),
        until=_time(row["until"]),
    )


def _person(row: _Row) -> PersonOnCard:
    return PersonOnCard(
        id=row["id"],
        name=row["name"],
        authority=row["authority"],
        authority_label=str(Authority(row["authority"]).label),
        language=row["language"],
        since=date.fromisoformat(row["since"]),
    )


def _premise(row: _Row, on: date) -> PremiseOnCard:
    since = _day(row["lived_since"])
    return PremiseOnCard(
        id=row["id"],
        line=row["line"],
        unit=row["unit"],
        town=row["town"],
        state=row["state"],
        postcode=row["postcode"],
        country=row["country"],
        areas=tuple(AreaStep(id=area[0], kind=area[1], name=area[2]) for area in row["areas"] if area[0]),
        since=since,
        is_of_record=since is not None and is_of_record(since=since, until=None, on=on),
    )


def _service(row: _Row) -> ServiceOnCard:
    return ServiceOnCard(
        id=row["id"],
        kind=row["kind"],
        kind_label=str(ServiceKind(row["kind"]).label),
        plan=row["plan"],
        price_minor=row["price_minor"],
        currency=row["currency"],
        promotion_ends_on=_day(row["promotion_ends_on"]),
        price_after_minor=row["price_after_minor"],
        status=row["status"],
        status_label=str(ServiceStatus(row["status"]).label),
        since=_day(row["since"]),
        until=_day(row["until"]),
        premise_id=row["premise_id"],
        account_id=row["account_id"],
    )


def _device(row: _Row) -> DeviceOnCard:
    return DeviceOnCard(
        id=row["id"],
        kind=row["kind"],
        kind_label=str(DeviceKind(row["kind"]).label),
        maker=row["maker"],
        model=row["model"],
        serial=row["serial"],
        mac=row["mac"],
        is_ours=row["is_ours"],
        service_id=row["service_id"],
        since=_day(row["since"]),
    )
