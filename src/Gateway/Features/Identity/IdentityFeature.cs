using AIHigress.Gateway.Data.Paging;
using AIHigress.Gateway.Features.Identity.Access;
using AIHigress.Gateway.Features.Identity.ApiKeys;
using AIHigress.Gateway.Features.Identity.Budgets;
using AIHigress.Gateway.Features.Identity.Me;
using AIHigress.Gateway.Features.Identity.Passwords;
using AIHigress.Gateway.Features.Identity.Roles;
using AIHigress.Gateway.Features.Identity.Sessions;
using AIHigress.Gateway.Features.Identity.Setup;
using AIHigress.Gateway.Features.Identity.Tokens;
using AIHigress.Gateway.Hosting.Snapshots;
using Microsoft.AspNetCore.Identity;

namespace AIHigress.Gateway.Features.Identity;

/// <summary>Users, sign-in, sessions, API keys.</summary>
internal static class IdentityFeature
{
    // OWASP's work factor for PBKDF2-HMAC-SHA512; the framework's default is less than half of it.
    private const int PasswordHashIterations = 210_000;

    public static IHostApplicationBuilder AddIdentity(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<ApiKeySnapshots>();
        services.AddSingleton<IdentityStates>();
        services.AddSingleton<ISnapshotSource, IdentitySnapshot>();
        services.AddSingleton<SnapshotFollower>();
        services.AddSingleton<Pager>();

        services.AddSingleton<TokenKeyRing>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<IAccessTokens>(provider => provider.GetRequiredService<AccessTokens>());

        services.AddSingleton<IPasswordHasher<User>, PasswordHasher<User>>();
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = PasswordHashIterations);
        services.AddScoped<IPasswordValidator<User>, PasswordRules>();
        services.AddIdentityCore<User>(options => options.User.AllowedUserNameCharacters =
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");
        services.AddScoped<IUserStore<User>, UserStore>();
        services.AddSingleton<PasswordChecks>();
        services.AddScoped<NewUsers>();

        services.AddSingleton<AttemptLimiter>();
        services.AddSingleton<FailedSignIns>();
        services.AddHostedService(provider => provider.GetRequiredService<FailedSignIns>());
        services.AddSingleton<RefreshCookie>();
        services.AddScoped<SessionStart>();
        services.AddScoped<SessionRefresh>();
        services.AddScoped<SessionEnd>();
        services.AddScoped<Login>();
        services.AddScoped<StepUp>();

        services.AddScoped<SeededRoles>();
        services.AddSingleton<FirstUsers>();
        services.AddScoped<FirstAdministrator>();
        services.AddScoped<ISetupLinks, SetupLinks>();
        services.AddScoped<ProfileChange>();
        services.AddScoped<PasswordChange>();

        services.AddScoped<ApiKeyList>();
        services.AddScoped<ApiKeyRules>();
        services.AddScoped<ApiKeyCreation>();
        services.AddScoped<ApiKeyChange>();
        services.AddSingleton<BudgetBook>();
        services.AddSingleton<BudgetKeeper>();
        services.AddHostedService(provider => provider.GetRequiredService<BudgetKeeper>());
        return builder;
    }

    /// <summary>The gate of the management API; after error handling, before the routes.</summary>
    public static IApplicationBuilder UseIdentity(this IApplicationBuilder app) => app.UseMiddleware<AccessMiddleware>();

    public static IEndpointRouteBuilder MapIdentity(this IEndpointRouteBuilder routes)
    {
        SetupEndpoints.Map(routes);
        SignInEndpoints.Map(routes);
        MeEndpoints.Map(routes);
        ApiKeyEndpoints.Map(routes);
        return routes;
    }
}
