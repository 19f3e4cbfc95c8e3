"""The commands about people on staff."""

import sys
from typing import Annotated

import typer

from tellonce.cli.inside import database, loaded, setup
from tellonce.cli.speech import out


def add_to(app: typer.Typer) -> None:
    """Adds these commands to the command line."""
    person = typer.Typer(no_args_is_help=True, help="People on staff.")
    person.command("add")(add)
    person.command("phone")(phone)
    app.add_typer(person, name="person")


def add(
    email: Annotated[str, typer.Argument(help="The mail address that they sign in with.")],
    name: Annotated[str, typer.Option(help="The name that colleagues see.")],
    role: Annotated[
        str,
        typer.Option(help="representative, technician, supervisor, manager, analyst or administrator."),
    ] = "representative",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from the standard input.")
    ] = False,
) -> None:
    """Adds somebody to staff. Without --password-stdin a password is made up and shown once.

    Example: `tellonce person add ana@example.net --name "Ana Ruiz" --role administrator`
    """
    given = sys.stdin.readline().rstrip("\n") if password_stdin else None
    with database(setup()):
        password = loaded("people").add(email=email, name=name, role=role, password=given)
    out.print(f"{name} can sign in as {email}.", markup=False)
    if given is None:
        out.print(f"The password, shown this once: {password}", markup=False)


def phone(email: Annotated[str, typer.Argument(help="The mail address that they sign in with.")]) -> None:
    """Gives somebody a phone: the user and the password to set it up with, shown once.

    Example: `tellonce person phone ana@example.net`
    """
    with database(setup()):
        user, password = loaded("people").phone(email=email)
    out.print(f"user: {user}", markup=False)
    out.print(f"password, shown this once: {password}", markup=False)
