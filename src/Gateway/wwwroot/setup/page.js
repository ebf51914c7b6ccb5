'use strict';

const byId = (id) => document.getElementById(id);
const sections = ['loading', 'form', 'done', 'closed', 'broken'];
const values = { min: 8 };
let language = (navigator.language || 'en').toLowerCase().startsWith('zh') ? 'zh' : 'en';

// The token is taken out of the address at once, so that it stays in no history and no screenshot.
const token = new URLSearchParams(location.hash.slice(1)).get('token');
history.replaceState(null, '', location.pathname);

function text(code, more) {
  const template = TEXTS[language][code] || TEXTS.en[code] || code;
  return template.replace(/\{(\w+)\}/g, (_, name) => String({ ...values, ...more }[name] ?? ''));
}

function translate() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  for (const element of document.querySelectorAll('[data-text]')) {
    element.textContent = text(element.dataset.text);
  }

  for (const element of document.querySelectorAll('.fault:not([hidden])')) {
    element.textContent = text(element.dataset.code);
  }

  const other = language === 'zh' ? 'en' : 'zh';
  byId('language').textContent = other === 'zh' ? '中文' : 'English';
  byId('language').lang = other === 'zh' ? 'zh-CN' : 'en';
}

function show(id) {
  for (const section of sections) {
    byId(section).hidden = section !== id;
  }
}

function fault(field, code) {
  const line = byId(`${field}-fault`);
  line.dataset.code = code || '';
  line.textContent = code ? text(code) : '';
  line.hidden = !code;
  byId(field).setAttribute('aria-invalid', code ? 'true' : 'false');
}

function problem(message) {
  byId('problem').textContent = message;
  byId('problem').hidden = !message;
}

async function call(method, body) {
  const response = await fetch('/api/v1/setup', {
    method,
    headers: body ? { 'Content-Type': 'application/json' } : {},
    body: body ? JSON.stringify(body) : undefined,
    cache: 'no-store',
  });
  const answer = await response.json().catch(() => ({}));
  return { response, answer };
}

async function begin() {
  try {
    const { response } = await call('GET');
    if (response.status === 404) {
      show('closed');
    } else if (!token) {
      show('broken');
    } else {
      const options = await fetch('/api/v1/auth/options').then((r) => r.json());
      values.min = options.password_rules.min_length;
      byId('base').textContent = `${options.public_url}/v1`;
      translate();
      show('form');
      byId('email').focus();
    }
  } catch {
    show('form');
    problem(text('unreachable'));
  }
}

function check(input) {
  const faults = {
    email: !input.email ? 'required' : null,
    display_name: null,
    password: !input.password ? 'required' : input.password.length < values.min ? 'too_short' : null,
    repeat: input.repeat !== input.password ? 'mismatch' : null,
  };
  for (const [field, code] of Object.entries(faults)) {
    fault(field, code);
  }

  return Object.keys(faults).find((field) => faults[field]);
}

function explain(response, answer) {
  if (response.status === 404) {
    show('closed');
  } else if (answer.errors && answer.errors.token) {
    show('broken');
  } else if (answer.errors) {
    for (const [field, list] of Object.entries(answer.errors)) {
      if (byId(`${field}-fault`)) {
        fault(field, list[0].code);
      } else {
        problem(text('failed', { detail: `${field} ${list[0].message}` }));
      }
    }

    const first = document.querySelector('[aria-invalid="true"]');
    if (first) {
      first.focus();
    }
  } else if (answer.code === 'too_many_attempts') {
    problem(text('too_many_attempts', { minutes: Math.ceil(Number(response.headers.get('Retry-After') || 60) / 60) }));
  } else {
    problem(text('failed', { detail: answer.detail || response.status }));
  }
}

function finish(email) {
  const quoted = JSON.stringify(email).replaceAll("'", "'\\''");
  byId('command').textContent =
    `curl -s ${location.origin}/api/v1/auth/login \\\n` +
    `  -H 'Content-Type: application/json' \\\n` +
    `  -d '{"email":${quoted},"password":"…","delivery":"body"}'`;
  show('done');
  fetch('/docs').then((docs) => { byId('docs').hidden = !docs.ok; }, () => {});
  byId('done').focus();
}

async function submit(event) {
  event.preventDefault();
  problem('');
  const input = Object.fromEntries(new FormData(byId('form')));
  const first = check(input);
  if (first) {
    byId(first).focus();
    return;
  }

  byId('send').disabled = true;
  byId('send').textContent = text('creating');
  try {
    const body = { token, email: input.email.trim(), password: input.password };
    if (input.display_name.trim()) {
      body.display_name = input.display_name.trim();
    }

    const { response, answer } = await call('POST', body);
    if (response.status === 201) {
      finish(answer.user.email);
    } else {
      explain(response, answer);
    }
  } catch {
    problem(text('unreachable'));
  } finally {
    byId('send').disabled = false;
    byId('send').textContent = text('create');
  }
}

byId('language').addEventListener('click', () => {
  language = language === 'zh' ? 'en' : 'zh';
  translate();
});
byId('form').addEventListener('submit', submit);
translate();
begin();
