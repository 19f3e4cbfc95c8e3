"""SIP and media libraries are known to one driver only."""

from tests.architecture.test_lab_is_pure import imported
from tests.architecture.trees import SOURCE, product_files, shown

HOME = SOURCE / "switchboard" / "drivers" / "embedded"
LIBRARIES = {"sippy", "rtp"}


def test_only_the_embedded_driver_speaks_sip() -> None:
    users = {path for path in product_files() for name in imported(path) if name.split(".")[0] in LIBRARIES}
    assert users
    assert [shown(path) for path in users if not path.is_relative_to(HOME)] == []
