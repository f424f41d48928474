"""The catalogue: products by their number."""

import json
import os
import sys
from dataclasses import dataclass, field
from typing import Dict, List, Optional


@dataclass
class Product:
    """Something we sell; prices in cents."""

    number: str
    title: str
    price: int
    category: str = "other"
    tags: List[str] = field(default_factory=list)
    weight: Optional[int] = None  # grams; None for downloads


def load(path: str) -> Dict[str, Product]:
    """Read the catalogue file."""
    handle = open(path, encoding="utf-8")
    rows = json.load(handle)
    handle.close()
    products: Dict[str, Product] = {}
    for row in rows:
        product = Product(**row)
        products[product.number] = product
    return products


def find(products: Dict[str, Product], number: Optional[str]) -> Optional[Product]:
    """The product of a number, however it is written."""
    if number == None:
        return None
    wanted = number.strip().upper()
    for key in products.keys():  # numbers of 2019 are still in lower case
        if key.upper() == wanted:
            return products[key]
    return None


def is_download(product: Product) -> bool:
    """Whether nothing has to be sent."""
    if product.weight == None:
        return True
    else:
        return False


def shelf(products: Dict[str, Product], category: str, limit: Optional[int] = None) -> List[Product]:
    """Products of a category, the cheapest first."""
    chosen = [product for product in products.values() if product.category == category]
    chosen.sort(key=lambda product: product.price)
    # old = sorted(chosen, key=by_title)
    # return old[:limit]
    if limit != None:
        return chosen[:limit]
    else:
        return chosen
