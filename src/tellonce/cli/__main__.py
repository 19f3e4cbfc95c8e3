"""`python -m tellonce.cli` is `tellonce`."""

from tellonce.cli.app import main

if __name__ == "__main__":  # the processes of the pages import this file anew
    main()
