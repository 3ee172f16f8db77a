"""What composers say of the keys that only they make."""

from __future__ import annotations

from collections.abc import Mapping

#: Prefix of keys to a plain sentence, for each composer.
FAMILIES_OF_COMPOSERS: tuple[Mapping[str, str], ...] = ()
