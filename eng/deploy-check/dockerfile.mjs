// Reads a Dockerfile and a .dockerignore, as far as ours use their languages.

/** Splits at white space; double quotes keep words together. */
export function words(text) {
  return (text.match(/(?:[^\s"]|"[^"]*")+/g) ?? []).map((word) => word.replaceAll('"', ''));
}

/** The instructions in order, comments gone and continued lines joined. */
export function instructions(text) {
  const lines = text.split('\n').filter((line) => !line.trimStart().startsWith('#'));
  return lines.join('\n').replace(/\\\n/g, ' ').split('\n').map((line) => line.trim()).filter(Boolean)
    .map((line) => ({ name: line.split(/\s/)[0].toUpperCase(), rest: line.replace(/^\S+\s+/, '').replace(/\s+/g, ' ') }));
}

function matches(pattern, path) {
  const source = pattern.split('/').map((part) => part === '**' ? '(?:.*/)?' : `${part.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*').replaceAll('?', '[^/]')}/`).join('');
  return new RegExp(`^${source.replace(/\/$/, '')}(?:/|$)`).test(path);
}

/** Whether .dockerignore keeps a path out of the build: the last pattern that fits it decides. */
export function isIgnored(patterns, path, isFolder) {
  if (path === '') {
    return false;
  }

  let ignored = false;
  for (const pattern of patterns) {
    const kept = pattern.startsWith('!');
    const bare = kept ? pattern.slice(1) : pattern;
    if (matches(bare, path)) {
      ignored = !kept;
    } else if (kept && isFolder && bare.startsWith(`${path}/`)) {
      // A folder that something kept lies in.
      ignored = false;
    }
  }

  return ignored;
}
