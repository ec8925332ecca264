"""The provider's methods, one small function each: a path, the body's keys, and how to read `data`.

A function is named after the provider's path: `hlr/check` is `hlr_check`; `_many` is the same with many numbers. One
file holds what belongs together: the requests, the types of their results, and how they are read. `asked` checks what
goes out, `answered` knows the shapes in which `data` comes back. Read first: `sms.py`.

To add a method, add a function here and a line in `methods.py`.
"""

from aerocode.smsaero.endpoints.account import auth
from aerocode.smsaero.endpoints.account import balance
from aerocode.smsaero.endpoints.account import balance_add
from aerocode.smsaero.endpoints.account import cards
from aerocode.smsaero.endpoints.account import tariffs
from aerocode.smsaero.endpoints.calls import flashcall_list
from aerocode.smsaero.endpoints.calls import flashcall_send
from aerocode.smsaero.endpoints.calls import flashcall_status
from aerocode.smsaero.endpoints.calls import voicecode_send
from aerocode.smsaero.endpoints.mobile_id import mobile_id_send
from aerocode.smsaero.endpoints.mobile_id import mobile_id_status
from aerocode.smsaero.endpoints.mobile_id import mobile_id_verify
from aerocode.smsaero.endpoints.numbers import hlr_check
from aerocode.smsaero.endpoints.numbers import hlr_check_many
from aerocode.smsaero.endpoints.numbers import hlr_status
from aerocode.smsaero.endpoints.numbers import number_operator
from aerocode.smsaero.endpoints.numbers import number_operator_many
from aerocode.smsaero.endpoints.people import blacklist_add
from aerocode.smsaero.endpoints.people import blacklist_add_many
from aerocode.smsaero.endpoints.people import blacklist_delete
from aerocode.smsaero.endpoints.people import blacklist_list
from aerocode.smsaero.endpoints.people import contact_add
from aerocode.smsaero.endpoints.people import contact_delete
from aerocode.smsaero.endpoints.people import contact_delete_all
from aerocode.smsaero.endpoints.people import contact_list
from aerocode.smsaero.endpoints.people import group_add
from aerocode.smsaero.endpoints.people import group_delete
from aerocode.smsaero.endpoints.people import group_delete_all
from aerocode.smsaero.endpoints.people import group_list
from aerocode.smsaero.endpoints.signs import sign_add
from aerocode.smsaero.endpoints.signs import sign_list
from aerocode.smsaero.endpoints.sms import sms_list
from aerocode.smsaero.endpoints.sms import sms_send
from aerocode.smsaero.endpoints.sms import sms_send_many
from aerocode.smsaero.endpoints.sms import sms_status
from aerocode.smsaero.endpoints.sms import sms_test_list
from aerocode.smsaero.endpoints.sms import sms_test_send
from aerocode.smsaero.endpoints.sms import sms_test_send_many
from aerocode.smsaero.endpoints.sms import sms_test_status
from aerocode.smsaero.endpoints.telegram import telegram_send
from aerocode.smsaero.endpoints.telegram import telegram_send_many
from aerocode.smsaero.endpoints.telegram import telegram_status
from aerocode.smsaero.endpoints.viber import viber_list
from aerocode.smsaero.endpoints.viber import viber_send
from aerocode.smsaero.endpoints.viber import viber_sign_list
from aerocode.smsaero.endpoints.viber import viber_statistic
from aerocode.smsaero.endpoints.whatsapp import whatsapp_chat_messages
from aerocode.smsaero.endpoints.whatsapp import whatsapp_chats
from aerocode.smsaero.endpoints.whatsapp import whatsapp_messages
from aerocode.smsaero.endpoints.whatsapp import whatsapp_send
from aerocode.smsaero.endpoints.whatsapp import whatsapp_status

__all__ = [
    "auth",
    "balance",
    "balance_add",
    "blacklist_add",
    "blacklist_add_many",
    "blacklist_delete",
    "blacklist_list",
    "cards",
    "contact_add",
    "contact_delete",
    "contact_delete_all",
    "contact_list",
    "flashcall_list",
    "flashcall_send",
    "flashcall_status",
    "group_add",
    "group_delete",
    "group_delete_all",
    "group_list",
    "hlr_check",
    "hlr_check_many",
    "hlr_status",
    "mobile_id_send",
    "mobile_id_status",
    "mobile_id_verify",
    "number_operator",
    "number_operator_many",
    "sign_add",
    "sign_list",
    "sms_list",
    "sms_send",
    "sms_send_many",
    "sms_status",
    "sms_test_list",
    "sms_test_send",
    "sms_test_send_many",
    "sms_test_status",
    "tariffs",
    "telegram_send",
    "telegram_send_many",
    "telegram_status",
    "viber_list",
    "viber_send",
    "viber_sign_list",
    "viber_statistic",
    "voicecode_send",
    "whatsapp_chat_messages",
    "whatsapp_chats",
    "whatsapp_messages",
    "whatsapp_send",
    "whatsapp_status",
]
