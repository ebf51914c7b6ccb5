// Carries out the instructions of deploy/Dockerfile; see eng/run-dockerfile-steps.sh, which starts it in a mount
// namespace of its own.
import { spawnSync } from 'node:child_process';
import { cpSync, chownSync, existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { instructions, isIgnored, words } from './dockerfile.mjs';

const [context, out] = process.argv.slice(2).map((path) => resolve(path));
const ignore = readFileSync(join(context, '.dockerignore'), 'utf8').split('\n').filter((line) => line && !line.startsWith('#'));
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const args = {};
const stages = {};
let stage;

function run(command, parameters, options = {}) {
  const { status, error } = spawnSync(command, parameters, { stdio: 'inherit', ...options });
  if (error || status !== 0) {
    throw new Error(`${command} ${parameters.join(' ')} ended with ${error ?? status}`);
  }
}

/** This machine's files, with a layer on top that takes all writes and is gone afterwards. */
function sdkBase() {
  const work = join(out, 'sdk');
  mkdirSync(work, { recursive: true });
  run('mount', ['-t', 'tmpfs', 'tmpfs', work]);
  const [upper, scratch, root] = ['upper', 'work', 'root'].map((name) => join(work, name));
  [upper, scratch, root].forEach((folder) => mkdirSync(folder));
  run('mount', ['-t', 'overlay', 'overlay', '-o', `lowerdir=/,upperdir=${upper},workdir=${scratch}`, root]);
  for (const shared of ['/proc', '/dev', '/etc/resolv.conf'].filter(existsSync)) {
    run('mount', ['--rbind', shared, join(root, shared)]);
  }

  return root;
}

/** A root with the ASP.NET runtime of this machine and nothing that it does not need. */
function runtimeBase() {
  const root = join(out, 'rootfs');
  rmSync(root, { recursive: true, force: true });
  const dotnet = dirname(realpathSync(spawnSync('which', ['dotnet'], { encoding: 'utf8' }).stdout.trim()));
  const parts = ['dotnet', 'host', 'shared/Microsoft.NETCore.App', 'shared/Microsoft.AspNetCore.App'].map((part) => join(dotnet, part));
  const native = readdirSync(dotnet, { recursive: true }).filter((file) => /^(host|shared)\/.*\.so$/.test(file));
  // Loaded by name at run time, so that no link names them.
  const libraries = new Set(['libssl.so.3', 'libcrypto.so.3'].map(find).filter(Boolean));
  for (const file of ['dotnet', ...native]) {
    const { stdout } = spawnSync('ldd', [join(dotnet, file)], { encoding: 'utf8' });
    (stdout.match(/\/\S+/g) ?? []).filter((library) => library.startsWith('/lib') || library.startsWith('/usr/lib')).forEach((library) => libraries.add(library));
  }

  const data = ['/etc/ssl/certs', '/usr/share/ca-certificates', '/usr/share/zoneinfo', '/etc/nsswitch.conf'].filter(existsSync);
  for (const file of [...parts, ...libraries, ...data]) {
    copy(file, join(root, file), { dereference: libraries.has(file) });
  }

  copy(dotnet, join(root, dotnet), { filter: (source) => source === dotnet });
  ['proc', 'dev', 'tmp', 'etc', 'usr/bin'].forEach((folder) => mkdirSync(join(root, folder), { recursive: true }));
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/root:/none\napp:x:1654:1654::/home/app:/none\n');
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\napp:x:1654:\n');
  writeFileSync(join(root, 'etc/hosts'), '127.0.0.1 localhost\n');
  stage.env.DOTNET_ROOT = dotnet;
  stage.env.ASPNETCORE_HTTP_PORTS = '8080';
  stage.env.DOTNET_RUNNING_IN_CONTAINER = 'true';
  return root;
}

function find(library) {
  const { stdout } = spawnSync('ldconfig', ['-p'], { encoding: 'utf8', env: { PATH: path } });
  return stdout.match(new RegExp(`${library.replaceAll('.', '\\.')} .*=> (\\S+)`))?.[1];
}

function copy(from, to, options = {}) {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true, preserveTimestamps: true, verbatimSymlinks: !options.dereference, ...options });
}

function own(path, user) {
  const [uid, gid] = user.split(':').map(Number);
  chownSync(path, uid, gid);
  if (lstatSync(path).isDirectory()) {
    readdirSync(path).forEach((name) => own(join(path, name), user));
  }
}

/** COPY: of a folder its content goes to the destination, as the builder does it. */
function copyStep(parameters) {
  const flags = Object.fromEntries(parameters.filter((p) => p.startsWith('--')).map((p) => p.slice(2).split('=')));
  const paths = parameters.filter((p) => !p.startsWith('--'));
  const target = paths.pop();
  const from = flags.from ? stages[flags.from].root : context;
  const destination = join(stage.root, resolve(stage.folder, target));
  for (const name of paths) {
    const source = join(from, name);
    const isFolder = lstatSync(source).isDirectory();
    const entries = isFolder ? readdirSync(source) : [''];
    for (const entry of entries) {
      const to = isFolder ? join(destination, entry) : target.endsWith('/') ? join(destination, name.split('/').pop()) : destination;
      copy(join(source, entry), to, flags.from ? {} : { filter: (file) => !isIgnored(ignore, relative(context, file), lstatSync(file).isDirectory()) });
      if (flags.chown && existsSync(to)) {
        own(to, flags.chown);
      }
    }
  }
}

function runStep(line) {
  const env = { PATH: path, HOME: process.env.HOME ?? '/root', ...args, ...stage.env };
  run('chroot', [stage.root, '/bin/sh', '-c', `cd '${stage.folder}' && ${line}`], { env });
}

const steps = {
  ARG: (rest) => {
    const [name, value] = rest.split('=');
    args[name] = process.env[name] ?? value;
  },
  FROM: (rest) => {
    const [image, , name] = words(rest.replace(/\$\{(\w+)\}/g, (_, arg) => args[arg]));
    stage = { folder: '/', env: {}, settings: {} };
    stages[name ?? 'last'] = stage;
    const base = /(^|\/)dotnet\/sdk:10\.0$/.test(image) ? sdkBase : /(^|\/)dotnet\/aspnet:10\.0$/.test(image) ? runtimeBase : null;
    if (!base) {
      throw new Error(`FROM ${image}: this machine can stand in for dotnet/sdk:10.0 and dotnet/aspnet:10.0 only`);
    }

    stage.root = base();
  },
  WORKDIR: (rest) => {
    stage.folder = resolve(stage.folder, rest);
    mkdirSync(join(stage.root, stage.folder), { recursive: true });
  },
  COPY: (rest) => copyStep(words(rest)),
  RUN: (rest) => runStep(rest),
  ENV: (rest) => words(rest).forEach((pair) => {
    const at = pair.indexOf('=');
    stage.env[pair.slice(0, at)] = pair.slice(at + 1);
  }),
  USER: (rest) => { stage.settings.user = rest; },
  VOLUME: (rest) => { stage.settings.volume = rest; },
  EXPOSE: (rest) => { stage.settings.port = Number(rest); },
  STOPSIGNAL: (rest) => { stage.settings.stopSignal = rest; },
  HEALTHCHECK: (rest) => { stage.settings.health = JSON.parse(rest.slice(rest.indexOf('['))); },
  ENTRYPOINT: (rest) => { stage.settings.entrypoint = JSON.parse(rest); },
  CMD: (rest) => { stage.settings.command = JSON.parse(rest); },
};

for (const { name, rest } of instructions(readFileSync(join(context, 'deploy/Dockerfile'), 'utf8'))) {
  console.log(`${name} ${rest}`);
  if (!steps[name]) {
    throw new Error(`${name}: an instruction that this script does not know`);
  }

  steps[name](rest);
}

writeFileSync(join(out, 'image.json'), JSON.stringify({ ...stage.settings, env: stage.env, folder: stage.folder }, null, 2));
