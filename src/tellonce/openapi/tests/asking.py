"""A program with a key, as the tests of the API need it."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from tellonce.modules.staff.contracts import SYSTEM
from tellonce.openapi.actions import add_key
from tellonce.openapi.contracts import Scope

ALL = tuple(scope for scope in Scope.values if scope != Scope.RESTRICTED)


@dataclass
class Program:
    """Asks with a key."""

    text: str
    client: Client = field(default_factory=Client)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The answer to one request."""
        return self.client.generic(
            method,
            path,
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.text}", **headers},
        )


def a_program(*scopes: str, name: str = "Phone system", per_minute: int = 600) -> Program:
    """A program whose key may do this; everything but restricted customers, where nothing is said."""
    key, text = add_key(
        name=name,
        source="pbx",
        scopes=scopes or ALL,
        by=SYSTEM,
        at=timezone.now() - timedelta(hours=1),
        per_minute=per_minute,
    )
    assert text not in key.digest
    return Program(text)
