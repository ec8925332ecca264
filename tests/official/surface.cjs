// The whole public surface of the official client for Node.js: `surface.cjs http|https`.
// Prints one JSON object: what is public, what was called, what each call gave back or threw.
"use strict";
const dns = require("dns");
const http = require("http");
const net = require("net");
const { SmsAero, SmsAeroError, SmsAeroHTTPError } = require("smsaero");

const PHONE = 79129999999;
const OTHER = 79129999998;
const TEXT = "482913 is your code";
const DOORS = JSON.parse(process.env.DOORS);

const called = new Set();
const results = {};

function told(error) {
  const cause = error.message || String(error);
  return { raised: error.name, ours: error instanceof SmsAeroError, http: error instanceof SmsAeroHTTPError, says: cause };
}

// `label` is a public name, and after a space what tells this call from others.
async function call(client, label, ...given) {
  const name = label.split(" ")[0];
  called.add(name);
  try {
    results[label] = await client[name](...given);
  } catch (error) {
    results[label] = told(error);
  }
  return results[label].data;
}

function advance(seconds) {
  const options = { host: "127.0.0.1", port: DOORS["80"], path: "/control", method: "POST", headers: { "Content-Type": "application/json" } };
  return new Promise((done, failed) => {
    const request = http.request(options, (reply) => reply.resume().on("end", done));
    request.on("error", failed).end(JSON.stringify({ advance: seconds }));
  });
}

async function sms(client) {
  await call(client, "auth");
  const sent = await call(client, "send", PHONE, TEXT);
  await call(client, "send many", [PHONE, OTHER], TEXT, new Date(Date.now() + 3600e3), "http://127.0.0.1:9/back?token=7");
  await advance(10);
  await call(client, "smsStatus", sent.id);
  await call(client, "smsList", PHONE, TEXT, 1);
  await call(client, "smsList all");
  for (const ending of ["0001", "0002", "0007"]) await call(client, `send ${ending}`, `7912999${ending}`, TEXT);
}

async function account(client) {
  await call(client, "balance");
  const cards = await call(client, "cards");
  await call(client, "addBalance", 100, cards["0"].id);
  await call(client, "tariffs");
  await call(client, "signAdd", "MyShop");
  await call(client, "signList", 1);
}

async function book(client) {
  const group = await call(client, "groupAdd", "friends");
  const contact = await call(client, "contactAdd", PHONE, group.id, "1990-01-01", "male", "Doe", "John", "Smith", "1", "2", "3");
  await call(client, "contactAdd bare", OTHER);
  await call(client, "contactList", PHONE, group.id, null, "male", "MTS", "Doe", "John", "Smith", 1);
  await call(client, "contactList all");
  await call(client, "groupList", 1);
  await call(client, "contactDelete", contact.id);
  await call(client, "groupDelete", group.id);
  const listed = await call(client, "blacklistAdd", OTHER);
  await call(client, "blacklistAdd many", [79129999997, 79129999996]);
  await call(client, "blacklistList", OTHER, 1);
  await call(client, "blacklistList all");
  await call(client, "blacklistDelete", listed.id);
  const check = await call(client, "hlrCheck", PHONE);
  await advance(10);
  await call(client, "hlrStatus", check.id);
  await call(client, "numberOperator", [PHONE, OTHER]);
}

async function channels(client) {
  await call(client, "viberSend", "MyShop", "OFFICIAL", TEXT, PHONE);
  await call(client, "viberSignList");
  await call(client, "viberList", 1);
  const flash = await call(client, "flashcallSend", PHONE, 1234);
  await advance(10);
  await call(client, "flashcallStatus", flash.id);
  await call(client, "flashcallList", PHONE, TEXT, 1);
}

async function otherGates(protocol) {
  for (const name of ["gate.smsaero.org", "gate.smsaero.net"]) {
    const other = new SmsAero("me@example.com", "a-key", "SMS Aero", [`@${name}/v2/`]);
    other.proto = protocol;
    results[`gate ${name}`] = await other.auth();
  }
}

async function strangers() {
  const ended = {};
  const attempts = {
    "another name": () => new Promise((done) => dns.lookup("gate.smsaero.uz", done)),
    "an address": () => new Promise((done) => done(net.connect(443, "192.0.2.1"))),
  };
  for (const [what, attempt] of Object.entries(attempts)) {
    try {
      ended[what] = ((await attempt()) || {}).code || "reached";
    } catch (error) {
      ended[what] = error.code;
    }
  }
  return ended;
}

async function main(protocol) {
  console.log = () => {}; // the client prints whole replies when something fails
  const client = new SmsAero("me@example.com", "a-key");
  client.proto = protocol;
  for (const part of [sms, account, book, channels]) await part(client);
  await otherGates(protocol);
  called.add("currentURLGate");
  results.currentURLGate = client.currentURLGate;
  const shown = Object.getOwnPropertyNames(SmsAero.prototype);
  return {
    public: shown.filter((name) => !name.startsWith("_") && name !== "constructor").sort(),
    constants: [],
    called: [...called].sort(),
    results,
    gates: [...ASKED.gates].sort(),
    ports: [...ASKED.ports],
    strangers: await strangers(),
  };
}

main(process.argv[2]).then((report) => process.stdout.write(`${JSON.stringify(report)}\n`));
