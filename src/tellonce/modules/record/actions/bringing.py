"""Known customers that come again with other values: what is new or changed is taken over, nothing is lost.

The rules of each step are those of the change by hand; here stands only what of a file is news.
"""

from collections.abc import Sequence
from itertools import chain

from tellonce.modules.record.actions.bringing_having import begun_on, bring_device, bring_flags, bring_service
from tellonce.modules.record.actions.customers import (
    account_added,
    left,
    new_account,
    new_person,
    person_added,
    renamed,
    returned,
)
from tellonce.modules.record.actions.known import Had, Stay, had_by, place_key
from tellonce.modules.record.actions.loading_rows import Came
from tellonce.modules.record.actions.places import moved_in, moved_out, new_premise
from tellonce.modules.record.actions.reached import contact_point_added
from tellonce.modules.record.actions.taking_over import Taken, Way
from tellonce.modules.record.contracts import (
    ContactPointKind,
    CustomerChanged,
    CustomerKind,
    NewCustomer,
    NewPerson,
    NewPremise,
    Told,
)
from tellonce.modules.record.models import ContactPoint, Occupancy, PersonOfRecord

_VALUES = ("kind", "languages", "time_zone", "since", "left_on", "facts")


def bring_up_to_date(again: Sequence[tuple[int, Came]], *, way: Way) -> int:
    """Brings known customers up to date with what came, all in one go; how many are other than before."""
    if not again:
        return 0
    had = had_by([pk for pk, _came in again])
    taken = Taken(way)
    for pk, came in again:
        _bring(had[pk], came, taken)
    return taken.write()


def _bring(had: Had, came: Came, taken: Taken) -> None:
    taken.begin(had.customer, came)
    fields = _whole(had, came.new, taken)
    _people(had, came.new, taken)
    _points(had, came.new, taken)
    for place in came.new.premises:
        fields += _place(had, place, taken)
    fields += _accounts(had, came.new, taken)
    services = [bring_service(had, service, taken) for service in came.new.services]
    for device in came.new.devices:
        bring_device(had, device, services, taken)
    bring_flags(had, came.new, taken)
    if fields:
        what = CustomerChanged(fields=", ".join(dict.fromkeys(fields)))
        taken.tell(Told(customer_id=had.customer.pk, what=what, at=taken.way.at, by=taken.way.by))


def _whole(had: Had, new: NewCustomer, taken: Taken) -> list[str]:
    """Another name, leaving and coming back are told as such; the names of all other values are returned."""
    customer, way = taken.touch(had.customer, of=had.customer.pk), taken.way
    if new.name and new.name != customer.name:
        what = renamed(customer, name=new.name)
        person_id = had.people.pop(what.before, None)
        if person_id is not None and what.after not in had.people:
            person = PersonOfRecord(pk=person_id, customer_id=customer.pk, name=what.before)
            taken.touch(person, of=customer.pk).name = what.after
            had.people[what.after] = person_id
        taken.tell(Told(customer_id=customer.pk, what=what, at=way.at, by=way.by))
        taken.is_found_otherwise(customer.pk)
    if new.knows_left and (new.left_on is None) != (customer.left_on is None):
        gone = left(customer, on=new.left_on) if new.left_on is not None else returned(customer)
        taken.tell(Told(customer_id=customer.pk, what=gone, at=way.at, by=way.by))
        taken.is_found_otherwise(customer.pk)
    values = {
        "kind": new.kind,
        "languages": list(new.languages) or customer.languages,
        "time_zone": new.time_zone or customer.time_zone,
        "since": new.since or customer.since,
        "left_on": new.left_on or customer.left_on,
        "facts": {**customer.facts, **new.facts},
    }
    changed = [name for name in _VALUES if getattr(customer, name) != values[name]]
    for name in changed:
        setattr(customer, name, values[name])
    if "kind" in changed:
        taken.is_found_otherwise(customer.pk)
    return changed


def _people(had: Had, new: NewCustomer, taken: Taken) -> None:
    people = new.people
    if not people and not had.people and new.name and new.kind == CustomerKind.PERSON:
        people = (NewPerson(name=new.name),)
    for person in people:
        if person.name.strip() in had.people:
            continue
        row = new_person(
            customer_id=had.customer.pk,
            name=person.name,
            authority=person.authority,
            language=person.language,
            since=person.since or taken.way.at.date(),
        )
        had.people[row.name] = taken.add(row, of=had.customer.pk).pk
        taken.tell(person_added(row, by=taken.way.by, at=taken.way.at))
        taken.is_found_otherwise(had.customer.pk)


def _points(had: Had, new: NewCustomer, taken: Taken) -> None:
    theirs = (
        (kind, value, had.people[person.name.strip()])
        for person in new.people
        for kind, values in ((ContactPointKind.PHONE, person.phones), (ContactPointKind.MAIL, person.mails))
        for value in values
    )
    phones = ((ContactPointKind.PHONE, value, None) for value in new.phones)
    mails = ((ContactPointKind.MAIL, value, None) for value in new.mails)
    for kind, value, person_id in chain(theirs, phones, mails):
        if (kind.value, value) in had.points:
            continue
        had.points.add((kind.value, value))
        point = ContactPoint(
            customer_id=had.customer.pk,
            person_id=person_id,
            kind=kind.value,
            value=value,
            since=taken.way.at.date(),
        )
        taken.add(point, of=had.customer.pk)
        taken.tell(contact_point_added(point, by=taken.way.by, at=taken.way.at))
        taken.is_found_otherwise(had.customer.pk)


def _place(had: Had, new: NewPremise, taken: Taken) -> list[str]:
    """Another place, its end, or another area of it; the last is told with the customer's other values."""
    pk, way = had.customer.pk, taken.way
    area_id = new.area_id or taken.area_id(new.area_code)
    key = place_key(line=new.line, unit=new.unit, town=new.town, postcode=new.postcode)
    known = had.stays.get(key)
    has_other_area = known is not None and area_id is not None and area_id != known.area_id
    is_over = new.until is not None and (known is None or known.until is None)
    if known is not None and not has_other_area and not is_over:
        return []
    stay = known.as_row() if known is not None else _moved_in(had, new, area_id, taken)
    if has_other_area:
        taken.touch(stay.premise, of=pk).area_id = area_id
    if new.until is not None and is_over:
        taken.tell(moved_out(taken.touch(stay, of=pk), until=new.until, by=way.by, at=way.at))
        taken.is_found_otherwise(pk)
    place = stay.premise
    where = (place.area_id, place.line, place.unit, place.town, place.postcode)
    had.stays[key] = Stay(pk, stay.pk, stay.premise_id, stay.until, *where)
    return ["area"] if has_other_area else []


def _moved_in(had: Had, new: NewPremise, area_id: int | None, taken: Taken) -> Occupancy:
    premise = new_premise(
        line=new.line,
        unit=new.unit,
        town=new.town,
        state=new.state,
        postcode=new.postcode,
        country=new.country,
        area_id=area_id,
    )
    premise.import_id = taken.way.import_id
    taken.add(premise, of=had.customer.pk)
    since = new.since or begun_on(new.until, taken)
    stay = Occupancy(customer_id=had.customer.pk, premise=premise, since=since)
    taken.add(stay, of=had.customer.pk)
    taken.tell(moved_in(stay, by=taken.way.by, at=taken.way.at))
    taken.is_found_otherwise(had.customer.pk)
    return stay


def _accounts(had: Had, new: NewCustomer, taken: Taken) -> list[str]:
    fields = []
    for account in new.accounts:
        known = had.accounts.get(account.number.strip())
        if known is None:
            row = new_account(
                customer_id=had.customer.pk,
                number=account.number,
                cycle_day=account.cycle_day,
                currency=account.currency,
                opened_on=account.opened_on or taken.way.at.date(),
                closed_on=account.closed_on,
            )
            had.accounts[row.number] = taken.add(row, of=had.customer.pk)
            taken.tell(account_added(row, by=taken.way.by, at=taken.way.at))
            taken.is_found_otherwise(had.customer.pk)
            continue
        for name in ("cycle_day", "closed_on"):
            value = getattr(account, name)
            if value is not None and value != getattr(known, name):
                setattr(taken.touch(known, of=had.customer.pk), name, value)
                fields.append(name)
    return fields
