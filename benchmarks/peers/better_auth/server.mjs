// better-auth as its documentation shows it: the phone-number plugin, better-sqlite3, Node's own HTTP server.
// Beside its own routes stands one for those who want the code checked and nothing else.
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'

import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { toNodeHandler } from 'better-auth/node'
import { phoneNumber } from 'better-auth/plugins'
import Database from 'better-sqlite3'

const { GATE, PORT } = process.env
const authorization = 'Basic ' + Buffer.from('bench@example.com:a-key-of-nobody').toString('base64')

const database = new Database('better-auth.db')
// What better-sqlite3's documentation asks for; its build then commits with synchronous=NORMAL.
database.pragma('journal_mode = WAL')

async function sendOTP({ phoneNumber, code }) {
  const answer = await fetch(`${GATE}/v2/sms/send`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({
      number: phoneNumber.replace('+', ''),
      sign: 'SMS Aero',
      text: `Ваш код подтверждения: ${code}`,
    }),
  })
  const sent = await answer.json()
  if (!answer.ok || !sent.success) throw new Error('The SMS was not sent.')
}

const options = {
  baseURL: `http://127.0.0.1:${PORT}`,
  secret: randomBytes(32).toString('base64'),
  database,
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  plugins: [
    phoneNumber({
      sendOTP,
      phoneNumberValidator: (phone) => /^\+[1-9]\d{9,14}$/.test(phone),
      signUpOnVerification: { getTempEmail: (phone) => `${phone}@phone.invalid` },
    }),
  ],
}
const auth = betterAuth(options)
await (await getMigrations(options)).runMigrations()

async function consume(request, response) {
  let status = 200
  let body
  try {
    body = await auth.api.consumePhoneNumberOTP({ body: await json(request) })
  } catch (error) {
    status = error.statusCode ?? 500
    body = error.body ?? {}
  }
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

const handle = toNodeHandler(auth)
createServer((request, response) =>
  request.url === '/consume' ? consume(request, response) : handle(request, response),
).listen(Number(PORT), '127.0.0.1')
