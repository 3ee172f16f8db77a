"""The process of a kernel: started, watched, measured and ended by us, behind jupyter_client's interface."""

from __future__ import annotations

import asyncio
from typing import Any

import psutil
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner

#: Seconds between looks at a process that is about to end.
_LOOK = 0.005


class KernelProcess(LocalProvisioner):
    """The process of one kernel, in a session of its own."""

    #: Exit status of a process that ended by itself, minus the signal that ended it.
    status: int | None = None
    #: Processor seconds and peak memory in MB, once it has ended.
    cpu: float | None = None
    peak_mb: float | None = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the process."""
        return await super().launch_kernel(cmd, **kwargs)

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
            if await self.poll() is None:
                self._measure(self.process.pid)
            status = self.status
            await self.kill()
            await self.wait()
            self.status = status

    def _measure(self, pid: int) -> None:
        try:
            process = psutil.Process(pid)
            self.cpu = sum(process.cpu_times()[:4])
            memory = process.memory_info()
            self.peak_mb = _peak_of(pid) or getattr(memory, "peak_wset", memory.rss) / 1e6
        except psutil.Error:
            return


def _peak_of(pid: int) -> float | None:
    """Return the peak memory of a process in MB where the system tells it."""
    try:
        with open(f"/proc/{pid}/status", encoding="utf-8") as lines:
            told = dict(line.split(":", 1) for line in lines if ":" in line)
        return int(told["VmHWM"].split()[0]) * 1024 / 1e6
    except (OSError, KeyError):
        return None
