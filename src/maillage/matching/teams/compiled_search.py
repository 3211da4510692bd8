"""Compiled with numba: the exact search, depth first with bounds (branch and bound).

At each node the bits left to cover are U, and r places are left. Each option within U gets a *potential*: its points,
its ties to the team, and half of its r - 1 greatest ties to providers that are still alive, since a pair of members to
come is counted from both its ends. The best potential of each set of bits goes into a dynamic programme over (places,
bits left), which bounds what any r further members can add. An option that cannot beat the best team known, by its own
potential and the programme for the rest, is removed for all nodes below. Then some bit is decided on: of the essential
ones left, that with the fewest options; each of these is tried, the greatest bound first.

A budget enters the potentials by a multiplier on cost, and what is left of it, times the multiplier, is given back: a
Lagrangian relaxation (Geoffrion 1974). All state is in arrays: the search stops after some nodes so that its caller can
look at the clock, and goes on where it stopped.
"""

# Numba infers the types from the arguments; annotations would only repeat them.
# ruff: noqa: ANN001, ANN201, ANN202
# mypy: disable-error-code="no-untyped-def"

import numpy as np
from numba import njit

_NEVER = -1e15
# A bound, which may be a fraction where a multiplier is used, must be more than whole points by one.
_ONE = 1.0 - 1e-6


@njit(cache=True)
def option_potentials(live, count, tables, joined, places, multiplier, stamp, half, mark):
    """Potentials of the live options (the first `count` of `live`); `half` and `stamp` are scratch by provider.

    `joined[p]` are the points of provider p's ties to the team, -1 for a member. `mark` is a number not used before.
    """
    of, _mask, cost, value, start, to, worth = tables
    for i in range(count):
        stamp[of[live[i]]] = mark
    done = mark + 1
    best_values = np.empty(count)
    for i in range(count):
        o = live[i]
        p = of[o]
        if stamp[p] == mark:
            stamp[p] = done
            half[p] = _best_ties(p, start, to, worth, stamp, mark, places - 1)
        best_values[i] = value[o] + joined[p] + half[p] - multiplier * cost[o]
    return best_values


@njit(cache=True)
def _best_ties(p, start, to, worth, stamp, mark, most):
    """Half of the `most` greatest ties of a provider to providers that are alive."""
    total, taken = 0, 0
    for e in range(start[p], start[p + 1]):
        if taken == most:
            break
        if stamp[to[e]] >= mark:
            total += worth[e]
            taken += 1
    return total / 2.0


@njit(cache=True)
def fill_best_completion(best_of, left, essential, places, best_values):
    """Fill `best_values[j, M]`: the most that j further members can add by taking bits of M, all essential ones.

    `best_of[S]` is the greatest potential of an option that takes just S; M runs over the subsets of `left`.
    """
    part = 0
    while True:
        best_values[0, part] = _NEVER if part & essential else 0.0
        for j in range(1, places + 1):
            best_values[j, part] = best_values[0, part]
        if part:
            _fill(best_of, part, essential, places, best_values)
        if part == left:
            break
        part = (part - left) & left


@njit(cache=True)
def _fill(best_of, whole, essential, places, best_values):
    """The programme for one set of bits: its lowest is left uncovered, if it may be, or taken, with others or alone."""
    low = whole & -whole
    rest = whole ^ low
    may_leave = not (low & essential)
    for j in range(1, places + 1):
        most = best_values[j, rest] if may_leave else _NEVER
        others = rest
        while True:
            taken = best_of[others | low]
            if taken > _NEVER:
                value = taken + best_values[j - 1, rest ^ others]
                most = max(most, value)
            if others == 0:
                break
            others = (others - 1) & rest
        best_values[j, whole] = most


@njit(cache=True)
def best_by_set(live, count, mask, found_potentials, left, best_of):
    """Fill `best_of[S]` for the subsets S of `left`: the greatest potential of a live option with just these bits."""
    part = 0
    while True:
        best_of[part] = _NEVER
        if part == left:
            break
        part = (part - left) & left
    for i in range(count):
        m = mask[live[i]]
        best_of[m] = max(best_of[m], found_potentials[i])


@njit(cache=True)
def fill_least_cost(live, count, mask, cost, left, essential, places, best_values):
    """Fill `best_values[j, M]`: the least that j members can spend to take all essential bits of M."""
    best_of = np.full(left + 1, _NEVER)
    for i in range(count):
        m = mask[live[i]]
        best_of[m] = max(best_of[m], -1.0 * cost[live[i]])
    fill_best_completion(best_of, left, essential, places, best_values)


@njit(cache=True)
def narrow_options(live, count, kept, depth, state, tables, limits, spaces):
    """Bound one node and keep the options that may still lead to more than is known; see the docstring of the module.

    Writes the kept options and their bounds (in `spaces`); returns how many, and the bound of the node.
    """
    of, mask, cost = tables[0], tables[1], tables[2]
    left, spend, joined, head = state[6][depth], state[8][depth], state[11], state[12]
    essential, places, multiplier = limits[0], limits[1] - head[2], limits[2]
    best_of, best_values, least, stamp, half, counter, bounds = spaces
    now = 0
    for i in range(count):
        o = live[i]
        if joined[of[o]] >= 0 and not (mask[o] & ~left) and cost[o] <= spend:
            kept[now] = o
            now += 1
    counter[0] += 2
    potentials = option_potentials(kept, now, tables, joined, places, multiplier, stamp, half, counter[0])
    best_by_set(kept, now, mask, potentials, left, best_of)
    fill_best_completion(best_of, left, essential, places, best_values)
    back = state[7][depth] + multiplier * spend
    after = 0
    for i in range(now):
        o = kept[i]
        with_it = back + potentials[i] + best_values[places - 1, left & ~mask[o]]
        if with_it >= head[1] + _ONE and cost[o] - least[places - 1, left & ~mask[o]] <= spend:
            kept[after], bounds[after] = o, with_it
            after += 1
    return after, back + best_values[places, left]


@njit(cache=True)
def bit_with_fewest_options(kept, count, mask, left, essential):
    """The bit to decide on: of the essential ones left, or of all if none is, that with the fewest options."""
    wanted = left & essential if left & essential else left
    chosen, least = 0, count + 1
    for b in range(62):
        if not (wanted >> b & 1):
            continue
        holders = 0
        for i in range(count):
            holders += mask[kept[i]] >> b & 1
        if holders < least:
            chosen, least = b, holders
    return chosen


@njit(cache=True)
def advance_search(state, tables, limits, spaces, pool, most_nodes):
    """Go on with a search for at most `most_nodes` nodes; returns whether it has ended. See `TeamSearch` for `state`.

    With room in the `pool`, teams worth more than `head[1]` are gathered there and that stays as it is; without, it
    is the worth of the best team known, which is kept in `winner`. A full pool stops the search too.
    """
    position, branches, bounds, head = state[5], state[4], state[3], state[12]
    until = head[3] + most_nodes
    while head[0] >= 0:
        depth = head[0]
        if position[depth] < 0:
            if head[3] >= until or 0 < len(pool[0]) == head[4]:
                return False
            head[3] += 1
            position[depth], branches[depth] = 0, 0
            _record_team(depth, state, limits, pool)
            if head[2] < limits[1] and state[6][depth]:
                _branch(depth, state, tables, limits, spaces)
        elif position[depth] >= branches[depth] or bounds[depth, position[depth]] < head[1] + _ONE:
            _backtrack(state, tables)
        else:
            _descend(depth, state, tables)
    return True


@njit(cache=True)
def _record_team(depth, state, limits, pool):
    """Keep the team of a node, if nothing essential is left and it is worth more than what is known."""
    left, value, chosen, head, winner = state[6], state[7], state[9], state[12], state[13]
    if left[depth] & limits[0] or head[2] == 0 or value[depth] <= head[1]:
        return
    if len(pool[0]):
        pool[0][head[4]] = value[depth]
        pool[1][head[4], :] = -1
        member = 0
        for d in range(depth):
            if chosen[d] >= 0:
                pool[1][head[4], member] = chosen[d]
                member += 1
        head[4] += 1
        return
    head[1], winner[0] = value[depth], depth
    winner[1 : 1 + depth] = chosen[:depth]


# What marks a member in `joined`, larger than all ties together.
_MEMBER = 1_000_000


@njit(cache=True)
def _descend(depth, state, tables):
    """Take the next way on from a node."""
    branch, position, left, value, spend, chosen, team, joined, head = (
        state[2], state[5], state[6], state[7], state[8], state[9], state[10], state[11], state[12],
    )  # fmt: skip
    of, mask, cost, points, start, to, worth = tables
    o = branch[depth, position[depth]]
    position[depth] += 1
    chosen[depth] = o
    if o >= 0:
        p = of[o]
        value[depth + 1] = value[depth] + points[o] + joined[p]
        left[depth + 1] = left[depth] & ~mask[o]
        spend[depth + 1] = spend[depth] - cost[o]
        team[head[2]] = p
        head[2] += 1
        for e in range(start[p], start[p + 1]):
            joined[to[e]] += worth[e]
        joined[p] -= _MEMBER
    else:
        # A wished bit is left uncovered.
        value[depth + 1], spend[depth + 1] = value[depth], spend[depth]
        left[depth + 1] = left[depth] & ~(1 << (-1 - o))
    head[0] = depth + 1
    position[depth + 1] = -1


@njit(cache=True)
def _backtrack(state, tables):
    """Go back from a node, and take back the way that led to it."""
    chosen, team, joined, head = state[9], state[10], state[11], state[12]
    start, to, worth = tables[4], tables[5], tables[6]
    head[0] -= 1
    if head[0] >= 0 and chosen[head[0]] >= 0:
        head[2] -= 1
        p = team[head[2]]
        joined[p] += _MEMBER
        for e in range(start[p], start[p + 1]):
            joined[to[e]] -= worth[e]


@njit(cache=True)
def _branch(depth, state, tables, limits, spaces):
    """Set out the ways on from a node, the greatest bound first."""
    live, counts, branch, bounds, left = state[0], state[1], state[2], state[3], state[6]
    mask, essential, multiplier = tables[1], limits[0], limits[2]
    above = depth - 1 if depth else 0
    count, bound = narrow_options(live[above], counts[above], live[depth], depth, state, tables, limits, spaces)
    counts[depth] = count
    if bound < state[12][1] + _ONE:
        return
    bit = bit_with_fewest_options(live[depth], count, mask, left[depth], essential)
    best_values, own, number = spaces[1], spaces[6], 0
    for i in range(count):
        if mask[live[depth, i]] >> bit & 1:
            branch[depth, number], bounds[depth, number] = live[depth, i], own[i]
            number += 1
    if not (left[depth] & essential):
        branch[depth, number] = -1 - bit
        places = limits[1] - state[12][2]
        back = state[7][depth] + multiplier * state[8][depth]
        bounds[depth, number] = back + best_values[places, left[depth] & ~(1 << bit)]
        number += 1
    order = np.argsort(-bounds[depth, :number], kind="mergesort")
    branch[depth, :number], bounds[depth, :number] = branch[depth, order], bounds[depth, order]
    state[4][depth] = number
