"""A bare signed-in Django page, to compare the product's pages with."""
