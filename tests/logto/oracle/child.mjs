// Logto's connectors, asked over standard input: a line of JSON in, a line of JSON out.
import { createInterface } from "node:readline";
import { ConnectorError, replaceSendMessageHandlebars } from "@logto/connector-kit";
import createHttp from "@logto/connector-http-sms";
import createSmsAero from "@logto/connector-smsaero";

let saved;
const getConfig = async () => saved;
const connectors = { aero: await createSmsAero({ getConfig }), http: await createHttp({ getConfig }) };

const told = (error) =>
  error instanceof ConnectorError
    ? { connector: error.code, data: error.data?.issues ? { issues: error.data.issues } : error.data }
    : { other: error.code ?? error.name };

const answers = {
  metadata: ({ which }) => ({ ...connectors[which].metadata, type: connectors[which].type }),
  guard: ({ which, config }) => {
    const read = connectors[which].configGuard.safeParse(config);
    return read.success ? [] : read.error.issues;
  },
  render: ({ content, payload }) => replaceSendMessageHandlebars(content, payload),
  send: async ({ which, config, data, ...rest }) => {
    saved = rest.saved;
    try {
      await connectors[which].sendMessage(data, config);
      return { sent: true };
    } catch (error) {
      return { error: told(error) };
    }
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const ask = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(await answers[ask.op](ask))}\n`);
}
