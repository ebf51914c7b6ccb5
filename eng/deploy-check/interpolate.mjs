// Fills the variables of a compose file in, as compose would from a filled-in .env: required ones and empty defaults
// get a sample value, others their default. The linter and the schema then see what an engine would be given.
// usage: node interpolate.mjs FILE  → the filled-in file on standard output
import { readFileSync } from 'node:fs';

const samples = {
  AIHIGRESS_IMAGE: 'aihigress:0.1.0',
  API_BASE_URL: 'https://ai.example.com',
  RUNTIME_IMAGE: 'dotnet/aspnet:10.0',
  SDK_IMAGE: 'dotnet/sdk:10.0',
};

const text = readFileSync(process.argv[2], 'utf8');
const filled = text.replace(/\$\$|\$\{([A-Z][A-Z0-9_]*)(?:(:?[-?])([^}]*))?\}/g, (all, name, operator, rest) => {
  if (all === '$$') {
    return '$';
  }

  return operator?.endsWith('-') ? rest : (samples[name] ?? `sample-of-${name.toLowerCase()}`);
});
const left = filled.match(/\$\{?\w*/);
if (left) {
  console.error(`${process.argv[2]}: '${left[0]}' is not a variable in a form that this check knows`);
  process.exit(1);
}

process.stdout.write(filled);
