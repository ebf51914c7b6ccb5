import Anthropic from '@anthropic-ai/sdk';
import { jsonSchemaOutputFormat } from '@anthropic-ai/sdk/helpers/json-schema';

const { GATEWAY_URL, GATEWAY_KEY, MODEL } = process.env;
const RED_SQUARE = 'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP4z8CAFWEXHbQSACj/P8Fu7N9hAAAAAElFTkSuQmCC';

// The root of the gateway, without /v1: the SDK adds the rest.
const client = new Anthropic({ baseURL: GATEWAY_URL, authToken: GATEWAY_KEY, apiKey: null, maxRetries: 0 });
const hello = { model: MODEL, max_tokens: 1000, messages: [{ role: 'user', content: 'Hello' }] };
const text = (message) => message.content.filter((block) => block.type === 'text').map((block) => block.text).join('');

console.log('Models:');
for await (const model of client.models.list()) {
  console.log(`  ${model.id}`);
}

const answer = await client.messages.create({ ...hello, system: 'Be brief.' });
console.log(`Answer: ${text(answer)}`);
console.log(`Tokens: ${answer.usage.input_tokens} + ${answer.usage.output_tokens}`);

process.stdout.write('Stream: ');
const stream = client.messages.stream(hello).on('text', (delta) => process.stdout.write(delta));
console.log(`\nStreamed tokens: ${(await stream.finalMessage()).usage.output_tokens}`);

console.log(`Counted: ${(await client.messages.countTokens({ model: MODEL, messages: hello.messages })).input_tokens}`);

const tools = [{
  name: 'get_weather',
  description: 'The present weather of a city.',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
}];
const messages = [{ role: 'user', content: 'How is the weather in Oslo? Ask the tool.' }];
for (let turn = 0; turn < 5; turn++) {
  const reply = await client.messages.stream({ model: MODEL, max_tokens: 1000, tools, messages }).finalMessage();
  messages.push({ role: 'assistant', content: reply.content });
  if (reply.stop_reason !== 'tool_use') {
    console.log(`After tools: ${text(reply)}`);
    break;
  }

  const results = reply.content.filter((block) => block.type === 'tool_use').map((call) => {
    console.log(`Tool: ${call.name} ${JSON.stringify(call.input)}`);
    return { type: 'tool_result', tool_use_id: call.id, content: `${call.input.city}: 7 degrees, rain` };
  });
  messages.push({ role: 'user', content: results });
}

const picture = await client.messages.create({
  model: MODEL,
  max_tokens: 1000,
  messages: [{
    role: 'user',
    content: [
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: RED_SQUARE } },
      { type: 'text', text: 'Which colour is this?' },
    ],
  }],
});
console.log(`Image: ${text(picture)}`);

const format = jsonSchemaOutputFormat({
  type: 'object',
  properties: { city: { type: 'string' }, degrees: { type: 'number' } },
  required: ['city', 'degrees'],
  additionalProperties: false,
});
const structured = await client.messages.parse({
  model: MODEL,
  max_tokens: 1000,
  messages: [{ role: 'user', content: 'Oslo has 7 degrees. Say it as JSON.' }],
  output_config: { format },
});
console.log(`Structured: ${structured.parsed_output.city} ${structured.parsed_output.degrees}`);

try {
  await client.messages.create({ ...hello, model: 'no-such-model' });
} catch (error) {
  console.log(`Refused: ${error.constructor.name} ${error.status} ${error.error.error.type}`);
}
