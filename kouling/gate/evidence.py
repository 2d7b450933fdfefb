"""What speaks for a signal, or against it: a kind, a weight, and the data it is about.

Nothing here is a sentence. `kouling.words` says each kind in the reader's language, so rewording
it changes no decision; what code decides by is the kind.
"""

from __future__ import annotations

import enum

import msgspec


class EvidenceKind(enum.StrEnum):
    """What was noticed; each kind has its words in every language."""

    # How a token looks; about: how many characters it has.
    digits = "digits"
    one_case = "one_case"
    both_cases = "both_cases"
    letters_and_digits = "letters_and_digits"
    every_kind = "every_kind"
    bare_run = "bare_run"

    # What stands around it.
    between = "between"
    after_prefix = "after_prefix"
    after_search = "after_search"
    beside_link = "beside_link"

    # Wording near it; about: the words as they stand in the text.
    copy_wording = "copy_wording"
    this_wording = "this_wording"
    open_wording = "open_wording"
    find_wording = "find_wording"
    passphrase_wording = "passphrase_wording"
    reward_wording = "reward_wording"
    share_wording = "share_wording"
    access_wording = "access_wording"
    invite_wording = "invite_wording"
    game_wording = "game_wording"
    told_of = "told_of"
    gain_wording = "gain_wording"
    use_wording = "use_wording"
    app_wording = "app_wording"
    unknown_app_wording = "unknown_app_wording"
    marker_wording = "marker_wording"
    app_name = "app_name"
    some_app = "some_app"
    marker = "marker"
    marker_like = "marker_like"
    phrase = "phrase"
    app_path = "app_path"
    issuer_pattern = "issuer_pattern"

    # Where a link leads, and how it looks.
    own_host = "own_host"
    share_host = "share_host"
    leads_to = "leads_to"
    opaque_identifier = "opaque_identifier"
    names_sharer = "names_sharer"
    names_goods = "names_goods"
    plain_host = "plain_host"
    host_of_links = "host_of_links"
    host_of_pages = "host_of_pages"
    file_page = "file_page"
    bare_address = "bare_address"

    # Whose code it is.
    right_tag = "right_tag"

    # How it was disguised.
    respelled = "respelled"
    flipped = "flipped"
    separated = "separated"
    torn = "torn"
    mended = "mended"
    spelt_out = "spelt_out"
    percent_encoded = "percent_encoded"
    backwards = "backwards"

    # Wording that makes people share.
    reward_for_sharing = "reward_for_sharing"
    urge_to_share = "urge_to_share"

    # What was before.
    like_text = "like_text"
    joined_comments = "joined_comments"
    banned_user = "banned_user"
    banned_domain = "banned_domain"
    banned_ip = "banned_ip"
    banned_page = "banned_page"
    banned_picture = "banned_picture"
    banned_issuer = "banned_issuer"
    banned_copy = "banned_copy"

    # How like a known picture it is.
    like_picture = "like_picture"
    hashes_differ = "hashes_differ"
    features_alike = "features_alike"
    pixels_compared = "pixels_compared"
    says_same = "says_same"
    says_other = "says_other"
    not_compared = "not_compared"

    # Where in a picture it was read.
    in_barcode = "in_barcode"
    unread_barcode = "unread_barcode"
    in_print = "in_print"
    over_lines = "over_lines"

    # Why a part of a text was not looked into; about: how much of it was.
    enough_signals = "enough_signals"
    too_much_text = "too_much_text"
    regions_left_out = "regions_left_out"
    addresses_left_out = "addresses_left_out"
    tokens_left_out = "tokens_left_out"
    paths_left_out = "paths_left_out"
    phrases_left_out = "phrases_left_out"
    signals_left_out = "signals_left_out"

    # Why a picture was not looked into, or not as a whole: those of the gate,
    no_reader = "no_reader"
    not_asked = "not_asked"
    policy_changed = "policy_changed"
    waiting_budget = "waiting_budget"
    # and those of `kouling.picture.GapKind`, under the same names.
    library_missing = "library_missing"
    workers_stopped = "workers_stopped"
    no_workers = "no_workers"
    workers_busy = "workers_busy"
    worker_not_started = "worker_not_started"
    worker_late = "worker_late"
    worker_overworked = "worker_overworked"
    worker_died = "worker_died"
    not_had = "not_had"
    nothing_open = "nothing_open"
    memory_short = "memory_short"
    step_failed = "step_failed"
    undecodable = "undecodable"
    unknown_format = "unknown_format"
    other_format = "other_format"
    colours_unknown = "colours_unknown"
    pixels_exceeded = "pixels_exceeded"
    scans_exceeded = "scans_exceeded"
    frames_left_out = "frames_left_out"
    views_left_out = "views_left_out"
    barcodes_left_out = "barcodes_left_out"
    lines_left_out = "lines_left_out"
    author_budget = "author_budget"
    author_time = "author_time"
    whole_budget = "whole_budget"


class Evidence(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One thing that speaks for a signal, or with a negative weight against it.

    `weight` is in log-odds, and 0 where nothing was weighed because it decides alone or only
    tells how. `about` is what was noticed, quoted or counted, and `beside` the second thing where
    there are two, such as the sign after a token whose sign before it is `about`.
    """

    kind: EvidenceKind
    weight: float = 0.0
    about: str = ""
    beside: str = ""

    @property
    def is_disguise(self) -> bool:
        """Whether it says what was undone to read a text, and that this speaks for something."""
        return bool(self.weight) and self.kind in _disguises


_disguises = frozenset(
    {
        EvidenceKind.respelled,
        EvidenceKind.flipped,
        EvidenceKind.separated,
        EvidenceKind.torn,
        EvidenceKind.mended,
        EvidenceKind.spelt_out,
        EvidenceKind.percent_encoded,
        EvidenceKind.backwards,
    }
)
"""The kinds that say what was undone to read a text."""
