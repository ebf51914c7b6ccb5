namespace AIHigress.Gateway.UnitTests.Wire.FieldWalk;

/// <summary>A request for every field of Gemini's requests.</summary>
internal static class GeminiSamples
{
    private const string User = """{"role":"user","parts":[{"text":"hi"}]}""";

    private const string Call = """{"role":"model","parts":[{"functionCall":{"id":"c1","name":"f","args":{}}}]}""";

    private const string Png = "iVBORw0KGgpNQVJL";

    public static IEnumerable<FieldSample> All =>
    [
        .. Conversation(), .. Parts(), .. Calls(), .. Media("contents[].parts[]", Part), .. ResultMedia(), .. Tools(), .. Config(), .. Hints(), .. Rest(),
    ];

    private static IEnumerable<FieldSample> Conversation() =>
    [
        new("systemInstruction.parts[].text", $$"""{"systemInstruction":{"parts":[{"text":"be-brief-7"}]},"contents":[{{User}}]}""", "be-brief-7"),
        new("systemInstruction.role", $$"""{"systemInstruction":{"role":"oracle-7","parts":[{"text":"x"}]},"contents":[{{User}}]}""", "oracle-7"),
        new("contents[].role", $$"""{"contents":[{{User}},{"role":"model","parts":[{"text":"x"}]},{{User}}]}""", "\"assistant\""),
        Part("contents[].parts[].text", """{"text":"mark-text"}""", "mark-text"),
        new("contents[].parts[].thought", $$"""{"contents":[{{User}},{"role":"model","parts":[{"text":"why-7","thought":true},{"text":"x"}]},{{User}}]}""", "\"thought\""),
        new("contents[].parts[].thoughtSignature", $$"""{"contents":[{{User}},{"role":"model","parts":[{"text":"x","thoughtSignature":"c2lnLTc="}]},{{User}}]}""", "c2lnLTc="),
    ];

    private static IEnumerable<FieldSample> Parts() =>
    [
        Part("contents[].parts[].executableCode", """{"executableCode":{"language":"PYTHON","code":"print(77)"}}""", "print(77)"),
        Part("contents[].parts[].codeExecutionResult", """{"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"out-7"}}""", "out-7"),
        Part("contents[].parts[].toolCall", """{"toolCall":{"id":"t7","toolType":"URL_CONTEXT","args":{"u":"arg-7"}}}""", "arg-7"),
        Part("contents[].parts[].toolResponse", """{"toolResponse":{"id":"t7","toolType":"URL_CONTEXT","response":{"r":"res-7"}}}""", "res-7"),
        Part("contents[].parts[].audioTranscription", """{"audioTranscription":{"text":"spoken-7"}}""", "spoken-7"),
        Part("contents[].parts[*]", """{"videoMetadata":{"endOffset":"78.5s"}}""", "78.5s"),
        Part("contents[].parts[].videoMetadata", """{"text":"x","videoMetadata":{"startOffset":"77.5s"}}""", "77.5s"),
        Part("contents[].parts[].mediaResolution", """{"text":"x","mediaResolution":{"level":"MEDIA_RESOLUTION_LOW"}}""", "MEDIA_RESOLUTION_LOW"),
        Part("contents[].parts[].mediaProcessing", """{"text":"x","mediaProcessing":{"m":"proc-7"}}""", "proc-7"),
        Part("contents[].parts[].speechMetadata", """{"text":"x","speechMetadata":{"speaker":"speaker-7"}}""", "speaker-7"),
        Part("contents[].parts[].partMetadata", """{"text":"x","partMetadata":{"k":"meta-7"}}""", "meta-7"),
    ];

    private static IEnumerable<FieldSample> Calls() =>
    [
        Turns("contents[].parts[].functionCall.id", """{"functionCall":{"id":"id_77","name":"f","args":{}}}""", """{"functionResponse":{"name":"f","response":{"result":"r"}}}""", "id_77"),
        Turns("contents[].parts[].functionCall.name", """{"functionCall":{"id":"c1","name":"fn_77","args":{}}}""", """{"functionResponse":{"id":"c1","name":"other","response":{"result":"r"}}}""", "fn_77"),
        Turns("contents[].parts[].functionCall.args", """{"functionCall":{"id":"c1","name":"f","args":{"k":"arg-77"}}}""", """{"functionResponse":{"id":"c1","name":"f","response":{"result":"r"}}}""", "arg-77"),
        Turns("contents[].parts[].functionCall.partialArgs", """{"functionCall":{"id":"c1","name":"f","partialArgs":[{"jsonPath":"$.a","stringValue":"piece-7"}]}}""", """{"functionResponse":{"id":"c1","name":"f","response":{"result":"r"}}}""", "piece-7"),
        Turns("contents[].parts[].functionCall.willContinue", """{"functionCall":{"id":"c1","name":"f","args":{},"willContinue":true}}""", """{"functionResponse":{"id":"c1","name":"f","response":{"result":"r"}}}""", "willContinue"),

        // Removing the id leaves the call to be found by its name, and removing the name makes the request invalid: no marker tells them apart.
        Turns("contents[].parts[].functionResponse.id", """{"functionCall":{"id":"c1","name":"f","args":{}}}""", """{"functionResponse":{"id":"c1","name":"f","response":{"result":"r"}}}""", ""),
        Turns("contents[].parts[].functionResponse.name", """{"functionCall":{"id":"c1","name":"f","args":{}}}""", """{"functionResponse":{"name":"f","response":{"result":"r"}}}""", "c1"),
        Turns("contents[].parts[].functionResponse.response", """{"functionCall":{"id":"c1","name":"f","args":{}}}""", """{"functionResponse":{"id":"c1","name":"f","response":{"result":"r-77"}}}""", "r-77"),
        Turns("contents[].parts[].functionResponse.willContinue", """{"functionCall":{"id":"c1","name":"f","args":{}}}""", """{"functionResponse":{"id":"c1","name":"f","response":{},"willContinue":true}}""", "willContinue"),
        Turns("contents[].parts[].functionResponse.scheduling", """{"functionCall":{"id":"c1","name":"f","args":{}}}""", """{"functionResponse":{"id":"c1","name":"f","response":{"result":"r"},"scheduling":"WHEN_IDLE"}}""", "WHEN_IDLE"),
    ];

    private static IEnumerable<FieldSample> Media(string place, Func<string, string, string, FieldSample> sample) =>
    [
        sample($"{place}.inlineData[image]", $$"""{"inlineData":{"mimeType":"image/png","data":"{{Png}}"} }""", Png),
        sample($"{place}.inlineData[audio]", """{"inlineData":{"mimeType":"audio/wav","data":"UklGRjEAMARK"}}""", "UklGRjEAMARK"),
        sample($"{place}.inlineData[video]", """{"inlineData":{"mimeType":"video/mp4","data":"AAAAMARK"}}""", "AAAAMARK"),
        sample($"{place}.inlineData[pdf]", """{"inlineData":{"mimeType":"application/pdf","data":"JVBERi0xMARK"}}""", "JVBERi0xMARK"),
        sample($"{place}.inlineData[text]", """{"inlineData":{"mimeType":"text/plain","data":"TUFSSy03Nw=="}}""", "TUFSSy03Nw==") with { Chat = "MARK-77", Messages = "MARK-77" },
        sample($"{place}.inlineData[*]", """{"inlineData":{"mimeType":"application/msword","data":"0M8R4KGxMARK"}}""", "0M8R4KGxMARK"),
        sample($"{place}.fileData[image]", """{"fileData":{"mimeType":"image/png","fileUri":"https://h.example/mark.png"}}""", "https://h.example/mark.png"),
        sample($"{place}.fileData[audio]", """{"fileData":{"mimeType":"audio/wav","fileUri":"https://h.example/mark.wav"}}""", "https://h.example/mark.wav"),
        sample($"{place}.fileData[video]", """{"fileData":{"mimeType":"video/mp4","fileUri":"https://h.example/mark.mp4"}}""", "https://h.example/mark.mp4"),
        sample($"{place}.fileData[pdf]", """{"fileData":{"mimeType":"application/pdf","fileUri":"https://h.example/mark.pdf"}}""", "https://h.example/mark.pdf"),
        sample($"{place}.fileData[text]", """{"fileData":{"mimeType":"text/plain","fileUri":"https://h.example/mark.txt"}}""", "https://h.example/mark.txt"),
        sample($"{place}.fileData[*]", """{"fileData":{"fileUri":"https://h.example/mark"}}""", "https://h.example/mark"),
        sample($"{place}.fileData[stored]", """{"fileData":{"mimeType":"image/png","fileUri":"gs://bucket/mark.png"}}""", "gs://bucket/mark.png"),
    ];

    private static IEnumerable<FieldSample> ResultMedia() =>
    [
        Result("inlineData[image]", $$"""{"inlineData":{"mimeType":"image/png","data":"{{Png}}"} }""", Png),
        Result("inlineData[pdf]", """{"inlineData":{"mimeType":"application/pdf","data":"JVBERi0xMARK"}}""", "JVBERi0xMARK"),
        Result("inlineData[*]", """{"inlineData":{"mimeType":"audio/wav","data":"UklGRjEAMARK"}}""", "UklGRjEAMARK"),
        Result("fileData[image]", """{"fileData":{"mimeType":"image/png","fileUri":"https://h.example/mark.png"}}""", "https://h.example/mark.png"),
        Result("fileData[pdf]", """{"fileData":{"mimeType":"application/pdf","fileUri":"https://h.example/mark.pdf"}}""", "https://h.example/mark.pdf"),
        Result("fileData[*]", """{"fileData":{"mimeType":"audio/wav","fileUri":"https://h.example/mark.wav"}}""", "https://h.example/mark.wav"),
        Result("mediaProcessing", $$"""{"inlineData":{"mimeType":"image/png","data":"{{Png}}"},"mediaProcessing":{"m":"proc-7"} }""", "proc-7"),
    ];

    private static IEnumerable<FieldSample> Tools()
    {
        const string place = "tools[].functionDeclarations[]";
        yield return Tool($"{place}.name", """{"functionDeclarations":[{"name":"tool_77"}]}""", "tool_77");
        yield return Tool($"{place}.description", """{"functionDeclarations":[{"name":"f","description":"does-77"}]}""", "does-77");
        yield return Tool($"{place}.parameters", """{"functionDeclarations":[{"name":"f","parameters":{"type":"OBJECT","properties":{"prop_77":{"type":"STRING"}}}}]}""", "\"prop_77\":{\"type\":\"string\"}");
        yield return Tool($"{place}.parametersJsonSchema", """{"functionDeclarations":[{"name":"f","parametersJsonSchema":{"type":"object","properties":{"prop_77":{"type":"string"}}}}]}""", "prop_77");
        yield return Tool($"{place}.response", """{"functionDeclarations":[{"name":"f","response":{"type":"STRING","title":"resp-77"}}]}""", "resp-77");
        yield return Tool($"{place}.responseJsonSchema", """{"functionDeclarations":[{"name":"f","responseJsonSchema":{"title":"resp-77"}}]}""", "resp-77");
        yield return Tool($"{place}.behavior", """{"functionDeclarations":[{"name":"f","behavior":"NON_BLOCKING"}]}""", "NON_BLOCKING");
        foreach (var hosted in (string[])["googleSearch", "googleSearchRetrieval", "codeExecution", "urlContext", "googleMaps", "enterpriseWebSearch", "computerUse", "fileSearch", "retrieval", "mcpServers", "exaAiSearch", "parallelAiSearch"])
        {
            yield return Tool($"tools[].{hosted}", $$"""{"{{hosted}}":{"x":"{{hosted}}-77"} }""", $"{hosted}-77");
        }

        const string config = "toolConfig.functionCallingConfig";
        yield return Choice($"{config}.mode", """{"mode":"ANY"}""", "\"required\"") with { Messages = "\"any\"" };
        yield return Choice($"{config}.allowedFunctionNames", """{"mode":"ANY","allowedFunctionNames":["f"]}""", "\"tool_choice\":{\"type\":\"function\"") with { Messages = "\"tool_choice\":{\"type\":\"tool\"" };
        yield return Choice($"{config}.allowedFunctionNames[]", """{"mode":"ANY","allowedFunctionNames":["f","g"]}""", "allowed_tools");
        yield return Choice($"{config}.streamFunctionCallArguments", """{"mode":"AUTO","streamFunctionCallArguments":true}""", "streamFunctionCallArguments");
        yield return Root("toolConfig.retrievalConfig", """{"retrievalConfig":{"languageCode":"lang-77"}}""", "lang-77", "toolConfig");
        yield return Root("toolConfig.includeServerSideToolInvocations", """{"includeServerSideToolInvocations":true}""", "includeServerSideToolInvocations", "toolConfig");
    }

    private static IEnumerable<FieldSample> Config()
    {
        yield return Generation("maxOutputTokens", "777", "777");
        yield return Generation("temperature", "0.625", "0.625");
        yield return Generation("topP", "0.375", "0.375");
        yield return Generation("topK", "77", "\"top_k\":77");
        yield return Generation("seed", "7777", "7777");
        yield return Generation("presencePenalty", "0.125", "0.125");
        yield return Generation("frequencyPenalty", "0.875", "0.875");
        yield return Generation("stopSequences", """["stop-77"]""", "stop-77");
        yield return Generation("candidateCount", "3", "\"n\":3");
        yield return Root("generationConfig.thinkingConfig.thinkingBudget", """{"thinkingConfig":{"thinkingBudget":16384}}""", "\"high\"", "generationConfig") with { Messages = "16384" };
        yield return Root("generationConfig.thinkingConfig.thinkingLevel", """{"thinkingConfig":{"thinkingLevel":"HIGH"}}""", "\"high\"", "generationConfig") with { Messages = "16384" };
        yield return Root("generationConfig.thinkingConfig.includeThoughts", """{"thinkingConfig":{"thinkingBudget":16384,"includeThoughts":true}}""", "\"summary\"", "generationConfig") with { Chat = "include", Messages = "\"display\"" };

        // Beside a schema the type says nothing more; and what has a condition for a path can't be taken out by it.
        yield return Root("generationConfig.responseMimeType", """{"responseMimeType":"application/json","responseJsonSchema":{"type":"object","title":"schema-77"}}""", "", "generationConfig");
        yield return Generation("responseMimeType[json]", "\"application/json\"", "", "responseMimeType");
        yield return Generation("responseMimeType[*]", "\"text/x.enum\"", "x.enum", "responseMimeType");
        yield return Generation("responseSchema", """{"type":"OBJECT","title":"schema-77"}""", "schema-77");
        yield return Generation("responseJsonSchema", """{"type":"object","title":"schema-77"}""", "schema-77");
        yield return Generation("_responseJsonSchema", """{"type":"object","title":"schema-77"}""", "schema-77");
        yield return Generation("responseFormat", """[{"text":{"mimeType":"format-77"}}]""", "format-77");
        yield return Generation("responseModalities", """["IMAGE"]""", "IMAGE");
        yield return Generation("translationConfig", """{"targetLanguageCode":"lang-77"}""", "lang-77");
    }

    private static IEnumerable<FieldSample> Hints()
    {
        yield return Generation("responseLogprobs", "true", "ogprobs");
        yield return Generation("logprobs", "17", "17");
        foreach (var name in (string[])["speechConfig", "imageConfig", "audioTranscriptionConfig", "routingConfig", "modelConfig", "modelSelectionConfig"])
        {
            yield return Generation(name, $$"""{"x":"{{name}}-77"}""", $"{name}-77");
        }

        yield return Generation("mediaResolution", "\"MEDIA_RESOLUTION_LOW\"", "MEDIA_RESOLUTION_LOW");
        yield return Generation("audioTimestamp", "true", "audioTimestamp");
        yield return Generation("enableAffectiveDialog", "true", "enableAffectiveDialog");
        yield return Generation("enableEnhancedCivicAnswers", "true", "enableEnhancedCivicAnswers");
    }

    private static IEnumerable<FieldSample> Rest()
    {
        // The address names the model: what stands in the body tells nothing.
        yield return Root("model", "\"models/gemini-77\"", "");
        yield return Root("cachedContent", "\"cachedContents/77\"", "cachedContents/77");
        yield return Root("safetySettings", """[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"BLOCK_NONE"}]""", "BLOCK_NONE");
        yield return Root("labels", """{"team":"label-77"}""", "label-77");
        yield return Root("serviceTier", "\"flex\"", "\"flex\"");
        yield return Root("store", "true", "\"store\":true");
        yield return Root("modelArmorConfig", """{"promptTemplateName":"armor-77"}""", "armor-77");
    }

    private static FieldSample Part(string path, string part, string marker) =>
        new(path, $$"""{"contents":[{"role":"user","parts":[{"text":"x"},{{part}}]}]}""", marker);

    private static FieldSample Turns(string path, string call, string response, string marker) =>
        new(path, $$"""{"contents":[{{User}},{"role":"model","parts":[{{call}}]},{"role":"user","parts":[{{response}}]}]}""", marker);

    private static FieldSample Result(string member, string part, string marker) => new(
        $"contents[].parts[].functionResponse.parts[].{member}",
        $$$"""{"contents":[{{{User}}},{{{Call}}},{"role":"user","parts":[{"functionResponse":{"id":"c1","name":"f","response":{"result":"r"},"parts":[{{{part}}}]}}]}]}""",
        marker);

    private static FieldSample Tool(string path, string tool, string marker) => new(path, $$"""{"contents":[{{User}}],"tools":[{{tool}}]}""", marker);

    private static FieldSample Choice(string path, string config, string marker) => new(
        path,
        $$"""{"contents":[{{User}}],"tools":[{"functionDeclarations":[{"name":"f"},{"name":"g"}]}],"toolConfig":{"functionCallingConfig":{{config}} } }""",
        marker);

    private static FieldSample Generation(string name, string value, string marker, string? member = null) =>
        new($"generationConfig.{name}", $$"""{"contents":[{{User}}],"generationConfig":{"{{member ?? name}}":{{value}} } }""", marker);

    private static FieldSample Root(string path, string value, string marker, string? member = null) =>
        new(path, $$"""{"contents":[{{User}}],"{{member ?? path}}":{{value}} }""", marker);
}
