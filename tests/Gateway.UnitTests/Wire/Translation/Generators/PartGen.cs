using AIHigress.Wire;
using AIHigress.Wire.Translation;
using AIHigress.Wire.Translation.Requests;

namespace AIHigress.Gateway.UnitTests.Wire.Translation.Generators;

/// <summary>The parts of messages, each kind with all that it can hold.</summary>
internal static class PartGen
{
    /// <summary>Begins the names of custom tools, so that an answer alone tells which they are.</summary>
    public const string CustomPrefix = "free_";

    public static TextPart Text(Dice dice) => new(TextGen.Text(dice)) { Cache = Cache(dice) };

    public static CacheHint? Cache(Dice dice) => dice.Maybe(8, () => new CacheHint(dice.OneOf(null, "5m", "1h")));

    /// <summary>What a user can say: no tool results.</summary>
    public static Part OfUser(Dice dice) => dice.Below(10) switch
    {
        < 5 => Text(dice),
        5 or 6 => Image(dice),
        7 => new AudioPart(new MediaSource { MediaType = dice.OneOf("audio/wav", "audio/mp3"), Data = TextGen.Base64(dice) }),
        8 => Video(dice),
        _ => File(dice),
    };

    public static ImagePart Image(Dice dice) => new(dice.Below(3) switch
    {
        0 => new MediaSource { Url = dice.OneOf("https://example.org/a.png", "https://example.org/ä?q=%22&x=1#f") },
        1 => new MediaSource { FileId = TextGen.Id(dice, "file-") },
        _ => new MediaSource { MediaType = dice.OneOf("image/png", "image/jpeg", "image/webp"), Data = TextGen.Base64(dice) },
    })
    {
        Detail = dice.Maybe(30, () => dice.OneOf("auto", "low", "high")),
        Cache = Cache(dice),
    };

    public static FilePart File(Dice dice) => new(dice.Below(4) switch
    {
        0 => new MediaSource { Url = "https://example.org/a.pdf" },
        1 => new MediaSource { FileId = TextGen.Id(dice, "file-") },
        2 => new MediaSource { MediaType = "text/plain", Data = TextGen.Text(dice), IsText = true },
        _ => new MediaSource { MediaType = "application/pdf", Data = TextGen.Base64(dice) },
    })
    {
        FileName = dice.Maybe(50, () => TextGen.Plain(dice) + ".pdf"),
        Cache = Cache(dice),
    };

    public static ReasoningPart Reasoning(Dice dice) => dice.Below(4) switch
    {
        0 => new ReasoningPart("") { Seal = Seal(dice), IsRedacted = true },
        1 => new ReasoningPart("") { Seal = Seal(dice), Id = dice.Maybe(60, () => TextGen.Id(dice, "rs_")) },
        2 => new ReasoningPart(TextGen.Text(dice)),
        _ => new ReasoningPart(TextGen.Text(dice)) { Seal = Seal(dice), Id = dice.Maybe(60, () => TextGen.Id(dice, "rs_")) },
    };

    public static ToolCallPart Call(Dice dice, ToolDefinition tool) => tool is CustomTool
        ? new ToolCallPart(TextGen.Id(dice, "call_"), tool.Name, dice.Percent(10) ? "" : TextGen.Text(dice)) { IsCustom = true, Cache = Cache(dice) }
        : new ToolCallPart(TextGen.Id(dice, dice.OneOf("call_", "toolu_")), tool.Name, TextGen.JsonObject(dice)) { Seal = dice.Maybe(20, () => Seal(dice)), Cache = Cache(dice) };

    public static ToolResultPart Result(Dice dice, ToolCallPart call) => new(call.Id, ResultContent(dice))
    {
        Name = dice.Maybe(50, () => call.Name),
        IsError = dice.Percent(15),
        IsCustom = call.IsCustom,
        Cache = Cache(dice),
    };

    public static Seal Seal(Dice dice) => new(dice.OneOf(Enum.GetValues<WireProtocol>()), TextGen.Base64(dice)) { Provider = dice.OneOf(null, "p1", "p2") };

    private static VideoPart Video(Dice dice) => new(dice.Percent(50)
        ? new MediaSource { MediaType = "video/mp4", Data = TextGen.Base64(dice) }
        : new MediaSource { MediaType = "video/mp4", Url = "https://example.org/a.mp4" });

    private static List<Part> ResultContent(Dice dice) => dice.Below(6) switch
    {
        0 => [],
        1 => [new TextPart("")],
        2 => [Image(dice)],
        3 => [new TextPart(TextGen.Text(dice)), Image(dice), File(dice)],
        4 => [new TextPart(TextGen.Text(dice)), new TextPart(TextGen.Text(dice))],
        _ => [new TextPart(dice.Percent(30) ? TextGen.JsonObject(dice) : TextGen.Text(dice))],
    };
}
