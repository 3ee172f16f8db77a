"""What composers say of the keys that only they make."""

from __future__ import annotations

from collections.abc import Mapping

from ..briefing.keys import KEYS as BRIEFING
from ..changes import KEYS as CHANGES
from ..period.keys import KEYS as PERIOD
from ..review.keys import KEYS as REVIEW
from ..review.part_keys import KEYS as PARTS

#: Prefix of keys to a plain sentence, for each composer.
FAMILIES_OF_COMPOSERS: tuple[Mapping[str, str], ...] = (BRIEFING, CHANGES, REVIEW, PARTS, PERIOD)
