"""Keys, seals and ciphertext: what opens, what does not, and what never prints."""

import base64
import hmac
import os
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from aerocode import crypto
from aerocode.crypto import Keyring
from aerocode.crypto import Pseudonyms
from aerocode.crypto import Secret
from aerocode.errors import CannotDecrypt

OLD, NEW, LOST = b"o" * 32, b"n" * 32, b"l" * 32
ROW = "verification 1"


def test_what_was_encrypted_opens_in_its_row():
    keyring = Keyring(NEW)
    assert b"046813" == keyring.decrypt(keyring.encrypt(b"046813", row=ROW), row=ROW)


def test_the_plain_text_is_not_in_the_ciphertext():
    assert b"046813" not in Keyring(NEW).encrypt(b"046813", row=ROW)


def test_the_same_text_is_never_encrypted_alike():
    keyring = Keyring(NEW)
    assert 100 == len({keyring.encrypt(b"046813", row=ROW) for _ in range(100)})


def test_a_proof_proves_its_parts_alone():
    keyring = Keyring(NEW)
    proof = keyring.proof("79123456789", "Your code is 046813")
    assert keyring.proves(proof, "79123456789", "Your code is 046813")
    assert not keyring.proves(proof, "79123456789", "Your code is 046814")
    assert not keyring.proves(proof, "7912345678", "9Your code is 046813")


def test_a_proof_and_a_ticket_outlive_a_rotation():
    before, after = Keyring(OLD), Keyring(NEW, [OLD])
    assert after.proves(before.proof("a"), "a")
    assert after.admits(before.ticket("a"), "a")


def test_another_key_proves_and_admits_nothing():
    assert not Keyring(LOST).proves(Keyring(NEW).proof("a"), "a")
    assert not Keyring(LOST).admits(Keyring(NEW).ticket("a"), "a")


def test_no_purpose_has_the_key_of_another():
    keyring = Keyring(NEW)
    assert keyring.proof("a")[4:] != keyring.seal("a")[4:]
    assert not keyring.proves(keyring.seal("a"), "a")


def test_a_proof_shows_nothing_of_the_text():
    proof = Keyring(NEW).proof("046813")
    assert b"046813" not in proof
    assert 36 == len(proof)


@pytest.mark.parametrize("given", ["", "a", "é", "\ud800", "0" * 32])
def test_a_ticket_nobody_made_is_admitted_for_nothing(given):
    assert not Keyring(NEW).admits(given, "a")


def test_in_another_row_it_does_not_open():
    keyring = Keyring(NEW)
    with pytest.raises(CannotDecrypt):
        keyring.decrypt(keyring.encrypt(b"046813", row=ROW), row="verification 2")


def test_with_another_key_it_does_not_open():
    with pytest.raises(CannotDecrypt):
        Keyring(LOST).decrypt(Keyring(NEW).encrypt(b"046813", row=ROW), row=ROW)


def test_with_the_old_key_at_hand_it_opens():
    assert b"046813" == Keyring(NEW, [OLD]).decrypt(Keyring(OLD).encrypt(b"046813", row=ROW), row=ROW)


def test_of_several_old_keys_the_right_one_opens():
    keyring = Keyring(NEW, [LOST, OLD])
    assert b"046813" == keyring.decrypt(Keyring(OLD).encrypt(b"046813", row=ROW), row=ROW)


@pytest.mark.parametrize("kept", range(38))
def test_cut_off_anywhere_it_does_not_open(kept):
    keyring = Keyring(NEW)
    stored = keyring.encrypt(b"046813", row=ROW)
    assert 38 == len(stored)
    with pytest.raises(CannotDecrypt):
        keyring.decrypt(stored[:kept], row=ROW)


@pytest.mark.parametrize("place", range(38))
def test_with_one_bit_turned_it_does_not_open(place):
    keyring = Keyring(NEW)
    stored = bytearray(keyring.encrypt(b"046813", row=ROW))
    stored[place] ^= 1
    with pytest.raises(CannotDecrypt):
        keyring.decrypt(bytes(stored), row=ROW)


def test_only_what_the_primary_key_closed_is_current():
    rotated = Keyring(NEW, [OLD])
    assert (True, False) == (
        rotated.is_current(rotated.encrypt(b"x", row=ROW)),
        rotated.is_current(Keyring(OLD).encrypt(b"x", row=ROW)),
    )


def test_only_what_the_primary_key_sealed_is_current():
    rotated = Keyring(NEW, [OLD])
    assert (True, False) == (rotated.is_current(rotated.seal("a")), rotated.is_current(Keyring(OLD).seal("a")))


def test_a_seal_is_the_same_each_time():
    assert Keyring(NEW).seal("a", "b") == Keyring(NEW).seal("a", "b")


def test_a_seal_is_an_hmac_over_parts_led_by_their_lengths():
    """Written out once more, by other means: what rests in a database must be found again by the next release."""
    key = HKDF(SHA256(), 32, salt=None, info=b"aerocode code seal v1").derive(NEW)
    framed = b"\0\0\0\1a\0\0\0\4" + "ко".encode()

    assert hmac.digest(key, framed, "sha256") == Keyring(NEW).seal("a", "ко")[4:]


def test_a_seal_depends_on_where_one_part_ends_and_the_next_begins():
    keyring = Keyring(NEW)
    assert 4 == len({keyring.seal("ab", "c"), keyring.seal("a", "bc"), keyring.seal("abc"), keyring.seal("abc", "")})


def test_a_seal_depends_on_the_key():
    assert Keyring(NEW).seal("a") != Keyring(OLD).seal("a")


def test_seals_are_looked_for_under_every_open_key():
    assert [Keyring(NEW).seal("a"), Keyring(OLD).seal("a")] == list(Keyring(NEW, [OLD]).seals("a"))


def test_a_pseudonym_tells_equal_from_different_and_nothing_else():
    names = Pseudonyms(NEW)
    one, again, other = (names.of(phone) for phone in ("+79123456789", "+79123456789", "+79001112233"))
    assert (True, True, False, True) == (one == again, one != other, "9123456789" in one, one.startswith("~"))


def test_a_pseudonym_depends_on_the_key():
    assert Pseudonyms(NEW).of("+79123456789") != Pseudonyms(OLD).of("+79123456789")


@pytest.mark.parametrize(
    "printed",
    [
        str(Secret("hush")),
        repr(Secret("hush")),
        f"{Secret('hush')}",
        f"{Secret('hush')!r:>20}",
        "%s %r" % (Secret("hush"), Secret("hush")),  # noqa: UP031 - the way of the log
        f"{[Secret('hush')]} { ({'code': Secret('hush')}) }",
    ],
)
def test_a_secret_never_prints(printed):
    assert "hush" not in printed


def test_a_secret_is_revealed_by_one_word():
    assert "hush" == Secret("hush").reveal()


def test_secrets_cannot_be_compared_by_accident():
    assert Secret("hush") != Secret("hush")


def test_ids_sort_by_the_time_they_were_made():
    ids = []
    for _ in range(20):
        ids.append(crypto.new_id())
        time.sleep(0.002)
    assert sorted(ids) == ids


def test_ids_are_all_different_even_in_one_moment():
    assert 10_000 == len({crypto.new_id() for _ in range(10_000)})


def test_ids_are_all_different_in_every_thread():
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: [crypto.new_id() for _ in range(2_000)], range(8)))

    assert 16_000 == len({one for some in made for one in some})


def test_a_forked_process_draws_other_ids_than_its_parent():
    crypto.new_id()  # something lies drawn ahead
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.write(writing, b"".join(one[-16:].encode() for one in (crypto.new_id() for _ in range(50))))
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        text = answer.read().decode()

    theirs = {text[at : at + 16] for at in range(0, len(text), 16)}
    assert (50, set()) == (len(theirs), theirs & {crypto.new_id()[-16:] for _ in range(300)})


def test_an_id_is_its_moment_and_random_bits_in_base_32():
    before = int(time.time() * 1000)
    made = base64.b32hexdecode(crypto.new_id().upper() + "======")

    assert before <= int.from_bytes(made[:6], "big") <= int(time.time() * 1000)
    assert 16 == len(made)


def test_an_id_has_26_letters_and_digits():
    assert {(26, True)} == {(len(one), one.isalnum() and one == one.lower()) for one in (crypto.new_id(),)}


def test_a_connectors_id_has_12_letters_and_digits():
    one = crypto.new_short_id()
    assert (12, True, True) == (len(one), one.isalnum(), one == one.lower())


def test_tokens_have_256_bits_and_never_repeat():
    tokens = {crypto.new_token() for _ in range(1000)}
    assert (1000, {43}) == (len(tokens), {len(token) for token in tokens})


def test_a_master_key_has_32_bytes():
    assert 32 == len(crypto.new_master_key())


def test_a_fingerprint_is_the_same_each_time_and_not_the_token():
    assert (crypto.fingerprint("token"), False) == (
        crypto.fingerprint("token"),
        b"token" in crypto.fingerprint("token"),
    )


@pytest.mark.parametrize(("other", "equal"), [(b"abc", True), (b"abd", False), (b"ab", False), (b"", False)])
def test_secrets_are_compared_whole(other, equal):
    assert equal is crypto.same(b"abc", other)
