"""The two passes over a network: the earliest dates forward, the latest dates backward.

Positions (see calendars) make every step whole-number arithmetic: an activity starts at an odd
position (an opening), its finish lies twice its duration further, less one. A milestone, and an
end that is bound by another end, keeps the very instant that binds it: late dates are limits, and
a limit may be an opening (for a finish) or a closing (for a start).
"""

from __future__ import annotations

from saima.scheduling.network import Edge, Network, Pin

Positions = list[int]
Dates = tuple[Positions, Positions]
"""Starts and finishes by node."""


def bound_after(net: Network, edge: Edge, at: int) -> int:
    """Where the target may be at the earliest, given the position of the source's end."""
    if edge.across:
        instant = net.timeline[edge.source].instant(at) + edge.clock
        at = net.timeline[edge.target].position(instant)
    if edge.work:
        at = 2 * ((at >> 1) + edge.work) + (edge.work < 0 and not edge.to_finish)
    return at


def bound_before(net: Network, edge: Edge, at: int) -> int:
    """Where the source may be at the latest, given the position of the target's end."""
    if edge.work:
        at = 2 * ((at >> 1) - edge.work) + (edge.work > 0 and not edge.from_finish)
    if edge.across:
        instant = net.timeline[edge.target].instant(at) - edge.clock
        at = net.timeline[edge.source].position_before(instant)
    return at


def earliest(net: Network) -> Dates:
    """Early starts and finishes."""
    starts, finishes = [0] * net.size, [0] * net.size
    duration, plain_in, edges_in = net.duration, net.plain_in, net.edges_in
    start_floor, finish_floor, pinned = net.start_floor, net.finish_floor, net.pinned
    for node in net.order:
        start, finish = start_floor[node], finish_floor[node]
        for source in plain_in[node]:
            at = finishes[source]
            if at > start:
                start = at
        for edge in edges_in[node]:
            source, _, from_finish, to_finish, lag, _, across = edge
            at = finishes[source] if from_finish else starts[source]
            if across:
                at = bound_after(net, edge, at)
            elif lag:
                at = 2 * ((at >> 1) + lag) + (lag < 0 and not to_finish)
            if not to_finish:
                start = at if at > start else start
            elif at > finish:
                finish = at
        work = duration[node]
        if work:
            start |= 1
            end = start - 1 + 2 * work
            if finish > end:
                end = finish
                start = 2 * ((finish >> 1) - work) + 1
        else:
            start = end = max(start, finish)
        if node in pinned:
            start, end = pinned_dates(pinned[node], start, end, work)
        starts[node], finishes[node] = start, end
    return starts, finishes


def pinned_dates(pin: Pin, start: int, end: int, work: int) -> tuple[int, int]:
    """What has happened, and dates that bind, against what the links say."""
    if pin.done is not None:
        begun = pin.done - 2 * work if pin.begun is None else pin.begun
        return (min(begun | (work > 0), pin.done), pin.done)
    if pin.begun is not None:
        done_by_now = max(work - pin.remaining, 0)
        now = max((pin.begun >> 1) + done_by_now, pin.resume >> 1)
        return pin.begun, 2 * (now + pin.remaining) if work else pin.begun
    if pin.must_start is not None:
        start = pin.must_start
        return start, start - (start & 1) + 2 * work if work else start
    finish = pin.must_finish if pin.must_finish is not None else min(end, pin.finish_cap)
    if finish != end:
        return 2 * ((finish >> 1) - work) + 1 if work else finish, finish
    if start > pin.start_cap:
        start = pin.start_cap
        end = start - (start & 1) + 2 * work if work else start
    return start, end


def latest(net: Network, early: Dates, ends: Positions) -> Dates:
    """Late starts and finishes; `ends[i]` is where node i must have finished at the latest."""
    starts, finishes = [0] * net.size, [0] * net.size
    duration, plain_out, edges_out = net.duration, net.plain_out, net.edges_out
    start_cap, finish_cap, pinned = net.start_cap, net.finish_cap, net.pinned
    for node in reversed(net.order):
        finish, start = min(ends[node], finish_cap[node]), start_cap[node]
        for target in plain_out[node]:
            at = starts[target]
            if at < finish:
                finish = at
        for edge in edges_out[node]:
            _, target, from_finish, to_finish, lag, _, across = edge
            at = finishes[target] if to_finish else starts[target]
            if across:
                at = bound_before(net, edge, at)
            elif lag:
                at = 2 * ((at >> 1) - lag) + (lag > 0 and not from_finish)
            if not from_finish:
                start = at if at < start else start
            elif at < finish:
                finish = at
        work = duration[node]
        if work:
            begin = 2 * ((finish >> 1) - work) + 1
            if start < begin:
                begin = start
                finish = min(finish, 2 * ((begin >> 1) + work) + 1)
        else:
            begin = finish = min(start, finish)
        if node in pinned and (pinned[node].begun, pinned[node].done) != (None, None):
            begin = early[0][node]
            finish = finish if pinned[node].done is None else early[1][node]
        starts[node], finishes[node] = begin, finish
    return starts, finishes


def as_late_as_possible(net: Network, early: Dates, ends: Positions) -> Dates:
    """The dates to work by: early ones, and for ALAP the last that move no successor."""
    starts, finishes = list(early[0]), list(early[1])
    for node in reversed(net.order):
        if net.tasks[node].constraint == "ALAP" and node not in net.pinned:
            room = room_of(net, node, (starts, finishes), ends)
            if room > 0:
                starts[node] += 2 * room
                finishes[node] += 2 * room
    return starts, finishes


def room_of(net: Network, node: int, dates: Dates, ends: Positions) -> int:
    """Seconds of work by which a node can slip before it moves a successor or passes its end."""
    starts, finishes = dates
    start, finish = starts[node] >> 1, finishes[node] >> 1
    room = (ends[node] >> 1) - finish
    for target in net.plain_out[node]:
        room = min(room, (starts[target] >> 1) - finish)
    for edge in net.edges_out[node]:
        at = (finishes if edge.to_finish else starts)[edge.target]
        own = finish if edge.from_finish else start
        room = min(room, (bound_before(net, edge, at) >> 1) - own)
    return room
