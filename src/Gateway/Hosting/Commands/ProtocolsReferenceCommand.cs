using System.CommandLine;
using AIHigress.Gateway.DataPlane.Conversion;

namespace AIHigress.Gateway.Hosting.Commands;

/// <summary><c>aihigress protocols-reference</c>: writes docs/protocols.md from the field tables.</summary>
internal static class ProtocolsReferenceCommand
{
    public static Command Create()
    {
        var command = new Command("protocols-reference", "Print what each request field becomes over each protocol as Markdown.") { Hidden = true };
        command.SetAction(_ => Console.Out.Write(ProtocolsReference.Markdown()));
        return command;
    }
}
