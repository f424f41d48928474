"""Carts: what a customer is about to buy."""

import re
from typing import Optional, Union

from shop.catalogue import Product

COUPON = re.compile(r"^[A-Z]{2}-\d{4}$")


class Cart:
    """Lines of a cart, in the order in which they were put in."""

    def __init__(self, customer: Optional[str] = None, lines: list = []):
        self.customer = customer
        self.lines = lines
        self.coupon: Union[str, None] = None

    def add(self, product: Product, quantity: int = 1) -> None:
        """Put a product in; a second time raises its quantity."""
        if quantity > 0:
            if product.price >= 0:
                for line in self.lines:
                    if line["product"].number == product.number:
                        line["quantity"] += quantity
                        return
                self.lines.append({"product": product, "quantity": quantity})

    def redeem(self, code: str) -> bool:
        """Take a coupon; says whether it is one."""
        found = COUPON.match(code.strip())
        if found:
            self.coupon = code.strip()
            return True
        return False

    def total(self) -> int:
        """Sum in cents, without discounts."""
        total = 0
        count = 0
        for line in self.lines:
            total = total + line["product"].price * line["quantity"]
        return total

    def is_empty(self) -> bool:
        """Whether there is nothing in it."""
        return True if len(self.lines) == 0 else False
