"""The tree of matters: three levels, names that are not twice, ids that stay; the administrator's page."""

import pytest
from django.test import Client
from django.urls import reverse

from tellonce.modules.care import actions, queries
from tellonce.modules.care.contracts import MatterTreeError
from tellonce.modules.care.contracts.first_matters import first_codes
from tellonce.modules.care.models import Matter
from tellonce.modules.staff.contracts import SYSTEM, Role
from tests.factories import NOW, a_matter, a_person

pytestmark = pytest.mark.django_db


def test_the_first_tree_is_laid_once_and_an_edited_one_is_left_alone() -> None:
    a_matter()
    assert sorted(queries.matter_ids()) == sorted(first_codes())
    actions.rename_matter(matter_id=a_matter("tv.box"), name="Box", by=SYSTEM, at=NOW)
    assert actions.lay_first_matters() == 0
    assert {node.level for node in queries.matters_flat()} == {1, 2, 3}


def test_a_matter_moves_with_all_below_it_and_never_below_itself_or_too_deep() -> None:
    slow, tv, internet = a_matter("internet.slow"), a_matter("tv"), a_matter("internet")
    actions.move_matter(matter_id=slow, parent_id=tv, before_id=a_matter("tv.down"), by=SYSTEM, at=NOW)
    tree = {node.id: node for node in queries.matters_flat()}
    assert tree[tv].children[0].id == slow
    assert tree[a_matter("internet.slow.wifi")].path == "TV \u203a Slow internet \u203a Slow over Wi-Fi only"
    for parent in (slow, a_matter("internet.slow.wifi")):
        with pytest.raises(MatterTreeError):
            actions.move_matter(matter_id=slow, parent_id=parent, by=SYSTEM, at=NOW)
    with pytest.raises(MatterTreeError):
        actions.move_matter(matter_id=internet, parent_id=tv, by=SYSTEM, at=NOW)
    actions.move_matter(matter_id=slow, parent_id=None, by=SYSTEM, at=NOW)
    assert Matter.objects.get(code="internet.slow.wifi").level == 2


def test_retiring_takes_all_below_along_and_bringing_back_all_above() -> None:
    actions.retire_matter(matter_id=a_matter("internet"), by=SYSTEM, at=NOW)
    assert a_matter("internet") not in {node.id for node in queries.matters_flat()}
    with pytest.raises(MatterTreeError):
        actions.add_matter(name="Satellite", parent_id=a_matter("internet"), by=SYSTEM, at=NOW)
    actions.bring_back_matter(matter_id=a_matter("internet.slow.wifi"), by=SYSTEM, at=NOW)
    offered = {node.code for node in queries.matters_flat() if node.code.startswith("internet")}
    assert offered == {"internet", "internet.slow", "internet.slow.wifi"}


def test_the_page_adds_renames_moves_and_retires_and_says_what_is_wrong(client: Client) -> None:
    client.force_login(a_person(role=Role.ADMINISTRATOR))
    tv = a_matter("tv")
    assert client.get(reverse("admin_matters")).status_code == 200
    twice = client.post(reverse("admin_matter_add", args=[tv]), {"name": "no picture"})
    assert (twice.status_code, "already" in twice.content.decode()) == (422, True)
    assert client.post(reverse("admin_matter_add", args=[tv]), {"name": "Remote control"}).status_code == 303
    added = Matter.objects.get(code="tv.remote_control")
    assert client.post(reverse("admin_matter_rename", args=[added.pk]), {"name": "The remote"}).status_code == 303
    moved = client.post(reverse("admin_matter_move", args=[added.pk]), {"parent": a_matter("equipment"), "before": ""})
    assert moved.status_code == 303
    assert client.post(reverse("admin_matter_retire", args=[added.pk])).status_code == 303
    added.refresh_from_db()
    assert (added.name, added.parent_id, added.retired_at is None) == ("The remote", a_matter("equipment"), False)
    page = client.get(reverse("admin_matter", args=[added.pk])).content.decode()
    assert "The remote" in page
    assert client.get(reverse("admin_matter", args=[10**9])).status_code == 404


def test_only_administrators_open_the_page(client: Client) -> None:
    client.force_login(a_person(role=Role.MANAGER))
    assert client.get(reverse("admin_matters")).status_code == 403
