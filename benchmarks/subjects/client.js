// npm's rtpengine-client, as its README shows it: one Client, promises, `rejectOnError`, a timeout.
//
//     NODE_PATH=... node client.js HOST PORT FOLDER
//
// It does not resend, does not limit what is in flight, and decodes every reply at once. The orders and the answers
// are described in orders.py.
'use strict';

const fs = require('fs');
const path = require('path');
const readline = require('readline');
const { Client } = require('rtpengine-client');

const TIMEOUT = 3000; // milliseconds, as TIMEOUT in orders.py
const [host, port, folder] = process.argv.slice(2);
const plan = JSON.parse(fs.readFileSync(path.join(folder, 'plan.json'), 'utf8'));

function readAll(value) {
  for (const inner of Object.values(value)) {
    if (typeof inner === 'object') readAll(inner);
  }
}

function peak() {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(fs.readFileSync('/proc/self/status', 'ascii'))[1]);
}

async function run(workload, count, inFlight, prefix) {
  const documents = plan[workload];
  if (!documents) return { skipped: 'not of this subject' };
  // It adds the command by the name of the method.
  const requests = documents.map(({ command, ...options }) => [command, options]);
  const client = new Client({ timeout: TIMEOUT, rejectOnError: true });
  await new Promise((resolve) => client.on('listening', resolve));
  const times = [];
  let number = 0;
  let lost = 0;

  async function worker() {
    while (number < count) {
      const callId = `${prefix}-${number++}`;
      const begun = process.hrtime.bigint();
      try {
        for (const [command, options] of requests) {
          const sent = options['call-id'] === null ? { ...options, 'call-id': callId } : options;
          const reply = await client[command](Number(port), host, sent);
          if (workload === 'query') readAll(reply);
        }
        times.push(Number(process.hrtime.bigint() - begun) / 1000);
      } catch (error) {
        if (!/timeout/.test(String(error && error.message))) throw error;
        lost += 1;
      }
    }
  }

  const cpu = process.cpuUsage();
  const begun = process.hrtime.bigint();
  await Promise.all(Array.from({ length: inFlight }, worker));
  const wall = Number(process.hrtime.bigint() - begun) / 1e9;
  const { user, system } = process.cpuUsage(cpu);
  client.close();
  times.sort((a, b) => a - b);
  return {
    wall,
    cpu: (user + system) / 1e6,
    requests: times.length * requests.length + lost,
    lost,
    p50: times.length ? times[times.length >> 1] : 0,
    peak: peak(),
  };
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [, workload, count, inFlight, prefix] = line.split(' ');
    let outcome;
    try {
      outcome = await run(workload, Number(count), Number(inFlight), prefix);
    } catch (error) {
      outcome = { error: String((error && error.message) || error) };
    }
    process.stdout.write(`${JSON.stringify(outcome)}\n`);
  }
})();
