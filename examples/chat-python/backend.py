import base64, hmac, json, os, sys, time, urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

KEY = os.environ.get("PUSH_KEY", "example-key-for-your-own-machine-only")
URL = os.environ.get("PUSH_URL", "http://127.0.0.1:9502") + "/api/hubs/default/:send"

def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

def send_to_all(text):
    claims = json.dumps({"aud": URL, "exp": int(time.time()) + 60}).encode()
    signed = base64url(b'{"alg":"HS256"}') + "." + base64url(claims)
    token = signed + "." + base64url(hmac.digest(KEY.encode(), signed.encode(), "sha256"))
    headers = {"Authorization": "Bearer " + token, "Content-Type": "text/plain; charset=utf-8"}
    urllib.request.urlopen(urllib.request.Request(URL, text.encode(), headers), timeout=5).close()

class Backend(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # keeps connections open

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        user = unquote(self.headers.get("ce-userId", ""))
        event = self.headers.get("ce-eventName")
        if event == "connect":
            name = json.loads(body)["query"].get("name", [""])[0]
            if name:
                self.answer(200, "application/json", json.dumps({"userId": name}))
            else:
                self.answer(401, "text/plain", "Say your name: ?name=ann")
        elif event == "message":
            send_to_all(f"{user}: {body}")
            self.answer(204, "text/plain", "")
        else:
            self.log_message("%s %s", user, "is here" if event == "connected" else "has left")
            self.answer(200, "text/plain", "")

    def do_OPTIONS(self):  # the handler check
        self.answer(200, "text/plain", "")

    def do_GET(self):
        with open("../chat.html") as page:
            self.answer(200, "text/html", page.read())

    def answer(self, status, content_type, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("WebHook-Allowed-Origin", "*")
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

ThreadingHTTPServer(("127.0.0.1", int((sys.argv + [8080])[1])), Backend).serve_forever()
