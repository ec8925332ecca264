import pytest
from hypothesis import given
from hypothesis import strategies as st

from aerocode.connectors.segments import measure


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        ("", "GSM-7", 0, 1),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("ÄÖÑÜ§¿äöñüà@£$¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¡¤\r\n_", "GSM-7", 44, 1),
        ("€" * 80, "GSM-7", 160, 1),
        ("€" * 81, "GSM-7", 162, 2),
        ("[{|}]~\\^\f", "GSM-7", 18, 1),
        ("я" * 70, "UCS-2", 70, 1),
        ("я" * 71, "UCS-2", 71, 2),
        ("я" * 134, "UCS-2", 134, 2),
        ("я" * 135, "UCS-2", 135, 3),
        ("🙂" * 35, "UCS-2", 70, 1),
        ("🙂" * 36, "UCS-2", 72, 2),
        ("\ud83d", "UCS-2", 1, 1),
    ],
)
def test_a_text_costs_what_the_network_makes_of_it(text, encoding, units, segments):
    size = measure(text)
    assert (encoding, units, segments) == (size.encoding, size.units, size.segments)


def test_an_escaped_character_is_not_cut_in_two():
    # 152 + 2 would fit 153 only in half: the sign moves on, and with it the text needs a third part.
    assert measure("a" * 152 + "€" + "a" * 152).segments == 3


def test_a_surrogate_pair_is_not_cut_in_two():
    assert measure("я" * 66 + "🙂" + "я" * 66).segments == 3


@pytest.mark.parametrize(
    ("text", "foreign"), [("Code «1»", "«"), ("a`b", "`"), ("ç", "ç"), ("plain", ""), ("a\x1bb", "\x1b")]
)
def test_the_character_that_forces_ucs2_is_named(text, foreign):
    assert foreign == measure(text).foreign


@given(st.text(), st.text())
def test_a_longer_text_never_costs_less(text, more):
    assert measure(text + more).segments >= measure(text).segments
