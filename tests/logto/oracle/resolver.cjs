// Loaded before anything else: in this process the gate's name is this machine, and no other name is any machine.
const dns = require("node:dns");
const tls = require("node:tls");

const GATE = "gate.smsaero.ru";
const port = Number(process.env.GATE_PORT);
const lookup = dns.lookup;

dns.lookup = (name, options, done) => {
  const answer = typeof options === "function" ? options : done;
  if (name !== GATE && name !== "localhost" && name !== "127.0.0.1") {
    return process.nextTick(answer, Object.assign(new Error(`no such name here: ${name}`), { code: "ENOTFOUND" }));
  }
  return typeof options === "function" ? lookup("127.0.0.1", options) : lookup("127.0.0.1", options, done);
};

const connect = tls.connect;
tls.connect = (options, ...rest) =>
  connect(options.host === GATE ? { ...options, port, lookup: dns.lookup } : options, ...rest);
