// In the client's process: the gate's names lead to the double, and nothing leads anywhere else.
"use strict";
const dns = require("dns");
const net = require("net");

const GATES = ["gate.smsaero.ru", "gate.smsaero.org", "gate.smsaero.net"];
const HERE = "127.0.0.1";
// What was asked for: names of the gate, and ports.
global.ASKED = { gates: new Set(), ports: new Set() };
const DOORS = JSON.parse(process.env.DOORS);

const refusal = (what) => Object.assign(new Error(`only the double may be reached, not ${what}`), { code: "EPERM" });

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...given) {
  const normal = Array.isArray(given[0]) ? given[0] : net._normalizeArgs(given);
  const options = normal[0];
  if (GATES.includes(options.host)) {
    ASKED.gates.add(options.host);
    ASKED.ports.add(Number(options.port));
    options.port = DOORS[String(options.port)];
    options.host = HERE;
  } else if (options.host !== HERE) {
    throw refusal(options.host);
  }
  return connect.call(this, normal);
};

const refuse = (name, ...more) => process.nextTick(more.at(-1), refusal(name));
dns.lookup = refuse;
dns.resolve = refuse;
dns.resolve4 = refuse;
dns.promises.lookup = async (name) => Promise.reject(refusal(name));
