"""`python -m aerocode` is `aerocode`."""

from aerocode.cli import main

main()
