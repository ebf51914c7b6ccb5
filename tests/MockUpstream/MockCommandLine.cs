namespace AIHigress.MockUpstream;

/// <summary>The options of the executable.</summary>
internal sealed record MockCommandLine(MockUpstreamOptions Options, bool StopsWithInput)
{
    public const string Usage =
        "usage: AIHigress.MockUpstream [--urls URL] [--api-key KEY ...] [--name NAME] [--models a,b,c] [--page-size N] [--strict-models] [--no-journal] [--stop-with-input]";

    /// <exception cref="FormatException">An option is unknown or lacks its value.</exception>
    public static MockCommandLine Parse(IReadOnlyList<string> args)
    {
        var options = new MockUpstreamOptions();
        var keys = new List<string>();
        var stopsWithInput = false;
        for (var i = 0; i < args.Count; i++)
        {
            var option = args[i];
            string Value() => ++i < args.Count ? args[i] : throw new FormatException($"{option} needs a value");
            switch (option)
            {
                case "--urls":
                    options = options with { Url = Value() };
                    break;
                case "--api-key":
                    keys.Add(Value());
                    break;
                case "--name":
                    options = options with { Name = Value() };
                    break;
                case "--models":
                    options = options with { Models = Value().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) };
                    break;
                case "--page-size":
                    options = options with { PageSize = int.Parse(Value(), System.Globalization.CultureInfo.InvariantCulture) };
                    break;
                case "--strict-models":
                    options = options with { StrictModels = true };
                    break;
                case "--no-journal":
                    options = options with { Journal = false };
                    break;
                case "--stop-with-input":
                    stopsWithInput = true;
                    break;
                default:
                    throw new FormatException($"{option} is not an option");
            }
        }

        return new MockCommandLine(options with { ApiKeys = keys }, stopsWithInput);
    }
}
