"""The made-up provider: its name, regions, towns, plans, devices, teams and sites."""

from dataclasses import dataclass
from typing import Final

NAME: Final = "Merrowlink"
SLOGAN: Final = "Merrowlink, the cable and fibre of the Merrow valley"
EAST: Final = "America/New_York"
WEST: Final = "America/Denver"


@dataclass(frozen=True, slots=True)
class Region:
    """A region with its towns (one area each), its share of the customers and how much it speaks Spanish."""

    code: str
    name: str
    time_zone: str
    towns: tuple[str, ...]
    share: float
    spanish: float
    nodes_a_town: int = 5


REGIONS: Final = (
    Region("mv", "Merrow Valley", EAST, ("Eastmoor", "Harlow Mills", "Merrow Falls", "Tansy Bridge"), 0.34, 0.13),
    Region("sc", "Saltmarsh Coast", EAST, ("Port Ansel", "Gull Harbor", "Saltmarsh"), 0.26, 0.15),
    Region("hj", "High Juniper", WEST, ("Juniper Springs", "Ridgeline", "Copperlode"), 0.18, 0.30),
    Region("rs", "Rio Sereno", WEST, ("Sereno", "Las Alamedas", "Cottonwood Flats"), 0.22, 0.48),
)

_STREETS_ANYWHERE: Final = (
    "Church", "Meadow", "Orchard", "Market", "School", "Willow", "Spring", "Maple", "Station", "Bell", "Bluff",
    "Quarry", "Park", "First", "Second", "Third", "Main", "Ridge", "Hill", "Lincoln", "Cedar", "Railroad",
)  # fmt: skip
STREETS_EAST: Final = (
    *_STREETS_ANYWHERE, "Harbour", "Larch", "Old Mill", "Alder", "Sycamore", "Canal", "Foundry", "Lantern", "Heron",
    "Pine Hollow", "Ferry", "Granite", "Chestnut", "Cannery", "Fox Run", "Signal", "Tannery", "Beacon", "Blackthorn",
    "Rope Walk", "Elm", "Wharf", "Lighthouse",
)  # fmt: skip
STREETS_WEST: Final = (
    *_STREETS_ANYWHERE, "Juniper", "Copper", "Prairie", "Mesa", "Cottonwood", "Acequia", "Alameda", "Paloma", "Encino",
    "Del Norte", "Kestrel", "Sage", "Piñon", "Arroyo", "Sierra Vista", "Rio Grande", "Aspen", "Yucca", "Placita",
    "San Mateo", "Mission", "Canyon",
)  # fmt: skip
STREET_KINDS: Final = ("Street", "Road", "Lane", "Court", "Avenue", "Drive", "Way", "Terrace", "Place")


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan: its kind of service, its price and what a newcomer pays while the promotion runs."""

    kind: str
    name: str
    price: int
    promotion: int
    rank: int
    weight: float


PLANS: Final = (
    Plan("internet", "Cable 100", 4900, 3900, 0, 0.22),
    Plan("internet", "Cable 300", 6200, 4700, 1, 0.28),
    Plan("internet", "Fibre 500", 7100, 5900, 2, 0.24),
    Plan("internet", "Fibre Gigabit", 8900, 6900, 3, 0.20),
    Plan("internet", "Wireless Home", 5500, 4500, 0, 0.06),
    Plan("tv", "TV Basics", 2800, 2300, 0, 0.34),
    Plan("tv", "TV Family", 4540, 3340, 1, 0.44),
    Plan("tv", "TV Everything", 7990, 5990, 2, 0.22),
    Plan("phone", "Home Phone", 1900, 1400, 0, 1.0),
    Plan("mobile", "Mobile 5 GB", 1800, 1500, 0, 0.35),
    Plan("mobile", "Mobile 20 GB", 2900, 2400, 1, 0.40),
    Plan("mobile", "Mobile Unlimited", 4200, 3500, 2, 0.25),
    Plan("extra", "Static address", 1200, 1200, 0, 0.4),
    Plan("extra", "Whole-home Wi-Fi", 900, 900, 0, 0.6),
)
INTERNET, TV, PHONE, MOBILE, EXTRA = (
    tuple(i for i, plan in enumerate(PLANS) if plan.kind == kind)
    for kind in ("internet", "tv", "phone", "mobile", "extra")
)

MODEMS: Final = (("Halvard", "HX-10"), ("Halvard", "HX-20"), ("Corrie", "CM 31"), ("Corrie", "CM 32b"))
TERMINALS: Final = (("Halvard", "FT-5"), ("Ostrand", "ON2"))
BOXES: Final = (("Ostrand", "TV-2"), ("Ostrand", "TV-3"), ("Corrie", "Viewbox"))
OWN_ROUTERS: Final = (("Netpike", "AX 3000"), ("Netpike", "AX 5400"), ("Brightwave", "Mesh 3"), ("Tulo", "Home 6"))
OWN_TVS: Final = (("Sonata", "55 Q"), ("Sonata", "65 Q"), ("Miro", "OLED 55"), ("Vantage", "43 HD"))
OWN_CONSOLES: Final = (("Playdeck", "5"), ("Arc", "Series 2"))


@dataclass(frozen=True, slots=True)
class TeamPlan:
    """A team: where it sits, what it answers, and who works in it."""

    name: str
    department: str
    site: str
    kind: str
    representatives: int = 0
    technicians: int = 0


SITES: Final = (("Eastmoor", EAST, ""), ("Juniper Springs", WEST, ""), ("Dos Ríos", WEST, "Cordillera Contact"))
PARTNER: Final = "Cordillera Contact"
DEPARTMENTS: Final = (
    ("Care", "Eastmoor"), ("Billing", "Eastmoor"), ("Tech help", "Juniper Springs"), ("Field", "Eastmoor"),
    ("Network", "Juniper Springs"), ("Retention", "Eastmoor"), ("Insight", "Eastmoor"), ("Direction", "Eastmoor"),
)  # fmt: skip
TEAMS: Final = (
    TeamPlan("Care East", "Care", "Eastmoor", "care", representatives=6),
    TeamPlan("Care West", "Care", "Juniper Springs", "care", representatives=5),
    TeamPlan("Billing care", "Billing", "Eastmoor", "billing", representatives=4),
    TeamPlan("Tech help", "Tech help", "Juniper Springs", "tech", representatives=6),
    TeamPlan("Retention", "Retention", "Eastmoor", "leaving", representatives=2),
    TeamPlan("Cordillera day", "Care", "Dos Ríos", "care", representatives=5),
    TeamPlan("Cordillera night", "Care", "Dos Ríos", "night", representatives=3),
    TeamPlan("Field East", "Field", "Eastmoor", "field", technicians=9),
    TeamPlan("Field West", "Field", "Juniper Springs", "field", technicians=7),
    TeamPlan("Network operations", "Network", "Juniper Springs", "network", technicians=5),
)  # with 4 supervisors, 2 managers, an analyst and an administrator: 60
WEST_REGION: Final = 2  # from this region on, the west
