"""The certificates by which the parts of an installation know each other (scripts/keys.py makes them): what each kind of connection is
told of the folder they stand in. All of it is read anew for each connection, so that renewed ones are taken without a restart."""

import ssl
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True)
class Keys:
    folder: Path
    part: str

    @property
    def own(self) -> str:
        return str(self.folder / "own.pem")

    @property
    def authority(self) -> str:
        return str(self.folder / "authority.pem")

    def for_database(self) -> dict[str, str]:
        return {
            "sslmode": "verify-full",
            "sslrootcert": self.authority,
            "sslcert": self.own,
            "sslkey": self.own,
            "ssl_min_protocol_version": "TLSv1.3",
            "gssencmode": "disable",
        }

    def for_redis(self) -> dict:
        """Options of a connection of redis-py, and of Kombu's, which hands them on."""
        from redis.credentials import CredentialProvider

        keys = self

        class FromFile(CredentialProvider):
            def get_credentials(self) -> tuple[str, str]:
                return keys.part, (keys.folder / "redis-password").read_text()

        return {
            "ssl_cert_reqs": "required",
            "ssl_check_hostname": True,
            "ssl_ca_certs": self.authority,
            "ssl_certfile": self.own,
            "ssl_keyfile": self.own,
            "ssl_min_version": ssl.TLSVersion.TLSv1_3,
            "credential_provider": FromFile(),
        }

    def end(self) -> datetime | None:
        """When the certificate of this part ends, at the latest; None: it has none."""
        from cryptography import x509

        try:
            return x509.load_pem_x509_certificate(Path(self.own).read_bytes()).not_valid_after_utc
        except (OSError, ValueError):
            return None
