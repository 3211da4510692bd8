"""Compiled with numba: the options of each provider.

A team assigns the capabilities it covers to its members, each of which has at least one. In an option, one provider
covers exactly one set of bits. With a budget, an option is kept only if no other of the same set is as cheap and has as
many points.
"""

# Numba infers the types from the arguments; annotations would only repeat them.
# ruff: noqa: ANN001, ANN201, ANN202
# mypy: disable-error-code="no-untyped-def"

import numpy as np
from numba import njit


@njit(cache=True)
def provider_options(fits, costs, first, seated, worth, extra, member, budgeted):
    """The options of all providers as four arrays: provider, bits, cost, points; see `SearchTables`.

    `fits` are thousandths by offer and capability; the offers of provider p are rows `first[p]` to `first[p + 1]`;
    `seated[p]` are the bits of the seats it can take, which cost nothing and bring no points; `worth` and `extra` are
    the points of covering a capability, and of fitting it perfectly.
    """
    gains = (fits * extra + 500) // 1000 + np.where(fits > 0, worth, 0)
    of, mask, cost, value = _column(), _column(), _column(), _column()
    for p in range(len(first) - 1):
        masks, prices, points = np.zeros(1, np.int64), np.zeros(1, np.int64), np.zeros(1, np.int64)
        rows = gains[first[p] : first[p + 1]]
        if budgeted:
            for row in range(len(rows)):
                masks, prices, points = _with_offer(masks, prices, points, rows[row], costs[first[p] + row])
        else:
            # Without a budget the best fit of each capability stands for all offers.
            masks, prices, points = _with_offer(masks, prices, points, _best(rows), 0)
        masks, prices, points = _with_seats(masks, prices, points, seated[p])
        for i in range(len(masks)):
            if masks[i]:
                of.append(p)
                mask.append(masks[i])
                cost.append(prices[i])
                value.append(points[i] - member)
    return np.array(of), np.array(mask), np.array(cost), np.array(value)


@njit(cache=True)
def _column():
    """An empty list of whole numbers."""
    return [np.int64(0) for _none in range(0)]


@njit(cache=True)
def _best(rows):
    best = np.zeros(rows.shape[1], np.int64)
    for row in range(len(rows)):
        best = np.maximum(best, rows[row])
    return best


@njit(cache=True)
def _with_seats(masks, prices, points, seats):
    """Each seat comes with any option, or alone."""
    while seats:
        low = seats & -seats
        masks = np.concatenate((masks, masks | low))
        prices = np.concatenate((prices, prices))
        points = np.concatenate((points, points))
        seats ^= low
    return masks, prices, points


@njit(cache=True)
def _with_offer(masks, prices, points, gains, price):
    """The states after one more offer, used for any of its capabilities that are free; the beaten ones are removed."""
    has = 0
    for c in range(len(gains)):
        if gains[c] > 0:
            has |= 1 << c
    new_masks, new_prices, new_points = _column(), _column(), _column()
    for i in range(len(masks)):
        free = has & ~masks[i]
        part = free
        while True:
            gain = 0
            for c in range(len(gains)):
                if part >> c & 1:
                    gain += gains[c]
            new_masks.append(masks[i] | part)
            new_prices.append(prices[i] + (price if part else 0))
            new_points.append(points[i] + gain)
            if part == 0:
                break
            part = (part - 1) & free
    return _undominated_options(np.array(new_masks), np.array(new_prices), np.array(new_points))


@njit(cache=True)
def _undominated_options(masks, prices, points):
    """Of the states with the same mask, those that no other beats in both price and points; of equals the first."""
    kept = np.empty(len(masks), np.int64)
    count, begin = 0, 0
    for place in np.argsort(masks, kind="mergesort"):
        if count > begin and masks[kept[begin]] != masks[place]:
            begin = count
        end, beaten = begin, False
        for slot in range(begin, count):
            other = kept[slot]
            if prices[other] <= prices[place] and points[other] >= points[place]:
                beaten = True
                break
        if beaten:
            continue
        for slot in range(begin, count):
            other = kept[slot]
            if prices[place] > prices[other] or points[place] < points[other]:
                kept[end] = other
                end += 1
        kept[end] = place
        count = end + 1
    return masks[kept[:count]], prices[kept[:count]], points[kept[:count]]
