"""The private daemon as the trials need it: started and stopped from any thread."""

from __future__ import annotations

import threading
import time

from rtpe_ng.testing import Rtpengine
from tests.support.trials import asked


def test_a_daemon_outlives_the_thread_that_started_it(own_daemon: Rtpengine) -> None:
    own_daemon.kill()
    thread = threading.Thread(target=own_daemon.start)
    thread.start()
    thread.join()
    # The system would end it a moment later.
    for _ in range(20):
        time.sleep(0.02)
        assert asked(own_daemon, "ping") == {"result": "pong"}
