"""The billing system asks about a bill before it sends it, and fetches what it is asked to do."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from tellonce.modules.billing import actions as billing
from tellonce.modules.billing.contracts import NewBill, NewCharge
from tellonce.modules.billing.queries import orders
from tellonce.openapi.asking import Key, asker
from tellonce.openapi.contracts import Scope
from tellonce.openapi.shapes import BillIn, OrdersTaken

router = Router(tags=["bills"])
Limit = Annotated[int, Query(ge=1, le=1000)]


@router.post("/bills/ask", auth=Key(Scope.BILLS_ASK), url_name="bill_ask", response=dict[str, Any])
def ask(request: HttpRequest, body: BillIn) -> dict[str, Any]:
    """The lines to hold, and the credits that are due and missing. Nobody has seen the bill; it may be asked again.

    A bill that is sent comes in by an import, with the same source and number. 409 when it was sent already.
    """
    asking = asker(request)
    told = body.model_dump(exclude={"lines"})
    charges = tuple(NewCharge(**line.model_dump()) for line in body.lines)
    customer_id, bill_id = billing.put_asked_bill(
        NewBill(**told, source=asking.key.source, charges=charges), by=asking.actor, at=asking.at
    )
    held = billing.check_bill(bill_id=bill_id, customer_id=customer_id, at=asking.at)
    asking.log([customer_id], "bills/ask")
    return {
        "number": body.number,
        "hold": [
            {
                "line": line.line,
                "code": line.code,
                "amount_minor": line.amount_minor,
                "tax_minor": line.tax_minor,
                "currency": line.currency,
                "watch": line.watch_id,
                "watched_since": line.watched_since,
            }
            for line in held
        ],
        "missing": [
            {"reference": each.reference, "amount_minor": each.amount_minor, "currency": each.currency}
            for each in billing.missing_on(bill_id=bill_id, customer_id=customer_id)
        ],
    }


@router.get("/bills/orders", auth=Key(Scope.BILLS_ORDERS), url_name="bill_orders", response=dict[str, Any])
def waiting(request: HttpRequest, after: int = 0, limit: Limit = 100) -> dict[str, Any]:
    """What the billing system is asked to do and did not take yet, in order; `after` is the last id that it has."""
    asking = asker(request)
    found = orders.orders_waiting(after=after, limit=limit)
    asking.log({order.customer_id for order in found}, "bills/orders")
    return {
        "orders": [
            {
                "id": order.id,
                "kind": order.kind,
                "key": order.key,
                "account_number": order.account_number,
                "written_at": order.written_at,
                **order.body,
            }
            for order in found
        ],
        "next": found[-1].id if found else None,
    }


@router.post("/bills/orders/taken", auth=Key(Scope.BILLS_ORDERS), url_name="bill_orders_taken", response=dict[str, int])
def taken(request: HttpRequest, body: OrdersTaken) -> dict[str, int]:
    """Says which orders were taken: they are not given out again. Safe to say twice."""
    return {"taken": billing.take_orders(order_ids=body.ids, at=asker(request).at)}
