using System.CommandLine;
using AIHigress.Gateway.Data;
using AIHigress.Gateway.Data.Secrets;

namespace AIHigress.Gateway.Hosting.Commands;

/// <summary><c>aihigress secret generate</c>: a value for SECRET_KEY; stores nothing.</summary>
internal static class SecretCommand
{
    public static Command Create()
    {
        var generate = new Command("generate", "Print a new random value for SECRET_KEY; nothing is stored.");
        generate.SetAction(_ => Console.Out.WriteLine(SecretKey.Generate()));
        return new Command("secret", "The key that wraps stored secrets.") { generate };
    }
}
