"""The step-by-step guide shown beside the connector's form, in Markdown."""

GUIDE = """\
# SMS Aero

Send codes as SMS through your own SMS Aero account.

## 1. Open an account

Register at [smsaero.ru](https://smsaero.ru) and top up the balance. The e-mail you sign in there with is the **Email**
of this form. Until you have a contract, new texts may wait some minutes for moderation.

## 2. Copy the API key

In the cabinet, open *Settings → API and SMPP*, create a key and copy it into **API key**. Here the key is never shown
again: when you edit the connector later, leave the field as it is to keep the key. If the cabinet lists allowed
addresses, add the address of this server.

## 3. Choose the sender

**Sender name** is what people see in place of a number: at most 11 Latin letters, digits and signs, approved by SMS
Aero. `SMS Aero` is the shared name every account may use; with it each text has to name your service, as the given
ones do.

## 4. Write the texts

**Templates** is a list of `{"usageType": …, "content": …}`. `Register`, `SignIn`, `ForgotPassword` and `Generic` are
required; a usage type without a text of its own is sent the `Generic` one. In a text,

- `{{code}}` is the code, and has to be there;
- `{{expiresIn}}` is for how many minutes the code works: write it instead of a number, which may become wrong;
- `{{appName}}` is the name of your product.

A template may carry a `locale` such as `"ru"`; it is then used for people of that language. An SMS holds 160 characters
of English, but only 70 as soon as one Cyrillic letter is in it; a longer text is paid as several SMS.

## 5. Try it

Enter your own phone and press **Send**: an SMS with the code `000000` arrives, made from the `Generic` text.

## 6. Switch it on

Press **Save and Done**. From then on each code is sent through this connector. Only one SMS connector is in use at a
time: saving another one replaces it.
"""
