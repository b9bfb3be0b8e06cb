"""32 candidates at 50 tokens a second each in a real browser: long tasks of its main thread, and the server's CPU."""

import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.e2e.conftest import CHROMIUM, FLAGS, _wait_until_up, free_port

_OBSERVE = """() => {
  window.longTasks = [];
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => window.longTasks.push(entry.duration)))
    .observe({ type: 'longtask' });
}"""


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def main() -> None:
    port = free_port()
    log = Path(f"/tmp/bench_streaming_{port}.log")
    with log.open("w") as output:
        server = subprocess.Popen([sys.executable, "-m", "tests.bench.streaming_app", str(port)], stdout=output)
    try:
        _wait_until_up(f"http://127.0.0.1:{port}", server, log)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = browser.new_page(viewport={"width": 1440, "height": 1000})
            page.goto(f"http://127.0.0.1:{port}/")
            page.get_by_role("button", name="Compare").wait_for()
            page.wait_for_load_state("networkidle")
            page.evaluate(_OBSERVE)
            page.get_by_role("button", name="Compare").click()
            page.get_by_role("article").nth(31).wait_for()
            cpu, began = cpu_seconds(server.pid), time.monotonic()
            page.wait_for_timeout(15_000)
            share = (cpu_seconds(server.pid) - cpu) / (time.monotonic() - began)
            streaming = page.evaluate("window.longTasks")
            page.get_by_text("Done").first.wait_for(timeout=60_000)
            page.wait_for_timeout(1_000)
            tasks = page.evaluate("window.longTasks")
            browser.close()
    finally:
        server.terminate()
        server.wait()
    print(f"while 32 x 50 tokens/s stream: {len(streaming)} long tasks, longest {max(streaming, default=0):.0f} ms")
    print(f"to the end, fusion included:  {len(tasks)} long tasks, longest {max(tasks, default=0):.0f} ms (below 100)")
    print(f"server: {share:.0%} of a core while streaming (below 50 %)")


if __name__ == "__main__":
    main()
