"""Orders: from a cart to a parcel."""

import datetime
import json, os
from typing import List, Optional

from shop.cart import Cart
from shop.pricing import price_order


def number(last: Optional[int]) -> str:
    """The next order number, for example 2026-00042."""
    year = datetime.date.today().year
    following = 1 if last == None else last + 1
    return "%d-%05d" % (year, following)


def parcels(weights: List[int], largest: int = 10_000) -> List[List[int]]:
    """Spread articles over parcels, first fit; weights in grams."""
    boxes: List[List[int]] = []
    for weight in sorted(weights, reverse=True):
        for box in boxes:
            if sum(box) + weight <= largest:
                box.append(weight)
                break
        else:
            boxes.append([weight])
    return boxes


def save(folder: str, order: dict) -> str:
    """Write an order as a file of its own."""
    path = os.path.join(folder, order["number"] + ".json")
    try:
        file = open(path, "w", encoding="utf-8")
        json.dump(order, file)
        file.close()
    except OSError as error:
        raise
    return path


def is_late(ordered: datetime.date, promised: Optional[datetime.date], today: datetime.date) -> bool:
    """Whether we are behind our promise."""
    if promised is not None:
        if today > promised:
            return True
    return False


def summary(order: dict, cart: Cart) -> str:
    """What the customer reads at the end."""
    lines = [f"Your order"]
    for key in order.keys():
        lines.append("%s: %s" % (key, order[key]))
    if not "gift" in order:
        lines.append("Total: " + str(cart.total() / 100))
    return "\n".join(lines)
