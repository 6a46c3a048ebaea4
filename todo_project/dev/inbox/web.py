import json
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from todo_project.dev.inbox.mailbox import Mail, Mailbox

PAGE = """<!doctype html><meta charset="utf-8"><title>Inbox</title>
<style>body{{font:16px/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem}}
table{{border-collapse:collapse;width:100%}}td,th{{text-align:left;padding:.4rem;
border-bottom:1px solid #ddd}}pre{{white-space:pre-wrap}}iframe{{width:100%;height:30rem}}</style>
{body}"""

ROW = '<tr><td>{time}<td>{to}<td><a href="/messages/{number}">{subject}</a>'


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, mailbox: Mailbox, port: int) -> None:
        self.mailbox = mailbox
        super().__init__(("127.0.0.1", port), Handler)


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = parse_qs(url.query)
        match url.path.strip("/").split("/"):
            case [""]:
                self._page(inbox_page(list(self.server.mailbox.list())))
            case ["health"]:
                self._json({"status": "ok"})
            case ["api", "messages"]:
                self._list(query)
            case ["api", "messages", number] if mail := self._mail(number):
                self._json(mail.as_json())
            case ["messages", number] if mail := self._mail(number):
                self._page(mail_page(mail))
            case _:
                self._json({"error": "There is no such page or mail."}, HTTPStatus.NOT_FOUND)

    def log_message(self, format: str, *args: object) -> None:
        """Tests and the demo poll; a line for each request would hide everything else."""

    def _list(self, query: dict[str, list[str]]) -> None:
        after = query.get("after", ["0"])[0]
        if not after.isdecimal():
            self._json({"error": "after is the id of a mail."}, HTTPStatus.BAD_REQUEST)
            return
        mails = self.server.mailbox.list(to=query.get("to", [None])[0], after=int(after))
        self._json([mail.as_json() for mail in mails])

    def _mail(self, number: str) -> Mail | None:
        return self.server.mailbox.get(int(number)) if number.isdecimal() else None

    def _page(self, body: str) -> None:
        self._answer(PAGE.format(body=body), "text/html", HTTPStatus.OK)

    def _json(self, value: object, status: HTTPStatus = HTTPStatus.OK) -> None:
        self._answer(json.dumps(value), "application/json", status)

    def _answer(self, text: str, content_type: str, status: HTTPStatus) -> None:
        content = text.encode("utf-8", "replace")
        self.send_response(status)
        self.send_header("Content-Type", f"{content_type}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def inbox_page(mails: list[Mail]) -> str:
    rows = "".join(
        ROW.format(
            time=f"{mail.received_at:%Y-%m-%d %H:%M:%S} UTC",
            to=escape(", ".join(mail.recipients)),
            number=mail.number,
            subject=escape(mail.subject or "(no subject)"),
        )
        for mail in reversed(mails)
    )
    return (
        f"<h1>Inbox</h1><p>{len(mails)} mails. <a href='/'>Look again</a></p><table>{rows}</table>"
    )


def mail_page(mail: Mail) -> str:
    html = mail.body("html")
    # The sandbox keeps a mail's scripts from running.
    frame = f'<iframe sandbox srcdoc="{escape(html)}"></iframe>' if html else ""
    return (
        f"<p><a href='/'>Inbox</a></p><h1>{escape(mail.subject)}</h1>"
        f"<p>To {escape(', '.join(mail.recipients))}</p>"
        f"<pre>{escape(mail.body('plain'))}</pre>{frame}"
    )
