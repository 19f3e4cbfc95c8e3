"""A small provider for the browser tests, made by the real actions: people, customers, their stories."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from tellonce.intake.actions.bringing import bring_in_file
from tellonce.modules.care import actions as care
from tellonce.modules.care import queries as care_queries
from tellonce.modules.network import actions as network
from tellonce.modules.network.contracts import OutageKind
from tellonce.modules.record import actions as record
from tellonce.modules.record.contracts import AreaKind, Channel, ContactPointKind, DeviceKind, FlagKind, ServiceKind
from tellonce.modules.record.models import Area, Customer
from tellonce.modules.staff import actions as staff
from tellonce.modules.staff.contracts import SYSTEM, Actor, Role
from tellonce.modules.staff.models import Department, Person, Team

PASSWORD = "told-once-tests"


@dataclass(frozen=True, slots=True)
class Lives:
    """Who and what there is, by name."""

    dana: Person
    sam: Person
    priya: Person
    tech: Person
    admin: Person
    maria: Customer
    okafor: Customer
    novak: Customer
    frontline: Team
    billing: Department
    drops: int
    marias_case: int


@dataclass(frozen=True, slots=True)
class _Staff:
    dana: Person
    sam: Person
    priya: Person
    tech: Person
    admin: Person
    frontline: Team
    billing: Department


def _people(now: datetime) -> _Staff:
    site = staff.add_site(name="Harbour Road", time_zone="UTC", by=SYSTEM, at=now)
    service = staff.add_department(name="Service", by=SYSTEM, at=now)
    billing = staff.add_department(name="Billing", by=SYSTEM, at=now)
    frontline = staff.add_team(name="Eastmoor care", department_id=service.pk, site_id=site.pk, by=SYSTEM, at=now)
    field = staff.add_team(name="Field east", department_id=service.pk, site_id=site.pk, by=SYSTEM, at=now)

    def person(name: str, role: str, team: Team) -> Person:
        mail = f"{name.partition(' ')[0].lower()}@example.net"
        return staff.add_person(email=mail, name=name, role=role, at=now, password=PASSWORD, team=team, site=site)

    return _Staff(
        dana=person("Dana Reyes", Role.REPRESENTATIVE, frontline),
        sam=person("Sam Ortiz", Role.REPRESENTATIVE, frontline),
        priya=person("Priya Nair", Role.REPRESENTATIVE, frontline),
        tech=person("Tomas Bell", Role.TECHNICIAN, field),
        admin=person("Ada Min", Role.ADMINISTRATOR, frontline),
        frontline=frontline,
        billing=billing,
    )


def make_lives(now: datetime) -> Lives:
    """Everything, as of `now`."""
    care.lay_first_matters()
    who = _people(now)
    node = _areas()
    maria = _maria(now, node)
    case = _marias_weeks(now, who, maria)
    okafor = _customer(
        now,
        "Okafor Dental",
        "business",
        phone="+15035550177",
        mail="front@okafor.example",
        account="A-118204",
        node=node,
    )
    novak = _customer(
        now, "Anna Novak", "person", phone="+15035550109", mail="anna@novak.example", account="A-118310", node=node
    )
    _others(now, who, node, novak=novak)
    return Lives(
        dana=who.dana,
        sam=who.sam,
        priya=who.priya,
        tech=who.tech,
        admin=who.admin,
        maria=maria,
        okafor=okafor,
        novak=novak,
        frontline=who.frontline,
        billing=who.billing,
        drops=matter("internet.drops"),
        marias_case=case,
    )


def matter(beginning: str) -> int:
    """The first matter below one whose code begins so."""
    ids = care_queries.matter_ids()
    return next(pk for code, pk in sorted(ids.items()) if code.startswith(beginning))


def _areas() -> int:
    region = record.add_area(kind=AreaKind.REGION, name="Harbour", code="harbour")
    area = record.add_area(kind=AreaKind.AREA, name="Eastmoor", code="eastmoor", parent_id=region.pk)
    return record.add_area(kind=AreaKind.NODE, name="Eastmoor-7", code="eastmoor-7", parent_id=area.pk).pk


def _customer(now: datetime, name: str, kind: str, *, phone: str, mail: str, account: str, node: int) -> Customer:
    began = now - timedelta(days=2300)
    customer = record.add_customer(name=name, kind=kind, languages=("en",), since=began.date(), by=SYSTEM, at=began)
    for what, value in ((ContactPointKind.PHONE, phone), (ContactPointKind.MAIL, mail)):
        record.add_contact_point(customer_id=customer.pk, kind=what, value=value, by=SYSTEM, at=began)
    record.add_account(customer_id=customer.pk, number=account, cycle_day=3, by=SYSTEM, at=began)
    home = record.add_premise(line=f"{customer.pk} Juniper Court", town="Eastmoor", postcode="97301", area_id=node)
    record.move_in(customer_id=customer.pk, premise_id=home.pk, by=SYSTEM, at=began)
    record.add_service(
        customer_id=customer.pk, kind=ServiceKind.INTERNET, plan="Fibre 300", price_minor=4900, by=SYSTEM, at=began
    )
    return customer


def _maria(now: datetime, node: int) -> Customer:
    began = now - timedelta(days=2260)
    maria = record.add_customer(name="Maria Alvarez", languages=("es", "en"), since=began.date(), by=SYSTEM, at=began)
    add = {"customer_id": maria.pk, "by": SYSTEM, "at": began}
    record.add_account(number="A-204417", cycle_day=3, **add)
    record.add_person_of_record(name="Luis Alvarez", authority="ask", **add)
    record.add_contact_point(kind=ContactPointKind.PHONE, value="+15035550142", **add)
    record.add_contact_point(kind=ContactPointKind.MAIL, value="maria@alvarez.example", **add)
    home = record.add_premise(line="14 Juniper Court", town="Eastmoor", postcode="97301", area_id=node)
    record.move_in(premise_id=home.pk, **add)
    ends = (now + timedelta(days=9)).date()
    record.add_service(
        kind=ServiceKind.INTERNET,
        plan="Fibre 500",
        price_minor=5900,
        promotion_ends_on=ends,
        price_after_minor=7100,
        **add,
    )
    record.add_service(kind=ServiceKind.TV, plan="TV Family", price_minor=3340, **add)
    record.add_device(kind=DeviceKind.BOX, maker="Vista", model="TV-3", serial="TV3-0092117", **add)
    record.add_device(kind=DeviceKind.ROUTER, maker="Northlink", model="AX-6", is_ours=False, **add)
    record.add_device(
        customer_id=maria.pk,
        kind=DeviceKind.MODEM,
        maker="Hexa",
        model="HX-20",
        serial="HX20-55120",
        mac="aa:bb:cc:00:11:22",
        by=SYSTEM,
        at=now - timedelta(days=2, hours=3),
    )
    return maria


@dataclass(frozen=True, slots=True)
class _Talk:
    """One conversation of the past."""

    began: datetime
    waited: timedelta
    lasted: timedelta
    channel: str
    said: str
    note: str


def _talk(talk: _Talk, *, customer: Customer, by: Actor, matter_id: int, again: bool = False) -> int:
    contact = care.begin_contact(
        channel=talk.channel,
        at=talk.began,
        by=SYSTEM,
        customer_id=customer.pk,
        reached_from="+15035550142",
        said=talk.said,
    )
    answered = talk.began + talk.waited
    care.take_contact(contact_id=contact.pk, by=by, at=answered)
    if again:
        care.tell_again(contact_id=contact.pk, by=by, at=answered + timedelta(minutes=2))
    care.end_contact(contact_id=contact.pk, by=by, at=answered + talk.lasted, matter_id=matter_id, note=talk.note)
    return contact.pk


def _marias_weeks(now: datetime, who: _Staff, maria: Customer) -> int:
    drops = matter("internet.drops")
    priya, sam = who.priya.as_actor(), who.sam.as_actor()
    minutes = timedelta(minutes=1)
    first = _talk(
        _Talk(now - timedelta(days=17), 9 * minutes, 12 * minutes, Channel.CHAT, "It drops every night.",
              "Restarted the modem, looked better, closed. Came back the same night."),
        customer=maria, by=priya, matter_id=drops,
    )  # fmt: skip
    case = care.open_case(
        customer_id=maria.pk,
        matter_id=drops,
        title="Internet drops every evening",
        by=sam,
        at=now - timedelta(days=8),
        contact_id=first,
    )
    second = _talk(
        _Talk(now - timedelta(days=3, hours=2), 14 * minutes, 14 * minutes, Channel.CALL, "",
              "Drops every evening around nine, all devices. Levels at the tap are fine, upstream errors on the "
              "modem; replaced rather than another visit."),
        customer=maria, by=sam, matter_id=drops, again=True,
    )  # fmt: skip
    care.add_contact_to_case(case_id=case.pk, contact_id=second, by=sam, at=now - timedelta(days=3, hours=1))
    care.make_promise(
        customer_id=maria.pk,
        kind="call",
        what="Call whether the new modem works",
        due_at=now + timedelta(hours=3),
        by=sam,
        at=now - timedelta(days=3, hours=1),
        owner_person_id=who.dana.pk,
        case_id=case.pk,
    )
    care.write_customer(
        customer_id=maria.pk,
        subject="Your new modem",
        words="It is on its way and arrives on Friday. Plug it in; nothing else is needed.",
        by=sam,
        at=now - timedelta(days=2),
        case_id=case.pk,
    )
    return case.pk


def _others(now: datetime, who: _Staff, node: int, *, novak: Customer) -> None:
    dana, sam = who.dana.as_actor(), who.sam.as_actor()
    later = now + timedelta(hours=1)
    care.make_promise(
        customer_id=novak.pk, kind="call", what="Tell what the line test said", due_at=later, by=dana,
        at=now - timedelta(days=1), owner_person_id=who.dana.pk,
    )  # fmt: skip
    late = _customer(
        now, "Jo Whitfield", "person", phone="+15035550155", mail="jo@whitfield.example", account="A-118555", node=node
    )
    care.make_promise(
        customer_id=late.pk, kind="call", what="Call back about the second box", due_at=now - timedelta(minutes=40),
        by=dana, at=now - timedelta(days=1), owner_person_id=who.dana.pk,
    )  # fmt: skip
    care.break_overdue_promises(at=now)
    record.set_flag(
        customer_id=novak.pk, kind=FlagKind.LIFE_LINE, reason="A heart monitor hangs on this line", by=SYSTEM,
        at=now - timedelta(days=90),
    )  # fmt: skip
    hale = _customer(
        now, "Ruth Hale", "person", phone="+15035550188", mail="ruth@hale.example", account="A-118777", node=node
    )
    asked = care.open_case(
        customer_id=hale.pk, matter_id=matter("billing"), title="Is the 9.00 on the bill the old rental?",
        by=sam, at=now - timedelta(hours=5), owner_team_id=who.frontline.pk, asked_by_id=who.billing.pk,
    )  # fmt: skip
    care.hand_over(
        by=sam, at=now - timedelta(minutes=25), case_id=asked.pk, to_person_id=who.dana.pk,
        line="She has both boxes back already; only the credit is missing.",
    )  # fmt: skip


def somebody_calls(now: datetime, customer_id: int, *, said: str = "") -> int:
    """A customer calls; returns the contact that waits."""
    return care.begin_contact(
        channel=Channel.CALL,
        at=now - timedelta(minutes=2),
        by=SYSTEM,
        customer_id=customer_id,
        reached_from="+15035550142",
        said=said,
    ).pk


def okafor_writes(now: datetime, lives: Lives) -> int:
    """Okafor Dental sends a mail; Dana has it in hand."""
    contact = care.begin_contact(
        channel=Channel.MAIL,
        at=now - timedelta(minutes=50),
        by=SYSTEM,
        customer_id=lives.okafor.pk,
        reached_from="front@okafor.example",
        said="Second line since Monday? We only ordered one, and the reception phone rings twice.",
    )
    care.take_contact(contact_id=contact.pk, by=lives.dana.as_actor(), at=now - timedelta(minutes=20))
    return contact.pk


def a_stranger_writes(now: datetime) -> int:
    """A contact that names no customer."""
    return care.begin_contact(
        channel=Channel.PORTAL,
        at=now - timedelta(minutes=9),
        by=SYSTEM,
        said_name="M. Alvares",
        reached_from="",
        said="My new modem came today but the light stays red.",
    ).pk


def a_nameless_call(now: datetime, lives: Lives) -> int:
    """A call that names no customer, taken by Ada."""
    contact = care.begin_contact(
        channel=Channel.CALL,
        at=now - timedelta(minutes=30),
        by=SYSTEM,
        said_name="A neighbour",
        said="The whole street.",
    )
    care.take_contact(contact_id=contact.pk, by=lives.admin.as_actor(), at=now - timedelta(minutes=29))
    return contact.pk


def callers(now: datetime, lives: Lives) -> dict[str, int]:
    """Okafor Dental with Priya: once on the phone, not verified yet, and once in the shop, with a photo id."""
    priya, ids = lives.priya.as_actor(), {}
    for name, channel in (("caller", Channel.CALL), ("counter", Channel.SHOP)):
        contact = care.begin_contact(
            channel=channel, at=now - timedelta(minutes=8), by=SYSTEM, customer_id=lives.okafor.pk,
            reached_from="+15035550177" if channel == Channel.CALL else "",
        )  # fmt: skip
        ids[name] = care.take_contact(contact_id=contact.pk, by=priya, at=now - timedelta(minutes=7)).pk
    care.identify_by_photo(contact_id=ids["counter"], by=priya, at=now - timedelta(minutes=6))
    return ids


_MAPPING = """
name = "neighbours"
title = "Neighbours"
of = "customers"
source = "neighbours"
[customer]
external_id = "id"
name = "name"
"""


def work_of_an_office(now: datetime, lives: Lives) -> dict[str, int]:
    """What administrators and supervisors look after: an outage, an answer, an import; their ids by name."""
    ada = lives.admin.as_actor()
    answer = care.add_answer(title="On its way", body="It arrives on Friday.", language="en", by=ada, at=now)
    outage = network.report_outage(
        area_id=_area("eastmoor-7"), kind=OutageKind.LOST, began_at=now - timedelta(hours=1),
        expected_until=now + timedelta(hours=2), cause="A cable was cut", by=ada, at=now,
    )  # fmt: skip
    with TemporaryDirectory() as folder:
        file = Path(folder) / "neighbours.csv"
        file.write_text("id,name\n1,Bo Lindqvist\n2,Ines Duarte\n")
        run = bring_in_file(path=file, mapping_text=_MAPPING, as_of=None, by=ada, at=now)
    return {"answer": answer.pk, "outage": outage.pk, "import": run.pk}


def _area(code: str) -> int:
    return Area.objects.get(code=code).pk
