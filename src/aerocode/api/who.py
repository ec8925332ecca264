"""Who asks. A key belongs to one application and opens what its scopes say; the installation is `default`'s."""

from collections.abc import Mapping

from aerocode import errors
from aerocode.api.exchange import Access
from aerocode.api.exchange import Caller
from aerocode.crypto import fingerprint
from aerocode.model.application import DEFAULT_APPLICATION
from aerocode.model.application import Scope
from aerocode.ports import Applications

#: The name of the token that the server leaves beside its data.
CONTROL = "control"

ALL_SCOPES = frozenset({Scope.ALL})


class Who:
    """`fixed` maps fingerprints of keys that live outside the database to their names."""

    def __init__(self, applications: Applications, fixed: Mapping[bytes, str]) -> None:
        self._applications = applications
        self._fixed = dict(fixed)

    async def caller(self, authorization: str | None, access: Access) -> Caller:
        """Raises MissingAuthorization, UnsupportedAuthorization, Unauthorized or Forbidden."""
        caller = await self._known(_token(authorization))
        if access.installation and caller.application.id != DEFAULT_APPLICATION:
            raise errors.Forbidden
        if access.here and caller.key != CONTROL:
            raise errors.Forbidden
        if access.scope not in caller.scopes and Scope.ALL not in caller.scopes:
            raise errors.Forbidden
        return caller

    async def _known(self, token: str) -> Caller:
        # Looked up by a hash of 256 random bits: how long the look-up takes tells nothing about any key.
        print_ = fingerprint(token)
        if print_ in self._fixed:
            application, key, scopes = DEFAULT_APPLICATION, self._fixed[print_], ALL_SCOPES
        else:
            stored = await self._applications.key(print_)
            if stored is None:
                raise errors.Unauthorized
            application, key, scopes = stored.application, stored.id, stored.scopes
        owner = await self._applications.application(application)
        if owner is None:
            raise errors.Unauthorized
        return Caller(application=owner, key=key, scopes=scopes)


def _token(authorization: str | None) -> str:
    if not authorization:
        raise errors.MissingAuthorization
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise errors.UnsupportedAuthorization
    if not token.strip():
        raise errors.Unauthorized
    return token.strip()
