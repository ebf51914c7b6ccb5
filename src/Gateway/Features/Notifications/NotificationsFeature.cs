namespace AIHigress.Gateway.Features.Notifications;

/// <summary>What users are told, in the inbox and by e-mail.</summary>
internal static class NotificationsFeature
{
    public static IHostApplicationBuilder AddNotifications(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Notices>();
        builder.Services.AddSingleton<MailOutbox>();
        return builder;
    }
}
