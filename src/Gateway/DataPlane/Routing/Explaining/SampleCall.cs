using System.Text.Json.Nodes;
using AIHigress.Gateway.DataPlane.Ingress;
using AIHigress.Gateway.Features.Models;
using AIHigress.Wire;
using AIHigress.Wire.OpenAI;

namespace AIHigress.Gateway.DataPlane.Routing.Explaining;

/// <summary>A small request that needs what a question says, so that the planner's filters see the same as with a real one.</summary>
internal static class SampleCall
{
    public static InboundCall Of(RouteQuestion question, RequestChoices choices)
    {
        var (endpoint, members) = question.Protocol switch
        {
            WireProtocol.Responses => (ClientEndpoint.Responses, Responses(question.Needs)),
            WireProtocol.Messages => (ClientEndpoint.Messages, Messages(question.Needs)),
            WireProtocol.Gemini => (ClientEndpoint.Gemini, Gemini(question.Needs)),
            _ => (ClientEndpoint.Chat, Chat(question.Needs)),
        };
        var model = JsonValue.Create(question.Model).ToJsonString();
        var body = System.Text.Encoding.UTF8.GetBytes($"{{\"model\":{model},{string.Join(',', members.Where(m => m.Length > 0))}}}");
        var isChat = question.Protocol == WireProtocol.Chat;
        return new InboundCall(endpoint, PooledBody.Own(body), question.Model, question.Stream, choices)
        {
            ChatHead = isChat ? ChatRequestScanner.Scan(body) : null,
            Head = isChat ? null : BodyHeadScanner.Scan(body, needsModel: false),
        };
    }

    private static string[] Chat(RequestNeeds needs) =>
    [
        Turn("messages", "content", needs, """{"type":"text","text":"?"}""", """{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}""",
            """{"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}}"""),
        If(needs, RequestNeeds.Tools, """
            "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}]
            """),
        If(needs, RequestNeeds.JsonSchema, """
            "response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{"type":"object"}}}
            """),
        If(needs, RequestNeeds.Reasoning, """
            "reasoning_effort":"medium"
            """),
    ];

    private static string[] Responses(RequestNeeds needs) =>
    [
        Turn("input", "content", needs, """{"type":"input_text","text":"?"}""", """{"type":"input_image","image_url":"data:image/png;base64,AA=="}""",
            """{"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}}"""),
        If(needs, RequestNeeds.Tools, """
            "tools":[{"type":"function","name":"f","parameters":{"type":"object"}}]
            """),
        If(needs, RequestNeeds.JsonSchema, """
            "text":{"format":{"type":"json_schema","name":"s","schema":{"type":"object"}}}
            """),
        If(needs, RequestNeeds.Reasoning, """
            "reasoning":{"effort":"medium"}
            """),
    ];

    // Messages know no sound.
    private static string[] Messages(RequestNeeds needs) =>
    [
        "\"max_tokens\":4096",
        Turn("messages", "content", needs, """{"type":"text","text":"?"}""",
            """{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA=="}}""", null),
        If(needs, RequestNeeds.Tools, """
            "tools":[{"name":"f","input_schema":{"type":"object"}}]
            """),
        If(needs, RequestNeeds.JsonSchema, """
            "output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}}
            """),
        If(needs, RequestNeeds.Reasoning, """
            "thinking":{"type":"enabled","budget_tokens":1024}
            """),
    ];

    private static string[] Gemini(RequestNeeds needs) =>
    [
        Turn("contents", "parts", needs, """{"text":"?"}""", """{"inlineData":{"mimeType":"image/png","data":"AA=="}}""",
            """{"inlineData":{"mimeType":"audio/wav","data":"AA=="}}"""),
        If(needs, RequestNeeds.Tools, """
            "tools":[{"functionDeclarations":[{"name":"f","parametersJsonSchema":{"type":"object"}}]}]
            """),
        Config(needs),
    ];

    private static string Config(RequestNeeds needs)
    {
        string[] members =
        [
            If(needs, RequestNeeds.JsonSchema, """
                "responseMimeType":"application/json","responseJsonSchema":{"type":"object"}
                """),
            If(needs, RequestNeeds.Reasoning, """
                "thinkingConfig":{"thinkingBudget":1024}
                """),
        ];
        return members.All(m => m.Length == 0) ? "" : $"\"generationConfig\":{{{string.Join(',', members.Where(m => m.Length > 0))}}}";
    }

    private static string Turn(string turns, string parts, RequestNeeds needs, string text, string image, string? sound)
    {
        var all = text + If(needs, RequestNeeds.Vision, "," + image) + (sound is null ? "" : If(needs, RequestNeeds.Audio, "," + sound));
        return $$"""
            "{{turns}}":[{"role":"user","{{parts}}":[{{all}}]}]
            """;
    }

    private static string If(RequestNeeds needs, RequestNeeds need, string text) => (needs & need) != RequestNeeds.None ? text : "";
}
