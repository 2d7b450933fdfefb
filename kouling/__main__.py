"""`python -m kouling` is the command line."""

from kouling.cli import main

if __name__ == "__main__":
    main()
