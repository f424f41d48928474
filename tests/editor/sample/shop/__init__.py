"""A small shop: catalogue, carts, prices, orders, reports."""
