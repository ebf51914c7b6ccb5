import OpenAI from 'openai';

const { GATEWAY_URL, GATEWAY_KEY, MODEL } = process.env;
const client = new OpenAI({ baseURL: `${GATEWAY_URL}/v1`, apiKey: GATEWAY_KEY });

console.log('Models:');
for await (const model of client.models.list()) {
  console.log(`  ${model.id}`);
}

const messages = [{ role: 'user', content: 'Hello' }];
const answer = await client.chat.completions.create({ model: MODEL, messages });
console.log(`Answer: ${answer.choices[0].message.content}`);

process.stdout.write('Stream: ');
const stream = await client.chat.completions.create({ model: MODEL, messages, stream: true, stream_options: { include_usage: true } });
for await (const chunk of stream) {
  process.stdout.write(chunk.choices[0]?.delta.content ?? '');
  if (chunk.usage) {
    console.log(`\nTokens: ${chunk.usage.total_tokens}`);
  }
}

try {
  await client.chat.completions.create({ model: 'no-such-model', messages });
} catch (error) {
  console.log(`Refused: ${error.constructor.name} ${error.status} ${error.code}`);
}
