// Runs the commands that a page of the documentation shows and compares what they print with what the page says.
// usage: node eng/check-docs.mjs FILE.md… [--write]        --write puts what was printed into the page
//
// A block ```console holds commands (lines that begin with "$ ", continued by a backslash) and their output. All blocks
// of a page run in one shell, from the root of the repository. Before a block may stand
//   <!-- check: background -->   keeps running until the page is done; the block is complete when its last line came
//   <!-- check: again -->        only reads, and is run until it prints what the page says (for what takes a moment)
//   <!-- check: skip REASON -->  is not run
// Ports and the data folder are replaced by free ones, and what differs from run to run (keys, ids, times) is not
// compared; a key that the page prints stands for the real one in the commands after it.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const limit = 300_000;
const shownRoot = '/home/you/aihigress';
const shownPorts = ['8000', '9000'];

/** What differs from run to run, most specific first; the name stands in its place while comparing. */
const volatile = [
  ['jwt', /eyJ[\w-]+\.[\w-]+\.[\w-]+/g],
  ['key', /sk-(?:aih|demo)-[A-Za-z0-9]{20,}/g],
  ['key-prefix', /(?<="prefix": ?")sk-aih-[A-Za-z0-9]+/g],
  ['setup', /(?<=token=)[0-9a-f]{64}/g],
  ['password', /(?<=demo@example\.com with )demo-[0-9a-f]+/g],
  ['id', /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g],
  ['trace', /(?<="traceId": ?")[0-9a-f]{32}/g],
  ['time', /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.\dZ]*/g],
  ['clock', /\b\d\d:\d\d:\d\d\.\d{3}\b/g],
  ['date', /(?<=[Dd]ate: ).*GMT/g],
  ['ms', /(?<="(?:\w+_)?ms": ?)\d+/g],
  ['us', /(?<="\w+_us": ?)[\d.]+/g],
  ['took', /\b\d+ ms\b/g],
  ['category', /(?<=: )AIHigress\.[\w.]+\[\d+\]/g],
  ['upstream', /mock\/demo-\w+/g],
  ['port', /(?<=127\.0\.0\.1:)(?!8000|9000)\d{4,5}/g],
];

function normalize(text) {
  return volatile.reduce((all, [name, pattern]) => all.replace(pattern, `<${name}>`), text).trimEnd();
}

/** Two programs of a background block print in no fixed order. */
function comparable(output, mode) {
  const text = normalize(output);
  return mode === 'background' ? text.split('\n').filter(Boolean).sort().join('\n') : text;
}

/**
 * A port that nobody listens on, below those that the system gives to outgoing connections: between now and the start of
 * the server that is to listen on it, a program that runs beside this one could be given one of those. The tests' own
 * servers take theirs below 32000.
 */
function freePort() {
  return new Promise((done) => {
    const server = createServer()
      .on('error', () => done(freePort()))
      .listen(32_010 + Math.floor(Math.random() * 700), '127.0.0.1', () => {
        const { port } = server.address();
        server.close(() => done(String(port)));
      });
  });
}

/** What differs between two texts, line by line: "- " stands in the page alone, "+ " was printed alone. */
function difference(says, printed) {
  const [left, right] = [says, printed].map((text) => text.split('\n'));
  const only = (lines, others, sign) => lines.filter((line) => !others.includes(line)).map((line) => `${sign} ${line}`);
  const lines = [...only(left, right, '-'), ...only(right, left, '+')];
  return lines.length > 0 ? lines.join('\n') : `the same lines in another order:\n${printed}`;
}

/** The console blocks of a page with their place in it. */
function blocksOf(text) {
  const pattern = /(?:<!-- check: (.+?) -->\n+)?```console\n([\s\S]*?)```/g;
  return [...text.matchAll(pattern)].map((match) => {
    const start = match.index + match[0].indexOf('```console\n') + '```console\n'.length;
    const steps = [];
    let continued = false;
    for (const line of match[2].split('\n').slice(0, -1)) {
      if (line.startsWith('$ ')) {
        steps.push({ command: line.slice(2), expected: '' });
      } else if (continued) {
        steps.at(-1).command += `\n${line}`;
      } else {
        steps.at(-1).expected += `${line}\n`;
      }

      continued = (line.startsWith('$ ') || continued) && line.endsWith('\\');
    }

    return { mode: match[1] ?? '', start, end: start + match[2].length, steps };
  });
}

class Session {
  constructor(ports, data) {
    this.ports = ports;
    this.data = data;
    this.known = new Map();
    this.children = [];
    const clean = Object.fromEntries(['PATH', 'HOME', 'LANG', 'DOTNET_ROOT', 'USER', 'TMPDIR'].filter((n) => process.env[n]).map((n) => [n, process.env[n]]));
    this.env = { ...clean, DATA_DIR: data, PORT: ports[0] };
    this.shell = spawn('bash', ['--noprofile', '--norc'], { cwd: root, env: this.env, stdio: ['pipe', 'pipe', 'inherit'] });
    this.shell.stdin.write('exec 2>&1\n');
    this.output = '';
    this.shell.stdout.on('data', (chunk) => { this.output += chunk; });
  }

  /** As the page writes it → as this run needs it. */
  real(command) {
    return shownPorts.reduce((all, shown, i) => all.replaceAll(`127.0.0.1:${shown}`, `127.0.0.1:${this.ports[i]}`), this.current(command));
  }

  /** With the values of this run, for a page that shows this run. */
  current(command) {
    return [...this.known].reduce((all, [shown, actual]) => all.replaceAll(shown, actual), command);
  }

  /** What was printed → as the page would show it. */
  shown(text) {
    const ports = shownPorts.reduce((all, shown, i) => all.replaceAll(`127.0.0.1:${this.ports[i]}`, `127.0.0.1:${shown}`), text);
    return ports.replaceAll(this.data, `${shownRoot}/data`).replaceAll(root, shownRoot);
  }

  /** Remembers which value of this run a value of the page stands for. */
  learn(expected, actual) {
    for (const [, pattern] of volatile) {
      const [was, is] = [expected, actual].map((text) => text.match(pattern) ?? []);
      was.forEach((value, i) => is.length === was.length && this.known.set(value, is[i]));
    }
  }

  async run(command) {
    const mark = `done-${Math.random().toString(36).slice(2)}`;
    this.output = '';
    this.shell.stdin.write(`${this.real(command)}\nprintf '%s' ${mark}\n`);
    await this.until(() => this.output.includes(mark), command);
    return this.shown(this.output.slice(0, this.output.indexOf(mark)));
  }

  /** Starts a command that stays; complete when it has printed as many lines as the page shows, or nothing for a while. */
  async start(command, expected) {
    const child = spawn('bash', ['-c', this.real(command)], { cwd: root, env: this.env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    this.children.push(child);
    let output = '';
    let ended = false;
    child.stdout.on('data', (chunk) => { output += chunk; });
    child.stderr.on('data', (chunk) => { output += chunk; });
    child.on('exit', () => { ended = true; });
    const last = normalize(expected.trimEnd().split('\n').at(-1));
    await this.until(() => ended || (last !== '' && output.split('\n').some((line) => normalize(this.shown(line)) === last)), command);
    return this.shown(output);
  }

  async until(condition, what) {
    const started = Date.now();
    while (!condition()) {
      if (Date.now() - started > limit) {
        throw new Error(`not done after ${limit / 1000} s: ${what}`);
      }

      await new Promise((again) => setTimeout(again, 50));
    }
  }

  async end() {
    this.shell.stdin.end();
    await Promise.all(this.children.reverse().map((child) => new Promise((done) => {
      if (child.exitCode !== null || child.signalCode !== null) {
        done();
        return;
      }

      child.on('exit', done);
      // Ctrl-C, as a person would.
      process.kill(-child.pid, 'SIGINT');
      setTimeout(() => { try { process.kill(-child.pid, 'SIGKILL'); } catch { /* it is gone */ } done(); }, 45_000).unref();
    })));
  }
}

/** The output of one command of a page. */
async function carryOut(session, mode, command, expected) {
  if (mode === 'background') {
    return session.start(command, expected);
  }

  let output = await session.run(command);
  for (let tries = 0; mode === 'again' && tries < 30 && normalize(output) !== normalize(expected); tries++) {
    await new Promise((next) => setTimeout(next, 500));
    output = await session.run(command);
  }

  return output;
}

async function check(file, write) {
  const page = readFileSync(file, 'utf8');
  const data = mkdtempSync(join(tmpdir(), 'aihigress-docs-'));
  const session = new Session(await Promise.all(shownPorts.map(freePort)), data);
  let [written, moved, differences, ran] = [page, 0, 0, 0];
  try {
    for (const block of blocksOf(page)) {
      if (block.mode.startsWith('skip')) {
        continue;
      }

      let text = '';
      for (const { command, expected } of block.steps) {
        const actual = await carryOut(session, block.mode, command, expected);
        ran++;
        session.learn(expected, actual);
        const [says, printed] = [expected, actual].map((output) => comparable(output, block.mode));
        if (says !== printed) {
          differences++;
          console.error(`${file}: $ ${command}\n${difference(says, printed)}\n`);
        }

        text += `$ ${session.current(command)}\n${actual.trimEnd()}${actual.trimEnd() ? '\n' : ''}`;
      }

      written = written.slice(0, block.start + moved) + text + written.slice(block.end + moved);
      moved += text.length - (block.end - block.start);
    }
  } finally {
    await session.end();
    rmSync(data, { recursive: true, force: true });
  }

  if (write) {
    writeFileSync(file, written);
  }

  console.log(`${file}: ${ran} commands, ${differences} differences${write ? ', written' : ''}`);
  return ran > 0 && differences === 0;
}

const files = process.argv.slice(2).filter((a) => a !== '--write');
let good = files.length > 0;
for (const file of files) {
  good = await check(file, process.argv.includes('--write')) && good;
}

process.exit(good || process.argv.includes('--write') ? 0 : 1);
