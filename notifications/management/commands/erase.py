"""Command `erase`: erase a person or a shop permanently."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import SellerAccount

from ...operations import erasure


class Command(BaseCommand):
    help = (
        "Erase a person or a shop with every trace. Says first what goes, what stays and why; without --yes that"
        " is all. What is in backups goes when these do: erase again after a restore."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True)
        person = kinds.add_parser("person", help="by e-mail address, whether they sign in or only get mail")
        person.add_argument("email")
        person.add_argument("--with-shop", action="store_true", help="also the shops whose only member they are")
        shop = kinds.add_parser("shop", help="by seller ID; its members stay")
        shop.add_argument("public_id")
        for each in (person, shop):
            each.add_argument("--yes", action="store_true", help="do it")

    def handle(self, *, kind: str, yes: bool, **options: Any) -> None:
        if kind == "person":
            self._erase_person(options["email"].strip(), with_shop=options["with_shop"], yes=yes)
        else:
            self._erase_shop(options["public_id"].strip(), yes=yes)

    def _erase_person(self, email: str, *, with_shop: bool, yes: bool) -> None:
        if self._read_out(erasure.plan_person(email, with_shop=with_shop), yes=yes):
            self._do(lambda: erasure.erase_person(email, with_shop=with_shop))

    def _erase_shop(self, public_id: str, *, yes: bool) -> None:
        account = SellerAccount.objects.filter(public_id=public_id).first()
        if account is None:
            raise CommandError("There is no shop with this seller ID.")
        if self._read_out(erasure.plan_shop(account), yes=yes):
            self._do(lambda: erasure.erase_shop(account))

    def _read_out(self, plan: erasure.Plan, *, yes: bool) -> bool:
        for heading, lines in (("Goes:", plan.goes), ("Stays:", plan.stays)):
            self.stdout.write("\n".join([heading, *(f"  {line}" for line in lines)]))
        if plan.obstacles:
            raise CommandError("\n".join(["It cannot be done now.", *plan.obstacles]))
        if not yes:
            self.stdout.write("Nothing was changed. Add --yes to do it.")
        return yes

    def _do(self, erase: Any) -> None:
        try:
            erase()
        except erasure.CannotEraseError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Erased.")
