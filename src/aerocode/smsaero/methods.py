"""The client's methods, written once for both colours: `await client.balance()` and `client.balance()`.

Each line ties a name to a function of `endpoints`, which checks the arguments and makes the request. Which colour a
method has is its owner's affair: `perform` of an `Awaited` client gives something to await, that of a `Blocking` one
the result itself. Type checkers read the same from the overloads.
"""

import functools
import inspect
from abc import ABC
from abc import abstractmethod
from collections.abc import AsyncIterator
from collections.abc import Callable
from collections.abc import Coroutine
from collections.abc import Iterator
from types import MethodType
from typing import Any
from typing import Generic
from typing import ParamSpec
from typing import Self
from typing import TypeVar
from typing import overload

from aerocode.smsaero import endpoints
from aerocode.smsaero.model import Page
from aerocode.smsaero.wire import Request

P = ParamSpec("P")
T = TypeVar("T")


class Method(Generic[P, T]):
    """One request, one answer."""

    def __init__(self, ask: Callable[P, Request[T]]) -> None:
        self.ask = ask
        self.__doc__ = ask.__doc__
        self._call = _like(ask, lambda client, *args, **kwargs: client.perform(ask(*args, **kwargs)))

    @overload
    def __get__(self, client: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, client: "Awaited", owner: type[Any]) -> Callable[P, Coroutine[Any, Any, T]]: ...
    @overload
    def __get__(self, client: "Blocking", owner: type[Any]) -> Callable[P, T]: ...
    def __get__(self, client: "Awaited | Blocking | None", owner: type[Any]) -> Any:
        """The method of that client."""
        return self if client is None else MethodType(self._call, client)


class Listing(Generic[P, T]):
    """The items of every page, asked for one page at a time while they are consumed."""

    def __init__(self, ask: Callable[P, Request[Page[T]]]) -> None:
        self.ask = ask
        self.__doc__ = ask.__doc__
        self._call = _like(ask, lambda client, *args, **kwargs: client.walk(ask(*args, **kwargs)))

    @overload
    def __get__(self, client: None, owner: type[Any]) -> Self: ...
    @overload
    def __get__(self, client: "Awaited", owner: type[Any]) -> Callable[P, AsyncIterator[T]]: ...
    @overload
    def __get__(self, client: "Blocking", owner: type[Any]) -> Callable[P, Iterator[T]]: ...
    def __get__(self, client: "Awaited | Blocking | None", owner: type[Any]) -> Any:
        """The method of that client."""
        return self if client is None else MethodType(self._call, client)


def _like(ask: Callable[..., Any], call: Callable[..., Any]) -> Callable[..., Any]:
    """Give `call`, a method, the name, the words and the arguments of `ask`, which `help` shows."""
    functools.update_wrapper(call, ask)
    signature = inspect.signature(ask)
    itself = inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)
    vars(call)["__signature__"] = signature.replace(parameters=[itself, *signature.parameters.values()])
    return call


class Methods:
    """Every method of the provider, by the name of its path; SMS go without `sms_`, being what most come for."""

    auth = Method(endpoints.auth)
    balance = Method(endpoints.balance)
    balance_add = Method(endpoints.balance_add)
    cards = Method(endpoints.cards)
    tariffs = Method(endpoints.tariffs)

    send = Method(endpoints.sms_send)
    send_many = Method(endpoints.sms_send_many)
    status = Method(endpoints.sms_status)
    messages = Listing(endpoints.sms_list)
    test_send = Method(endpoints.sms_test_send)
    test_send_many = Method(endpoints.sms_test_send_many)
    test_status = Method(endpoints.sms_test_status)
    test_messages = Listing(endpoints.sms_test_list)

    sign_list = Listing(endpoints.sign_list)
    sign_add = Method(endpoints.sign_add)

    hlr_check = Method(endpoints.hlr_check)
    hlr_check_many = Method(endpoints.hlr_check_many)
    hlr_status = Method(endpoints.hlr_status)
    number_operator = Method(endpoints.number_operator)
    number_operator_many = Method(endpoints.number_operator_many)

    telegram_send = Method(endpoints.telegram_send)
    telegram_send_many = Method(endpoints.telegram_send_many)
    telegram_status = Method(endpoints.telegram_status)

    mobile_id_send = Method(endpoints.mobile_id_send)
    mobile_id_status = Method(endpoints.mobile_id_status)
    mobile_id_verify = Method(endpoints.mobile_id_verify)

    viber_send = Method(endpoints.viber_send)
    viber_statistic = Listing(endpoints.viber_statistic)
    viber_list = Listing(endpoints.viber_list)
    viber_sign_list = Method(endpoints.viber_sign_list)

    flashcall_send = Method(endpoints.flashcall_send)
    flashcall_status = Method(endpoints.flashcall_status)
    flashcall_list = Listing(endpoints.flashcall_list)
    voicecode_send = Method(endpoints.voicecode_send)

    whatsapp_send = Method(endpoints.whatsapp_send)
    whatsapp_status = Method(endpoints.whatsapp_status)
    whatsapp_chats = Method(endpoints.whatsapp_chats)
    whatsapp_chat_messages = Method(endpoints.whatsapp_chat_messages)
    whatsapp_messages = Method(endpoints.whatsapp_messages)

    group_add = Method(endpoints.group_add)
    group_delete = Method(endpoints.group_delete)
    group_delete_all = Method(endpoints.group_delete_all)
    group_list = Listing(endpoints.group_list)
    contact_add = Method(endpoints.contact_add)
    contact_delete = Method(endpoints.contact_delete)
    contact_delete_all = Method(endpoints.contact_delete_all)
    contact_list = Listing(endpoints.contact_list)
    blacklist_add = Method(endpoints.blacklist_add)
    blacklist_add_many = Method(endpoints.blacklist_add_many)
    blacklist_delete = Method(endpoints.blacklist_delete)
    blacklist_list = Listing(endpoints.blacklist_list)


class Awaited(Methods, ABC):
    """A client whose methods are awaited."""

    @abstractmethod
    async def perform(self, request: Request[T]) -> T:
        """Perform any request made by a function of `endpoints`."""

    @abstractmethod
    def walk(self, request: Request[Page[T]]) -> AsyncIterator[T]:
        """Iterate over the items of every page of a list."""


class Blocking(Methods, ABC):
    """A client whose methods return when they are done."""

    @abstractmethod
    def perform(self, request: Request[T]) -> T:
        """Perform any request made by a function of `endpoints`."""

    @abstractmethod
    def walk(self, request: Request[Page[T]]) -> Iterator[T]:
        """Iterate over the items of every page of a list."""
