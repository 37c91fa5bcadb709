"""One simulated user of a JupyterHub, for tools/hub_trial.py: logs in, starts a server, runs a notebook."""

import json
import socket
import time
import uuid

import requests
import websocket

PATIENCE = 900  # seconds for any one cell, and for a server to start


class User:
    """A person at a browser, with requests in place of the browser."""

    def __init__(self, name, url, password):
        self.name, self.url, self.password = name, url, password
        self.web = requests.Session()

    def lesson(self, notebook, gate, sampler):
        """Everything one after the other; returns seconds by stage, cells run, and errors."""
        took = {"name": self.name, "login": timed(self.login), "server": timed(self.start_server)}
        if gate.wait() == 0:  # all servers are up and no kernel is: one of us measures that
            sampler.read()
        gate.wait()
        began = time.monotonic()
        kernel = self.start_kernel(notebook)
        cells = self.cells(notebook)
        channel = Channel(self.url, self.token, self.name, kernel)
        failures = [error for source in cells for error in channel.run(source)]
        took |= {"run": round(time.monotonic() - began, 1), "cells": len(cells), "errors": len(failures)}
        took |= {"problems": failures, "progress": channel.ask("adamkit.practice.store", "home")}
        gate.wait()  # everybody's kernel stays alive until everybody is done, so that memory is the whole class's
        if gate.wait() == 0:
            sampler.read()
        gate.wait()
        return took

    def login(self):
        """By the form, then a token for what follows."""
        page = f"{self.url}/hub/login"
        self.web.get(page).raise_for_status()
        form = {"username": self.name, "password": self.password, "_xsrf": self.web.cookies.get("_xsrf", path="/hub/")}
        answer = self.web.post(page, data=form, allow_redirects=False)
        if answer.status_code != 302:
            raise RuntimeError(f"{self.name} could not log in: {answer.status_code} {answer.reason}")
        secret = self.web.cookies.get("_xsrf", path="/hub/")
        answer = self.web.post(f"{self.url}/hub/api/users/{self.name}/tokens", headers={"X-XSRFToken": secret}, json={})
        answer.raise_for_status()
        self.token = answer.json()["token"]

    def start_server(self):
        """Ask for it, then wait until it is ready."""
        answer = self.call("POST", f"/hub/api/users/{self.name}/server")
        end_by = time.monotonic() + PATIENCE
        while answer.status_code in (201, 202, 200):
            state = self.call("GET", f"/hub/api/users/{self.name}").json()
            if state.get("servers", {}).get("", {}).get("ready"):
                return
            if time.monotonic() > end_by or not state.get("servers"):
                break
            time.sleep(0.5)
        raise RuntimeError(f"the server of {self.name} did not start")

    def start_kernel(self, notebook):
        """A session for the notebook, as JupyterLab makes one; returns the kernel's id."""
        wanted = {"path": notebook, "name": notebook, "type": "notebook", "kernel": {"name": "python3"}}
        answer = self.call("POST", f"/user/{self.name}/api/sessions", json=wanted)
        answer.raise_for_status()
        return answer.json()["kernel"]["id"]

    def cells(self, notebook):
        """Sources of the code cells of the user's own copy."""
        answer = self.call("GET", f"/user/{self.name}/api/contents/{notebook}")
        answer.raise_for_status()
        return [cell["source"] for cell in answer.json()["content"]["cells"] if cell["cell_type"] == "code"]

    def call(self, method, path, **options):
        """A request in the user's name."""
        headers = {"Authorization": f"token {self.token}"}
        return requests.request(method, self.url + path, headers=headers, timeout=PATIENCE, **options)


class Channel:
    """The websocket to a kernel."""

    def __init__(self, url, token, name, kernel):
        self.session = uuid.uuid4().hex
        address = f"{url.replace('http', 'ws', 1)}/user/{name}/api/kernels/{kernel}/channels?session_id={self.session}"
        self.socket = websocket.create_connection(address, header=[f"Authorization: token {token}"], timeout=PATIENCE)

    def run(self, source, **more):
        """Execute; wait for the reply and for "idle"; returns the errors, and the values of ``more``'s expressions."""
        number = uuid.uuid4().hex
        header = {"msg_id": number, "msg_type": "execute_request", "username": "", "session": self.session,
                  "date": "", "version": "5.3"}
        content = {"code": source, "silent": False, "store_history": True, "user_expressions": more,
                   "allow_stdin": True, "stop_on_error": False}
        self.socket.send(json.dumps({"header": header, "parent_header": {}, "metadata": {}, "content": content,
                                     "channel": "shell", "buffers": []}))
        errors, replied, idle = [], False, False
        while not (replied and idle):
            message = self._next()
            if message.get("parent_header", {}).get("msg_id") != number:
                continue
            kind, content = message["header"]["msg_type"], message["content"]
            if kind == "error":
                errors.append(f"{content['ename']}: {content['evalue']}")
            elif kind == "execute_reply":
                replied, self.said = True, content.get("user_expressions", {})
            idle = idle or (kind == "status" and content["execution_state"] == "idle")
        return errors

    def ask(self, module, name):
        """What a function without arguments returns in the kernel, as text."""
        self.run("", answer=f"str(__import__({module!r}, fromlist=['*']).{name}())")
        return self.said["answer"]["data"]["text/plain"].strip("'")

    def _next(self):
        """The next message; those with buffers come in binary, and none that matters here does."""
        kind, data = self.socket.recv_data()
        return json.loads(data) if kind == websocket.ABNF.OPCODE_TEXT else {}


def timed(action):
    """Seconds that it takes."""
    began = time.monotonic()
    action()
    return round(time.monotonic() - began, 1)


def answers(url):
    """True if somebody is there."""
    try:
        return requests.get(url, timeout=5).ok
    except requests.RequestException:
        return False


def free_port():
    """A port of this machine that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
