"""`saima serve`: one process tree with the pages, their static files and the scheduled jobs."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from typing import Any

from saima_web.commands.django_setup import migrate, say, start

HELP = "启动平台：网页、静态文件和定时作业"
HELP_EN = "start the platform: pages, static files and scheduled jobs"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="监听地址，默认只在本机")
    parser.add_argument("--port", type=int, default=8000, help="端口，默认 8000")
    parser.add_argument("--workers", type=int, default=2, help="进程数，默认 2")
    parser.add_argument("--threads", type=int, default=8, help="每个进程的线程数，默认 8")
    parser.add_argument("--lang", choices=("zh", "en"), default="zh", help="消息语言，默认中文")


def run(args: argparse.Namespace) -> int:
    start()
    migrate()
    say(
        "赛马已启动：http://{host}:{port}/　按 Ctrl+C 结束"
        if args.lang == "zh"
        else "Saima is up: http://{host}:{port}/  Ctrl+C ends it",
        host=args.host,
        port=args.port,
    )
    serve(args.host, args.port, args.workers, args.threads)
    return 0


def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Serve until told to stop; the scheduler is a child that ends with the server."""
    from django.conf import settings
    from gunicorn.app.base import BaseApplication

    from saima_web.operations.serving import begin, counting_together, ended

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            wanted = {
                "bind": f"{host}:{port}",
                "workers": workers,
                "threads": threads,
                "worker_class": "gthread",
                "timeout": 120,
                "graceful_timeout": 20,
                "when_ready": _schedule,
                "on_exit": _end_schedule,
                "post_worker_init": _warm,
                "child_exit": lambda _server, worker: ended(worker.pid),
                "logconfig_dict": settings.LOGGING,
                "forwarded_allow_ips": os.environ.get("SAIMA_PROXIES", "127.0.0.1"),
                "proc_name": "saima",
                "control_socket_disable": True,
            }
            for name, value in wanted.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            from saima_web.site.wsgi import application

            return application

    # whoever would restore a backup sees that somebody serves
    with counting_together(port), begin(settings.DATA):
        Server().run()


def _warm(worker: Any) -> None:  # noqa: ARG001 - gunicorn gives it
    from saima_web.site.warming import begin

    begin()


def _schedule(server: Any) -> None:
    server.saima_jobs = subprocess.Popen([sys.executable, "-m", "saima_web.commands.tick"])


def _end_schedule(server: Any) -> None:
    jobs: subprocess.Popen[bytes] | None = getattr(server, "saima_jobs", None)
    if jobs is not None and jobs.poll() is None:
        jobs.terminate()
        try:
            jobs.wait(timeout=10)
        except subprocess.TimeoutExpired:  # its job is taken over when the platform runs again
            jobs.kill()
