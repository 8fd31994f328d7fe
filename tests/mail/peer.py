"""A mail server on loopback that misbehaves as it is told: aiosmtpd with a script of replies."""

# ruff: noqa: N802 (aiosmtpd names its hooks so)

from __future__ import annotations

import asyncio
import ssl
from base64 import b64decode
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

PASSWORD = "pä$$ wörd"


class Script:
    """What the server answers. `data`: replies to the message, one an attempt, the last one for all further ones.

    Beside plain replies there are "drop" (hang up before the message is taken), "take-and-drop" (take it, hang up
    without a reply) and "take-and-stall" (take it, reply after `stall` seconds). `rcpt` and `mail`: replies by address.
    """

    def __init__(self, data=("250 OK",), *, rcpt=None, mail="250 OK", stall=1.0, on_step=None, token="t0ken"):
        self.data, self.rcpt, self.mail, self.stall = list(data), rcpt or {}, mail, stall
        self.on_step = on_step or (lambda step: None)
        self.taken, self.attempts, self.connections = [], 0, 0
        self.token, self.tokens = token, []

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.connections += 1
        self.on_step("ehlo")
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        self.on_step("mail")
        if self.mail.startswith("250"):
            envelope.mail_from = address
        return self.mail

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.on_step("rcpt")
        reply = self.rcpt.get(address, "250 OK")
        if isinstance(reply, list):
            reply = reply.pop(0) if len(reply) > 1 else reply[0]
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server, session, envelope):
        self.on_step("data")
        reply = self.data[min(self.attempts, len(self.data) - 1)]
        self.attempts += 1
        if reply == "drop":
            server.transport.abort()
            return "451 gone"
        if reply.startswith(("250", "take")):
            self.taken.append(envelope)
            self.on_step("taken")
        if reply == "take-and-drop":
            server.transport.abort()
        if reply == "take-and-stall":
            await asyncio.sleep(self.stall)
        return reply if reply[:1].isdigit() else "250 OK"

    async def auth_XOAUTH2(self, server, args):
        """Google's and Microsoft's token sign-in: a refusal comes as a challenge that is answered with nothing."""
        self.tokens.append(b64decode(args[1]).decode())
        if f"Bearer {self.token}\x01" in self.tokens[-1]:
            return AuthResult(success=True)
        answer = await server.challenge_auth(b'{"status": "401"}')
        assert answer == b""
        return AuthResult(success=False, handled=False)

    def addresses(self):
        """The addresses of each message taken."""
        return [envelope.rcpt_tos for envelope in self.taken]


class Certificates:
    """A private authority and the certificate of `localhost` it signed, as PEM files in a folder."""

    def __init__(self, folder):
        self.ca, self.chain, self.key = (str(folder / name) for name in ("ca.pem", "cert.pem", "key.pem"))
        ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        ca = _certificate("okr-test-ca", "okr-test-ca", ca_key.public_key(), ca_key, authority=True)
        leaf = _certificate("localhost", "okr-test-ca", key.public_key(), ca_key, authority=False)
        pem = serialization.Encoding.PEM
        for path, content in (
            (self.ca, ca.public_bytes(pem)),
            (self.chain, leaf.public_bytes(pem)),
            (self.key, key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())),
        ):
            with open(path, "wb") as file:
                file.write(content)

    def server_context(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain, self.key)
        return context


def _certificate(name, issuer, public_key, signing_key, *, authority):
    """A certificate with all that RFC 5280 asks for, which Python checks from 3.13 on."""
    named = [x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, one)]) for one in (name, issuer)]
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(named[0])
        .issuer_name(named[1])
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False)
    )
    if authority:
        uses = dict.fromkeys(
            (
                "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
                "encipher_only", "decipher_only",
            ),
            False,
        )  # fmt: skip
        builder = builder.add_extension(x509.KeyUsage(**uses, key_cert_sign=True, crl_sign=True), critical=True)
    return builder.sign(signing_key, hashes.SHA256())


def _sign_in(server, session, envelope, mechanism, data):
    good = isinstance(data, LoginPassword) and data.password.decode() == PASSWORD
    return AuthResult(success=good, handled=False) if not good else AuthResult(success=True)


class _Controller(Controller):
    """A controller for any free port."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def peer(script, certificates=None, *, wrapped=False, **options):
    """The server, running; its port is `port`."""
    if certificates:
        context = certificates.server_context()
        if wrapped:
            options["ssl_context"] = context
        else:
            options |= {"tls_context": context, "require_starttls": True}
        # What aiosmtpd calls TLS is STARTTLS: a server wrapped in TLS may not ask for it again, so it asks for nothing.
        options |= {"auth_required": not wrapped, "authenticator": _sign_in, "auth_require_tls": not wrapped}
    controller = _Controller(script, hostname="127.0.0.1", port=0, **options)
    controller.start()
    try:
        yield controller
    finally:
        controller.stop()
