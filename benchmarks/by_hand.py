"""The rows of a customer's page, by hand-written SQL in one pipeline: the limit that the page's queries are held to."""

from collections.abc import Mapping

import psycopg

_WHO_LOOKS = (
    "SELECT session_data, expire_date FROM django_session WHERE session_key = %(session)s AND expire_date > now()",
    "SELECT p.*, t.* FROM staff_person p LEFT JOIN staff_team t ON t.id = p.team_id WHERE p.id = %(person)s",
    """INSERT INTO staff_accessentry (at, person_id, person_name, customer_id, case_id, page, reason, without_contact,
                                      searched_for)
       VALUES (now(), %(person)s, 'Dana Reyes', %(id)s, %(id)s, 'customer', '', FALSE, '')""",
)

_CUSTOMER = (
    "SELECT * FROM record_customer WHERE id = %(id)s OR merged_into_id = %(id)s",
    "SELECT * FROM record_account WHERE customer_id = %(id)s",
    "SELECT * FROM record_personofrecord WHERE customer_id = %(id)s",
    "SELECT * FROM record_contactpoint WHERE customer_id = %(id)s",
    """SELECT p.*, n.name, a.name, r.name
       FROM record_occupancy o JOIN record_premise p ON p.id = o.premise_id
            LEFT JOIN record_area n ON n.id = p.area_id LEFT JOIN record_area a ON a.id = n.parent_id
            LEFT JOIN record_area r ON r.id = a.parent_id
       WHERE o.customer_id = %(id)s""",
    "SELECT * FROM record_service WHERE customer_id = %(id)s",
    "SELECT * FROM record_device WHERE customer_id = %(id)s",
    "SELECT * FROM record_flag WHERE customer_id = %(id)s AND (until IS NULL OR until > now())",
    """SELECT customer_id, id, at, kind, channel, direction, by_kind, by_id, by_name, about, about_id, contact_id,
              case_id, matter_id, data, words, corrects, erased_at
       FROM record_moment WHERE customer_id = %(id)s ORDER BY at DESC, id DESC LIMIT 51""",
    """SELECT c.*, m.name, p.name, t.name FROM care_case c LEFT JOIN care_matter m ON m.id = c.matter_id
            LEFT JOIN staff_person p ON p.id = c.owner_person_id LEFT JOIN staff_team t ON t.id = c.owner_team_id
       WHERE c.customer_id = %(id)s ORDER BY c.opened_at DESC LIMIT 50""",
    """SELECT r.*, p.name, t.name FROM care_promise r LEFT JOIN staff_person p ON p.id = r.owner_person_id
            LEFT JOIN staff_team t ON t.id = r.owner_team_id
       WHERE r.customer_id = %(id)s ORDER BY r.due_at DESC LIMIT 50""",
    """SELECT c.*, m.name FROM care_contact c LEFT JOIN care_matter m ON m.id = c.matter_id
       WHERE c.customer_id = %(id)s ORDER BY c.began_at DESC LIMIT 30""",
    """SELECT o.*, a.name FROM network_outage o JOIN record_area a ON a.id = o.area_id
            JOIN record_premise p ON p.area_id = o.area_id JOIN record_occupancy c ON c.premise_id = p.id
       WHERE c.customer_id = %(id)s AND o.began_at > now() - interval '30 days'""",
)

_IN_HAND = (
    """SELECT c.*, k.name FROM care_contact c LEFT JOIN record_customer k ON k.id = c.customer_id
       WHERE c.taken_by_id = %(person)s AND c.state = 'in_hand'""",
    """SELECT c.*, k.name FROM care_contact c LEFT JOIN record_customer k ON k.id = c.customer_id
       WHERE c.state = 'waiting' ORDER BY c.began_at LIMIT 8""",
    """SELECT r.*, k.name FROM care_promise r LEFT JOIN record_customer k ON k.id = r.customer_id
       WHERE (r.owner_person_id = %(person)s OR r.owner_person_id IS NULL AND r.owner_team_id = %(team)s)
         AND r.state = 'due' AND r.due_at < now() + interval '1 day'""",
    """SELECT c.*, k.name FROM care_case c LEFT JOIN record_customer k ON k.id = c.customer_id
       WHERE (c.owner_person_id = %(person)s AND c.asked_by_id IS NOT NULL OR c.owner_team_id = %(team)s
              OR c.owner_department_id = %(department)s) AND c.solved_at IS NULL ORDER BY c.opened_at LIMIT 50""",
    """SELECT r.* FROM care_promise r
       WHERE (r.owner_person_id = %(person)s OR r.owner_team_id = %(team)s)
         AND r.to_department_id IS NOT NULL AND r.state = 'due'""",
    """SELECT h.*, k.name FROM care_handover h LEFT JOIN record_customer k ON k.id = h.customer_id
       WHERE (h.to_person_id = %(person)s OR h.to_team_id = %(team)s OR h.to_department_id = %(department)s)
         AND h.taken_at IS NULL""",
)


def customer_page(connection: psycopg.Connection, *, customer_id: int, who: Mapping[str, int | str]) -> int:
    """Fetches all of it in one round trip for `who` (person, team, department, session); returns how many rows came."""
    values = {"id": customer_id, **who}
    with connection.pipeline():
        cursors = [connection.execute(statement, values) for statement in (*_WHO_LOOKS, *_CUSTOMER, *_IN_HAND)]
    return sum(len(cursor.fetchall()) for cursor in cursors if cursor.description)
