"""A small web server: routes to functions, Jinja2 pages, strict headers."""
