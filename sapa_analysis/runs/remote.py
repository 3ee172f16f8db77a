"""Workers on other machines: `dask.distributed` as an executor; the only module that uses it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from ..core import SapaError

#: Seconds for the scheduler to answer, and for a first worker to be there.
_PATIENCE = 10.0
#: Workers that one run may lose before it counts as failed.
_RETRIES = 3


@contextmanager
def dask_executor(address: str) -> Iterator[Executor]:
    """Yield an executor whose calls the workers of a Dask scheduler make.

    The folders of the project and of the results must be the same files there, under the same paths. The run
    of a worker that is lost is made by another.

    Parameters
    ----------
    address : str
        Of the scheduler, for example `tcp://127.0.0.1:8786`.

    Raises
    ------
    SapaError
        When the package `distributed` is missing, no scheduler answers, or it has no worker.

    Examples
    --------
    >>> from sapa_analysis.core import SapaError
    >>> from sapa_analysis.runs import dask_executor
    >>> try:
    ...     with dask_executor("127.0.0.1"):
    ...         pass
    ... except SapaError as error:
    ...     print(error)
    "127.0.0.1" is no address of a Dask scheduler; write for example tcp://127.0.0.1:8786
    """
    host, _, port = address.removeprefix("tcp://").rpartition(":")
    if not host or not port.isdecimal() or "/" in host:
        raise SapaError(
            f'"{address}" is no address of a Dask scheduler; write for example tcp://127.0.0.1:8786'
        )
    try:
        from distributed import Client
    except ImportError as error:
        message = 'the package distributed is missing; install it with: pip install "sapa-analysis[dask]"'
        raise SapaError(message) from error
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise SapaError(f'no Dask scheduler answers at "{address}"') from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError as error:
            raise SapaError(f'the Dask scheduler at "{address}" has no worker') from error
        yield client.get_executor(pure=False, retries=_RETRIES)  # type: ignore[no-untyped-call]
