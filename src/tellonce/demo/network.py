"""Puts the made-up outages into the database: past ones in bulk, the one that lasts as it would be reported."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from tellonce.demo.households import node_code
from tellonce.demo.people import town_code
from tellonce.demo.world import World
from tellonce.modules.network import actions as network
from tellonce.modules.network.contracts import NewOutage
from tellonce.modules.record import queries as record_queries
from tellonce.modules.staff.contracts import SYSTEM


def load_outages(world: World, customer_ids: Sequence[int], *, now: datetime, mark: str = "N") -> None:
    """Every outage, told to those who lived there then; moments of an outage stand at its end."""
    areas = {area.code: area.pk for area in record_queries.areas()}
    outages, span = world.outages, world.span
    ids = np.array(customer_ids)
    past: list[NewOutage] = []
    for number in range(len(outages)):
        area_id = areas[_code(world, number)]
        began = span.moment(float(outages.began[number]))
        expected = span.moment(float(outages.expected[number]))
        if np.isnan(outages.ended[number]):
            network.report_outage(
                area_id=area_id, kind=outages.kind[number], began_at=began, expected_until=expected,
                cause=outages.cause[number], by=SYSTEM, at=began, external_id=f"{mark}{number:05d}",
            )  # fmt: skip
            continue
        here = np.isin(world.customers.node, outages.nodes[number]) & world.customers.is_here(
            np.arange(len(ids)), np.full(len(ids), outages.began[number])
        )
        past.append(
            NewOutage(
                area_id=area_id,
                began_at=began,
                ended_at=span.moment(float(outages.ended[number])),
                kind=outages.kind[number],
                expected_until=expected,
                cause=outages.cause[number],
                external_id=f"{mark}{number:05d}",
                customer_ids=tuple(ids[here].tolist()),
            )
        )
    network.load_outages(past, by=SYSTEM, at=now)


def _code(world: World, number: int) -> str:
    town, node = world.outages.town[number], world.outages.node[number]
    return town_code(world.places.town_names[town]) if town >= 0 else node_code(world.places, node)
