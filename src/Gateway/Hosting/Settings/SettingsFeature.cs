using System.Reflection;

namespace AIHigress.Gateway.Hosting.Settings;

/// <summary>Configuration, and one options class per section of the catalogue.</summary>
internal static class SettingsFeature
{
    private static readonly MethodInfo Bind = typeof(SettingsFeature).GetMethod(nameof(AddSection), BindingFlags.NonPublic | BindingFlags.Static)!;

    public static IHostApplicationBuilder AddSettings(this IHostApplicationBuilder builder, StartSettings settings)
    {
        settings.AddTo(builder.Configuration);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(settings.Layers);
        builder.Services.AddSingleton(settings.DataFolder);
        foreach (var (section, options) in SettingCatalogue.Sections)
        {
            Bind.MakeGenericMethod(options).Invoke(null, [builder.Services, section]);
        }

        return builder;
    }

    /// <summary>The present values of one options class, for what must be known before the host is built.</summary>
    public static TOptions Read<TOptions>(this IConfiguration configuration, string section)
        where TOptions : class, new() => configuration.GetSection(section).Get<TOptions>() ?? new TOptions();

    private static void AddSection<TOptions>(IServiceCollection services, string section)
        where TOptions : class => services.AddOptions<TOptions>().BindConfiguration(section);
}
