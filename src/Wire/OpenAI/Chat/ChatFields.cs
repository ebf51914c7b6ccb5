using AIHigress.Wire.Translation.Losses;

namespace AIHigress.Wire.OpenAI.Chat;
internal static class ChatFields { public static readonly FieldTable Table = new(WireProtocol.Chat, []); }
