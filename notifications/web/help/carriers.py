"""Help section: which carrier the marketplace shows for the one named by a seller's own shop system."""

from django.utils.translation import gettext as _

from .page import Section, Table


def carriers() -> Section:
    return Section(
        "carriers",
        _("Which carrier does the marketplace show?"),
        (
            _(
                "If your shop system passes on the carrier, the marketplace shows it by its own name. Choose it"
                " there yourself if it is not the right one."
            ),
        ),
        table=Table.of(
            (_("In your shop system"), _("At the marketplace")),
            (_("Kuroneko Yamato, TA-Q-BIN Compact, Nekopos, Kuroneko DM"), _("Yamato Transport (ヤマト運輸)")),
            (
                _(
                    "Yu-Pack of every kind, Yu-Packet, Pos-Packet, Letter Pack, Click Post, Smart Letter, ordinary"
                    " mail, next-morning mail, EMS and other international express mail"
                ),
                _("Japan Post (日本郵便)"),
            ),
            (_("Seino Transportation, Seino Super Express"), _("Seino Transportation (西濃運輸)")),
            (_("Sagawa Express, Fukuyama Transporting, Eco Hai, JP Logistics, DHL"), _("The same name")),
            (
                _("None, or another one, such as Tonami, Meitetsu, Niigata Unyu, Daiichi Kamotsu, OCS"),
                _("配送業者ABF, in some places 配送業者FBA"),
            ),
        ),
        after=(
            _(
                "The last line only means that the carrier is not known; it does not make the order an FBA order."
                " Choose carrier and shipping method on the marketplace’s side."
            ),
        ),
    )
