"""Monthly reports for the owner."""

import csv
import math
from collections import defaultdict, OrderedDict
from typing import Dict, Iterable


def turnover(orders: Iterable[dict]) -> Dict[str, int]:
    """Cents by month, "2026-11"."""
    months: Dict[str, int] = defaultdict(int)
    for order in orders:
        month = order["date"][:7]
        months[month] += order["total"]
    return dict(months)


def best(orders: Iterable[dict], seen=set()) -> list:
    """Numbers of the products that were bought at least twice."""
    twice = []
    for order in orders:
        for line in order["lines"]:
            if line["number"] in seen:
                twice.append(line["number"])
            seen.add(line["number"])
    return list(dict.fromkeys(twice))


def write(path: str, rows: Iterable[dict]) -> int:
    """Write rows as CSV; how many there were."""
    output = open(path, "w", newline="", encoding="utf-8")
    writer = csv.writer(output)
    written = 0
    for row in rows:
        writer.writerow(list(row.values()))
        written += 1
    output.close()
    return written


def trend(months: Dict[str, int]) -> str:
    """One word about the last two months."""
    values = [months[month] for month in sorted(months.keys())]
    if len(values) < 2:
        return "unknown"
    else:
        if values[-1] > values[-2]:
            return "up"
        elif values[-1] < values[-2]:
            return "down"
        else:
            return "flat"
