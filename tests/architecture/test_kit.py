"""What pages are made of stands on the page that shows it."""

import re

from tests.architecture.trees import SOURCE

KIT = SOURCE / "desk" / "templates" / "desk" / "kit.html"
COMPONENTS = SOURCE / "webkit" / "templates" / "components"
# Shown on every page, around what the kit shows, or opened from it.
AROUND = {"bar", "dialog", "dialogs", "form", "me", "messages", "page"}
CLASS_OF = {"button": "btn", "field": "form", "list": "hands"}  # where the class is called otherwise


def test_every_component_is_in_the_kit() -> None:
    text = KIT.read_text()
    shown = set(re.findall(r"components/(\w+)\.html", text)) | set(re.findall(r"<(\w+)", text))
    shown |= {name for classes in re.findall(r'class="([^"]*)"', text) for name in re.split(r"[\s-]", classes)}
    components = {path.stem for path in COMPONENTS.iterdir()} - AROUND
    assert {name for name in components if name not in shown and CLASS_OF.get(name) not in shown} == set()
