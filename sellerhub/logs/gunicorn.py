"""gunicorn's log without personal data: `gunicorn --logger-class sellerhub.logs.gunicorn.Logger`."""

from typing import Any

from gunicorn.glogging import Logger as GunicornLogger

from ..environment import log_format
from .formatters import LINE, DiscreetFormatter, JsonFormatter


class Logger(GunicornLogger):  # type: ignore[misc]
    """Logs errors and, if enabled, accesses: without queries, referrers and the tokens of links."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        formatter = JsonFormatter() if log_format() == "json" else DiscreetFormatter(LINE)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                handler.setFormatter(formatter)

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        line = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} {environ['SERVER_PROTOCOL']}"
        return found | {"r": line, "q": "", "f": "-"}
