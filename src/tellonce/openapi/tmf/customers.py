"""TMF629 Customer: read only here; customers come in by /api/customers, or by import."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from ninja import Query, Router

from tellonce.modules.record import queries as record_queries
from tellonce.modules.record.contracts import CustomerCard
from tellonce.modules.record.queries.outside import customers_page
from tellonce.openapi.asking import Key, asker
from tellonce.openapi.contracts import Scope
from tellonce.openapi.tmf.shaping import Fields, JsonObject, Limit, Offset, href, iso, listed, picked, without_empty

router = Router(tags=["TMF629 Customer"])
AccountNumber = Annotated[str, Query(alias="account.id", description="an account number")]
_BASE = "customerManagement/v4/customer"


@router.get("/customer", auth=Key(Scope.CUSTOMERS_READ), url_name="customers", response=list[dict[str, Any]])
def several(
    request: HttpRequest,
    fields: Fields = "",
    offset: Offset = 0,
    limit: Limit = 20,
    account: AccountNumber = "",
) -> HttpResponse:
    """Customers by id; the one with an account number where given. Restricted ones are left out."""
    asking = asker(request)
    total, ids = customers_page(offset=offset, limit=limit, number=account)
    seen = [customer_id for customer_id in ids if asking.may_see(customer_id)]
    asking.log(seen, "api customer")
    return listed([_resource(record_queries.card(customer_id)) for customer_id in seen], total=total, fields=fields)


@router.get("/customer/{int:customer_id}", auth=Key(Scope.CUSTOMERS_READ), url_name="customer", response=dict[str, Any])
def one(request: HttpRequest, customer_id: int, fields: Fields = "") -> HttpResponse:
    """One customer."""
    seen = asker(request).see(customer_id, "api customer")
    return JsonResponse(picked(_resource(record_queries.card(seen)), fields))


def _resource(card: CustomerCard) -> JsonObject:
    left = card.left_on is not None and card.left_on <= timezone.now().date()
    return without_empty(
        {
            "id": str(card.id),
            "href": href(_BASE, card.id),
            "name": card.shown_name,
            "status": "closed" if left else "active",
            "engagedParty": {
                "id": str(card.id),
                "name": card.shown_name,
                "role": card.kind,
                "@referredType": "Organization" if card.kind == "business" else "Individual",
            },
            "account": [
                {"id": account.number, "name": account.number, "@referredType": "PartyAccount"}
                for account in card.accounts
            ],
            "contactMedium": [*_phones(card), *_mails(card), *_places(card)],
            "characteristic": [{"name": name, "value": value} for name, value in card.facts.items()],
            "relatedParty": [
                {
                    "id": str(person.id),
                    "name": person.name,
                    "role": "personOfRecord",
                    "@referredType": "Individual",
                }
                for person in card.people
            ],
            "validFor": without_empty({"startDateTime": iso(card.since), "endDateTime": iso(card.left_on)}),
            "@type": "Customer",
        }
    )


def _phones(card: CustomerCard) -> list[JsonObject]:
    return [{"mediumType": "phone", "characteristic": {"phoneNumber": phone.value}} for phone in card.phones]


def _mails(card: CustomerCard) -> list[JsonObject]:
    return [{"mediumType": "email", "characteristic": {"emailAddress": mail.value}} for mail in card.mails]


def _places(card: CustomerCard) -> list[JsonObject]:
    return [
        {
            "mediumType": "postalAddress",
            "characteristic": without_empty(
                {
                    "street1": place.line,
                    "street2": place.unit,
                    "city": place.town,
                    "stateOrProvince": place.state,
                    "postCode": place.postcode,
                    "country": place.country,
                }
            ),
        }
        for place in card.premises
    ]
