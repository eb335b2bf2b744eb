"""The catalogue's tool on a small source of its own."""

import polib
import pytest

from devtools.scripts import translations
from devtools.scripts.translations import Key, check, extract, update

CODE = """
from django.utils.translation import gettext as _, ngettext, npgettext_lazy, pgettext_lazy

A = _("one " "sentence")
B = pgettext_lazy("button", "Save")
C = ngettext("%(count)s day", "%(count)s days", 3)
D = npgettext_lazy("stock", "{n} piece", "{n} pieces", "n")
E = _(unknown)
"""
TEMPLATE = """
{% load i18n %}
{% if orders %}
    <p title="{% translate "It's 100% sure" %}">{% translate 'Order' context "noun" as title %} it's "unbalanced
  {% blocktranslate trimmed count n=orders|length with name=user.name context "cart" %}
     {{ name }} has {{ n }} order,
       in two lines
  {% plural %}
     {{ name }} has {{ n }} orders
  {% endblocktranslate %}
      {% endif %}
{{ value|default:_("None yet") }} {{ _("Direct") }} {% include "x" with y=_("Passed on") %}
"""
MESSAGES = {
    Key("", "one sentence"): "",
    Key("button", "Save"): "",
    Key("", "%(count)s day"): "%(count)s days",
    Key("stock", "{n} piece"): "{n} pieces",
    Key("", "It's 100%% sure"): "",
    Key("noun", "Order"): "",
    Key("cart", "%(name)s has %(n)s order, in two lines"): "%(name)s has %(n)s orders",
    Key("", "None yet"): "",
    Key("", "Direct"): "",
    Key("", "Passed on"): "",
}


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    (tmp_path / "accounts").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "accounts" / "models.py").write_text(CODE)
    (tmp_path / "templates" / "home.html").write_text(TEMPLATE)
    path = tmp_path / "locale" / "ja" / "LC_MESSAGES" / "django.po"
    monkeypatch.setattr(translations, "BASE_DIR", tmp_path)
    monkeypatch.setattr(translations, "CATALOGUE", path)
    return path


def complete(catalogue) -> None:
    """Every message translated by itself, in a catalogue in step with the source."""
    update([])
    entries = polib.pofile(str(catalogue))
    for entry in entries:
        if entry.msgid_plural:
            entry.msgstr_plural[0] = entry.msgid_plural
        else:
            entry.msgstr = entry.msgid
    entries.save()


def change(catalogue, msgid: str, **fields: object) -> None:
    entries = polib.pofile(str(catalogue))
    entry = entries.find(msgid)
    for name, value in fields.items():
        setattr(entry, name, value)
    entries.save()


def test_code_and_templates_are_read_as_makemessages_reads_them(catalogue):
    found = {key: source.plural for key, source in extract().items()}

    assert found == MESSAGES


def test_a_new_catalogue_holds_every_message_untranslated(catalogue):
    update([])

    assert len(polib.pofile(str(catalogue))) == len(MESSAGES)
    assert len(check()) == len(MESSAGES)


def test_a_complete_catalogue_has_no_faults(catalogue):
    complete(catalogue)

    assert check() == []


@pytest.mark.parametrize(
    ("msgid", "fields", "fault"),
    [
        ("Save", {"msgstr": ""}, "not translated: 'Save' (accounts/models.py)"),
        ("Save", {"flags": ["fuzzy"]}, "marked as fuzzy: 'Save'"),
        ("Save", {"obsolete": True}, "no longer in the source: 'Save'"),
        (
            "%(count)s day",
            {"msgstr_plural": {0: "日"}},
            "other placeholders than in the source: '%(count)s day' → '日'",
        ),
        (
            "{n} piece",
            {"msgstr_plural": {0: "{m}個"}},
            "other placeholders than in the source: '{n} piece' → '{m}個'",
        ),
    ],
)
def test_every_kind_of_fault_is_told(catalogue, msgid, fields, fault):
    complete(catalogue)

    change(catalogue, msgid, **fields)

    assert check() == [fault]


def test_what_is_new_and_what_is_gone_are_told_and_mended(catalogue):
    complete(catalogue)
    (catalogue.parents[3] / "accounts" / "models.py").write_text(CODE.replace("sentence", "phrase"))

    before = check()
    update([])
    after = check()

    assert before == [
        "not in the catalogue: 'one phrase' (accounts/models.py)",
        "no longer in the source: 'one sentence'",
    ]
    assert after == ["not translated: 'one phrase' (accounts/models.py)"]


def test_translations_are_taken_over_from_other_files(catalogue, tmp_path):
    update([])
    change(catalogue, "Direct", msgstr="直接")
    other = tmp_path / "other.po"
    other.write_text(
        'msgctxt "button"\nmsgid "Save"\nmsgstr "保存"\n\nmsgid "Direct"\nmsgstr "じか"\n\nmsgid "Gone"\nmsgstr "済"\n'
    )

    remarks = update([other])

    entries = polib.pofile(str(catalogue))
    assert entries.find("Save", msgctxt="button").msgstr == "保存"
    assert entries.find("Direct").msgstr == "直接"
    assert remarks == [
        f"{other}: 'Direct' is translated already, as '直接'",
        f"{other}: nothing in the source says 'Gone'",
    ]
