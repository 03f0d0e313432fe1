"""A pytest fixture: a Kafka for each test, in an empty folder, that can be killed in mid-stream.

Wants hail-broker on PATH, or its folder in HAILSTORM_BIN.
"""

import os
import shutil
import socket
import subprocess
import time

import pytest


class Broker:
    """One hail-broker on 127.0.0.1. Its records outlive kill(), and start() brings them back."""

    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"127.0.0.1:{self.port}"
        self._folder = folder
        self.start()

    def start(self):
        program = shutil.which("hail-broker", path=os.environ.get("HAILSTORM_BIN")) or "hail-broker"
        self._log = self._folder / "broker.log"
        self._process = subprocess.Popen(
            [program, "--data", self._folder / "data", "--port", "0", "--http-port", "0",
             "--kafka-port", str(self.port)], stderr=self._log.open("w"))
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except ConnectionRefusedError:
                if self._process.poll() is not None:
                    raise RuntimeError(self._log.read_text()) from None
                time.sleep(0.001)

    def kill(self):
        self._process.kill()
        self._process.wait()


@pytest.fixture
def broker(tmp_path):
    one = Broker(tmp_path)
    yield one
    one.kill()
