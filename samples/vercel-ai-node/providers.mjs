import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogle } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { APICallError, Output, generateText, stepCountIs, streamText, tool } from 'ai';
import { z } from 'zod';

const { GATEWAY_URL, GATEWAY_KEY, MODEL } = process.env;
const RED_SQUARE = 'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP4z8CAFWEXHbQSACj/P8Fu7N9hAAAAAElFTkSuQmCC';

// One gateway, four protocols: the same model answers in each. Every one of these SDK parts wants its version in the address.
const openai = createOpenAI({ baseURL: `${GATEWAY_URL}/v1`, apiKey: GATEWAY_KEY });
const anthropic = createAnthropic({ baseURL: `${GATEWAY_URL}/v1`, apiKey: GATEWAY_KEY });
const google = createGoogle({ baseURL: `${GATEWAY_URL}/v1beta`, apiKey: GATEWAY_KEY });
const protocols = {
  chat: (id) => openai.chat(id),
  responses: (id) => openai.responses(id),
  anthropic: (id) => anthropic(id),
  google: (id) => google(id),
};

const weather = tool({
  description: 'The present weather of a city.',
  inputSchema: z.object({ city: z.string() }),
  execute: ({ city }) => {
    console.log(`Tool: get_weather ${JSON.stringify({ city })}`);
    return `${city}: 7 degrees, rain`;
  },
});

for (const [name, protocol] of Object.entries(protocols)) {
  console.log(`== ${name}`);
  const model = protocol(MODEL);
  const ask = (options) => generateText({ model, maxRetries: 0, maxOutputTokens: 1000, ...options });

  const answer = await ask({ instructions: 'Be brief.', prompt: 'Hello' });
  console.log(`Answer: ${answer.text}`);
  console.log(`Tokens: ${answer.usage.totalTokens}`);

  process.stdout.write('Stream: ');
  const stream = streamText({ model, maxRetries: 0, maxOutputTokens: 1000, prompt: 'Hello', onError: ({ error }) => { throw error; } });
  for await (const delta of stream.textStream) {
    process.stdout.write(delta);
  }
  console.log(`\nStreamed tokens: ${(await stream.usage).outputTokens}`);

  const loop = streamText({
    model,
    maxRetries: 0,
    maxOutputTokens: 1000,
    tools: { get_weather: weather },
    stopWhen: stepCountIs(5),
    prompt: 'How is the weather in Oslo? Ask the tool.',
    onError: ({ error }) => { throw error; },
  });
  console.log(`After tools: ${await loop.text}`);

  const picture = await ask({
    messages: [{
      role: 'user',
      content: [
        { type: 'file', mediaType: 'image/png', data: Buffer.from(RED_SQUARE, 'base64') },
        { type: 'text', text: 'Which colour is this?' },
      ],
    }],
  });
  console.log(`Image: ${picture.text}`);

  const structured = await ask({
    prompt: 'Oslo has 7 degrees. Say it as JSON.',
    output: Output.object({ schema: z.object({ city: z.string(), degrees: z.number() }) }),
  });
  console.log(`Structured: ${structured.output.city} ${structured.output.degrees}`);

  try {
    await generateText({ model: protocol('no-such-model'), maxRetries: 0, maxOutputTokens: 1000, prompt: 'Hello' });
  } catch (error) {
    console.log(`Refused: ${APICallError.isInstance(error) ? error.statusCode : error.name} ${error.message}`);
  }
}
