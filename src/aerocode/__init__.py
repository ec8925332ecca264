"""Phone numbers verified with codes sent through SMS Aero. README.md draws the rooms."""

__version__ = "0.1.0"
