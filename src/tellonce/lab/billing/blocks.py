"""Days on which nothing may be charged for a service or a device, by what the record knows of them."""

import ibis
import ibis.expr.types as ir

from tellonce.lab.billing.tables import FOREVER, Record


def blocks(record: Record) -> ir.Table:
    """Periods without charge.

    Columns: `what`, `subject`, `cause` (a kind of finding), `starts`, `ends`, `known` (the day from which a bill must
    heed it; what holds for all days at once is always known). A device that came back, is broken, or never worked has
    no rent; a service in a pause, or of which no device ever worked, has no charge. The day on which a device came
    back may still be charged.
    """
    never = _never_activated(record)
    found = [_returned(record), _broken(record), _pauses(record), never, _services_never_activated(record, never)]
    return ibis.union(*found)


def _events(record: Record, *kinds: str) -> ir.Table:
    events = record.device_events
    chosen = events.filter(events.kind.isin(kinds))
    return chosen.select(subject=chosen.device, day=chosen.on).distinct()


def _until_next(begun: ir.Table, ended: ir.Table, *, same_day: bool) -> ir.Table:
    """Each begin with the first end after it, or on its day: `subject`, `starts`, `ends`."""
    ends = ended.select(of=ended.subject, end_day=ended.day)
    is_after = begun.day <= ends.end_day if same_day else begun.day < ends.end_day
    joined = begun.left_join(ends, [begun.subject == ends.of, is_after])
    return (
        joined.group_by(joined.subject, joined.day)
        .agg(ends=joined.end_day.min().fill_null(FOREVER))
        .rename(starts="day")
    )


def _block(table: ir.Table, what: str, cause: str, *, starts: ir.Value, known: ir.Value | int) -> ir.Table:
    return table.select(
        what=ibis.literal(what),
        subject=table.subject,
        cause=ibis.literal(cause),
        starts=starts.cast("int64"),
        ends=table.ends.cast("int64"),
        known=(ibis.literal(known) if isinstance(known, int) else known).cast("int64"),
    )


def _returned(record: Record) -> ir.Table:
    found = _until_next(_events(record, "returned"), _events(record, "activated"), same_day=False)
    return _block(found, "device", "returned_device", starts=found.starts + 1, known=found.starts)


def _broken(record: Record) -> ir.Table:
    found = _until_next(_events(record, "broken"), _events(record, "mended", "activated"), same_day=True)
    return _block(found, "device", "broken_device", starts=found.starts, known=-FOREVER)


def _never_activated(record: Record) -> ir.Table:
    said, worked = _events(record, "never_activated"), _events(record, "activated", "seen")
    first = worked.group_by(of=worked.subject).agg(end_day=worked.day.min())
    devices = said.select("subject").distinct()
    joined = devices.left_join(first, devices.subject == first.of)
    found = joined.select("subject", ends=joined.end_day.fill_null(FOREVER))
    return _block(found, "device", "never_activated", starts=ibis.literal(-FOREVER), known=-FOREVER)


def _services_never_activated(record: Record, never: ir.Table) -> ir.Table:
    """Services all of whose devices never worked, and that nobody is known to have used."""
    of_service = record.devices.filter(record.devices.service.notnull())
    ends = never.select(of=never.subject, ends=never.ends)
    joined = of_service.left_join(ends, of_service.device == ends.of)
    counted = joined.group_by(subject=joined.service).agg(
        working=joined.count(where=joined.of.isnull()), ends=joined.ends.min()
    )
    silent = counted.filter(counted.working == 0)
    used = record.traffic.filter(record.traffic.units > 0)
    found = silent.anti_join(used, silent.subject == used.service)
    return _block(found, "service", "never_activated", starts=ibis.literal(-FOREVER), known=-FOREVER)


def _pauses(record: Record) -> ir.Table:
    pauses = record.pauses
    found = pauses.select(subject=pauses.service, starts=pauses.valid_from, ends=pauses.valid_until.fill_null(FOREVER))
    return _block(found, "service", "in_a_pause", starts=found.starts, known=-FOREVER)
