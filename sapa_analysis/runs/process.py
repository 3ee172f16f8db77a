"""The process of a kernel: started, watched, measured and ended by us, behind jupyter_client's interface."""

from __future__ import annotations

import asyncio
import importlib.util
import logging
import signal
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

import psutil
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from .forks import Forked, RefusedError, Server

#: What a kernel's process runs.
_MODULE = "ipykernel_launcher"
#: Seconds for the libraries to load and a kernel to be forked; a busy machine takes ten.
_PATIENCE = 120.0
#: Seconds between looks at a process that is about to end.
_LOOK = 0.005
_log = logging.getLogger(__name__)


class KernelProcess(LocalProvisioner):
    """The process of one kernel, in a session of its own: forked where that is possible, or else started."""

    #: The process, with what `Popen` has of it.
    process: Any = None
    #: What forks it.
    server: Server | None = None

    #: Exit status of a process that ended by itself, minus the signal that ended it.
    status: int | None = None
    #: Processor seconds and peak memory in MB, once it has ended.
    cpu: float | None = None
    peak_mb: float | None = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the process."""
        place = next((place for place, word in enumerate(cmd) if word == _MODULE), None)
        if self.server and place:
            spec: Any = importlib.util.find_spec(_MODULE)
            argv = [str(spec.origin), *cmd[place + 1 :]]
            try:
                await self._fork(argv, kwargs)
                return self.connection_info
            except (RefusedError, TimeoutError) as error:
                _log.debug("no kernel was forked: %r", error)
        return await super().launch_kernel(cmd, **kwargs)

    async def _fork(self, argv: list[str], kwargs: Mapping[str, Any]) -> None:
        assert self.server
        asked = self.server.fork(argv, kwargs["cwd"], kwargs["env"], kwargs["stdout"].name)
        try:
            async with asyncio.timeout(_PATIENCE):
                self.process = await asyncio.wrap_future(asked)
        except TimeoutError:
            self.server.kill()
            raise
        except asyncio.CancelledError:
            asked.add_done_callback(_end_unwanted)  # it may have come at this moment
            raise
        self.pid = self.process.pid

    async def poll(self) -> int | None:
        """Return the exit status, None while it runs."""
        self.status = await super().poll()
        return self.status

    async def wait(self) -> int | None:
        """Wait until it has ended."""
        while self.process and await self.poll() is None:
            await asyncio.sleep(_LOOK)
        return await super().wait()

    async def end(self) -> None:
        """Measure it, then end it and what it has started."""
        if self.process:
            process = self.process
            forked = isinstance(process, Forked)
            if await self.poll() is None and not forked:
                self._measure(process.pid)
            status = self.status
            await self.kill()
            await self.wait()
            self.status = status
            if forked:
                self.cpu, self.peak_mb = process.cpu, process.peak_mb

    def _measure(self, pid: int) -> None:
        try:
            process = psutil.Process(pid)
            self.cpu = sum(process.cpu_times()[:4])
            memory = process.memory_info()
            self.peak_mb = _peak_of(pid) or getattr(memory, "peak_wset", memory.rss) / 1e6
        except psutil.Error:
            return


def _end_unwanted(asked: Future[Forked]) -> None:
    if not asked.cancelled() and not asked.exception():
        asked.result().send_signal(signal.SIGKILL)


def _peak_of(pid: int) -> float | None:
    """Return the peak memory of a process in MB where the system tells it."""
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8") as lines:
            told = dict(line.split(":", 1) for line in lines if ":" in line)
        return int(told["VmHWM"].split()[0]) * 1024 / 1e6
    except (OSError, KeyError):
        return None
