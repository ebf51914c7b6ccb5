import { GoogleGenAI, Type } from '@google/genai';

const { GATEWAY_URL, GATEWAY_KEY, MODEL } = process.env;
const RED_SQUARE = 'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP4z8CAFWEXHbQSACj/P8Fu7N9hAAAAAElFTkSuQmCC';

// The root of the gateway: the SDK adds /v1/models/….
const client = new GoogleGenAI({ apiKey: GATEWAY_KEY, httpOptions: { baseUrl: GATEWAY_URL } });

console.log('Models:');
for await (const model of await client.models.list()) {
  console.log(`  ${model.name}`);
}

const answer = await client.models.generateContent({ model: MODEL, contents: 'Hello', config: { systemInstruction: 'Be brief.' } });
console.log(`Answer: ${answer.text}`);
console.log(`Tokens: ${answer.usageMetadata.totalTokenCount}`);

process.stdout.write('Stream: ');
let streamed = 0;
for await (const chunk of await client.models.generateContentStream({ model: MODEL, contents: 'Hello' })) {
  process.stdout.write(chunk.text ?? '');
  streamed = chunk.usageMetadata?.candidatesTokenCount ?? streamed;
}
console.log(`\nStreamed tokens: ${streamed}`);

console.log(`Counted: ${(await client.models.countTokens({ model: MODEL, contents: 'Hello' })).totalTokens}`);

const tools = [{
  functionDeclarations: [{
    name: 'get_weather',
    description: 'The present weather of a city.',
    parametersJsonSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  }],
}];
const chat = client.chats.create({ model: MODEL, config: { tools } });
let message = 'How is the weather in Oslo? Ask the tool.';
for (let turn = 0; turn < 5; turn++) {
  const calls = [];
  let said = '';
  for await (const chunk of await chat.sendMessageStream({ message })) {
    calls.push(...(chunk.functionCalls ?? []));
    said += chunk.functionCalls ? '' : chunk.text ?? '';
  }
  if (calls.length === 0) {
    console.log(`After tools: ${said}`);
    break;
  }

  message = calls.map((call) => {
    console.log(`Tool: ${call.name} ${JSON.stringify(call.args)}`);
    return { functionResponse: { id: call.id, name: call.name, response: { output: `${call.args.city}: 7 degrees, rain` } } };
  });
}

const picture = await client.models.generateContent({
  model: MODEL,
  contents: [{ inlineData: { mimeType: 'image/png', data: RED_SQUARE } }, { text: 'Which colour is this?' }],
});
console.log(`Image: ${picture.text}`);

const structured = await client.models.generateContent({
  model: MODEL,
  contents: 'Oslo has 7 degrees. Say it as JSON.',
  config: {
    responseMimeType: 'application/json',
    responseSchema: {
      type: Type.OBJECT,
      properties: { city: { type: Type.STRING }, degrees: { type: Type.NUMBER } },
      required: ['city', 'degrees'],
    },
  },
});
const { city, degrees } = JSON.parse(structured.text);
console.log(`Structured: ${city} ${degrees}`);

try {
  await client.models.generateContent({ model: 'no-such-model', contents: 'Hello' });
} catch (error) {
  console.log(`Refused: ${error.name} ${error.status} ${JSON.parse(error.message).error.status}`);
}
