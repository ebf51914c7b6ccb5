using System.Globalization;
using System.Text;

namespace AIHigress.Gateway.Hosting.Settings;

/// <summary>docs/configuration.md, made from the catalogue.</summary>
internal static class SettingsReference
{
    private const string Introduction = """
        # Configuration

        Every setting has a flat name. It is read, the last wins, from: settings stored by the console, the `settings:`
        section of `gateway.yaml` (lower case), a `.env` file in the working directory, the environment, the command line
        (`DATA_DIR` is `--data-dir`). A value that breaks its rule stops the start with its name, the value and the rule.

        Booleans are `true`, `false`, `1`, `0`, `yes` or `no`. A *secret* may also be given as `NAME_FILE`, the path of a file
        that holds it. *Live* settings act without a restart when `gateway.yaml` changes.

        Where to listen: `--urls` (addresses separated by `;`), or `PORT` on 127.0.0.1.

        <!-- Made by `aihigress settings-reference`; edit the options classes instead. -->

        """;

    public static string Markdown()
    {
        var text = new StringBuilder(Introduction.ReplaceLineEndings("\n"));
        foreach (var section in SettingCatalogue.All.GroupBy(d => d.Section))
        {
            text.Append($"\n## {section.Key}\n\n| setting | default | rule | what it does |\n|---|---|---|---|\n");
            foreach (var definition in section)
            {
                text.Append(Row(definition));
            }
        }

        return text.ToString();
    }

    private static string Row(SettingDefinition definition)
    {
        var setting = definition.Setting;
        var marks = new List<string>();
        if (setting.OtherName is { } other)
        {
            marks.Add($"Also `{other}`.");
        }

        if (setting.Live)
        {
            marks.Add("*Live.*");
        }

        if (setting.Secret)
        {
            marks.Add("*Secret.*");
        }

        var notes = marks.Count == 0 ? "" : " " + string.Join(' ', marks);
        return $"| `{definition.Name}` | {Default(definition)} | {definition.Rule} | {Escape(setting.Description)}{notes} |\n";
    }

    private static string Default(SettingDefinition definition) =>
        definition.Setting.DefaultText ?? definition.Default switch
        {
            null => "unset",
            "" => "empty",
            bool flag => flag ? "`true`" : "`false`",
            var value => $"`{Convert.ToString(value, CultureInfo.InvariantCulture)}`",
        };

    private static string Escape(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
