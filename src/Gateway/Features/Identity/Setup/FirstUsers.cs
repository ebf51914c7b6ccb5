using AIHigress.Gateway.Data;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Features.Identity.Setup;

/// <summary>Whether there was ever a user; once there was, set-up is closed for good and nobody asks the database again.</summary>
internal sealed class FirstUsers(IServiceScopeFactory scopes)
{
    private volatile bool _exist;

    public async ValueTask<bool> ExistAsync(CancellationToken cancellationToken)
    {
        if (_exist)
        {
            return true;
        }

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDbContext>();
        _exist = await db.Users.AnyAsync(cancellationToken);
        return _exist;
    }
}
