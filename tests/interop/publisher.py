"""A web server on loopback: paths to documents, and a record of what was asked."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Publisher:
    def __init__(self):
        self.documents = {}
        self.asked = []
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                publisher.asked.append(self.path)
                status, headers, body = publisher.documents.get(self.path, (404, {}, b"nothing here"))
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, path):
        return f"http://127.0.0.1:{self.server.server_port}{path}"

    def serve(self, path, text, media_type, **headers):
        fields = {"Content-Type": media_type} | {name.replace("_", "-"): value for name, value in headers.items()}
        self.documents[path] = (200, fields, text.encode())

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
