"""Who else keeps something about customers: the modules that `config/privacy.py` lists."""

from importlib import import_module

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from tellonce.modules.record.contracts import Expiring, Owning, PersonalData


def keepers() -> list[tuple[str, PersonalData]]:
    """Each module with its short name, in the order of the ladder."""
    found: list[tuple[str, PersonalData]] = []
    for path in settings.PERSONAL_DATA:
        module = import_module(path)
        if not isinstance(module, PersonalData):
            raise ImproperlyConfigured(f"{path} offers no personal_data, forget and merged")
        found.append((path.split(".")[-2], module))
    return found


def owners() -> list[Owning]:
    """The keepers whose rows a split may give away."""
    return [module for _name, module in keepers() if isinstance(module, Owning)]


def expirers() -> list[Expiring]:
    """The keepers that keep something for a while only."""
    return [module for _name, module in keepers() if isinstance(module, Expiring)]
