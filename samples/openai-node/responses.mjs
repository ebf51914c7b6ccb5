import OpenAI from 'openai';

const { GATEWAY_URL, GATEWAY_KEY, MODEL } = process.env;
const RED_SQUARE = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP4z8CAFWEXHbQSACj/P8Fu7N9hAAAAAElFTkSuQmCC';
const client = new OpenAI({ baseURL: `${GATEWAY_URL}/v1`, apiKey: GATEWAY_KEY, maxRetries: 0 });

const answer = await client.responses.create({ model: MODEL, instructions: 'Be brief.', input: 'Hello', store: false });
console.log(`Answer: ${answer.output_text}`);
console.log(`Tokens: ${answer.usage.total_tokens}`);

process.stdout.write('Stream: ');
const stream = await client.responses.create({ model: MODEL, input: 'Hello', store: false, stream: true });
for await (const event of stream) {
  if (event.type === 'response.output_text.delta') {
    process.stdout.write(event.delta);
  } else if (event.type === 'response.completed') {
    console.log(`\nStreamed tokens: ${event.response.usage.output_tokens}`);
  }
}

const tools = [{
  type: 'function',
  name: 'get_weather',
  description: 'The present weather of a city.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false },
  strict: true,
}];
const input = [{ role: 'user', content: 'How is the weather in Oslo? Ask the tool.' }];
for (let turn = 0; turn < 5; turn++) {
  const reply = await client.responses.stream({ model: MODEL, input, tools, store: false }).finalResponse();
  const calls = reply.output.filter((item) => item.type === 'function_call');
  if (calls.length === 0) {
    console.log(`After tools: ${reply.output_text}`);
    break;
  }

  for (const item of reply.output) {
    // What the SDK adds for its own use is no part of an item.
    const { parsed_arguments: _, ...own } = item;
    input.push(own);
  }

  for (const call of calls) {
    const { city } = JSON.parse(call.arguments);
    console.log(`Tool: ${call.name} ${JSON.stringify({ city })}`);
    input.push({ type: 'function_call_output', call_id: call.call_id, output: `${city}: 7 degrees, rain` });
  }
}

const picture = await client.responses.create({
  model: MODEL,
  store: false,
  input: [{
    role: 'user',
    content: [
      { type: 'input_image', image_url: RED_SQUARE, detail: 'auto' },
      { type: 'input_text', text: 'Which colour is this?' },
    ],
  }],
});
console.log(`Image: ${picture.output_text}`);

const structured = await client.responses.parse({
  model: MODEL,
  store: false,
  input: 'Oslo has 7 degrees. Say it as JSON.',
  text: {
    format: {
      type: 'json_schema',
      name: 'weather',
      strict: true,
      schema: {
        type: 'object',
        properties: { city: { type: 'string' }, degrees: { type: 'number' } },
        required: ['city', 'degrees'],
        additionalProperties: false,
      },
    },
  },
});
console.log(`Structured: ${structured.output_parsed.city} ${structured.output_parsed.degrees}`);

try {
  await client.responses.create({ model: 'no-such-model', input: 'Hello' });
} catch (error) {
  console.log(`Refused: ${error.constructor.name} ${error.status} ${error.code}`);
}
