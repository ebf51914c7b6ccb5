using AIHigress.Gateway.Data;

namespace AIHigress.Gateway.Features.Responses;

/// <summary>Runs one piece of work on the database, in a scope of its own.</summary>
public sealed class ResponseDatabase(IServiceScopeFactory scopes)
{
    /// <exception cref="ResponsesUnavailableException">The database is away, busy or refuses.</exception>
    public async Task<T> RunAsync<T>(Func<GatewayDbContext, Task<T>> work)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            return await work(scope.ServiceProvider.GetRequiredService<GatewayDbContext>());
        }
        catch (Exception e) when (e.IsOutage())
        {
            throw new ResponsesUnavailableException("The database does not take or give responses at the moment.", e);
        }
    }
}

/// <summary>What is kept of responses can't be reached.</summary>
public sealed class ResponsesUnavailableException(string message, Exception inner) : Exception(message, inner);
