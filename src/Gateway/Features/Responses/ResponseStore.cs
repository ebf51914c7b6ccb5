using System.Buffers;
using System.Security.Cryptography;
using AIHigress.Gateway.Data;
using AIHigress.Wire.OpenAI.Responses.Stored;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AIHigress.Gateway.Features.Responses;

/// <summary>Keeps responses per user until they expire. What another user owns does not exist.</summary>
public sealed partial class ResponseStore(
    ResponseDatabase database, ResponseCipher cipher, IOptionsMonitor<ResponsesOptions> options, TimeProvider time, ILogger<ResponseStore> logger)
{
    /// <summary>Null when there is none, or none any more.</summary>
    /// <exception cref="ResponsesUnavailableException">The database is away.</exception>
    public Task<KeptResponse?> FindAsync(Guid userId, string id, CancellationToken cancellationToken) =>
        database.RunAsync(db => FindAsync(db, userId, id, cancellationToken));

    /// <summary>Keeps a finished response. A provider that gives one id twice means the later one.</summary>
    /// <exception cref="ResponsesUnavailableException">The database is away.</exception>
    public Task SaveAsync(KeptResponse response, CancellationToken cancellationToken) => database.RunAsync(async db =>
    {
        if (response.IsNative)
        {
            await db.Responses.Where(r => r.UserId == response.UserId && r.Id == response.Id).ExecuteDeleteAsync(cancellationToken);
        }

        db.Responses.Add(ToRow(response));
        return await db.SaveChangesAsync(cancellationToken);
    });

    /// <summary>Removes it with everything kept of it; false when there is none.</summary>
    /// <exception cref="ResponsesUnavailableException">The database is away.</exception>
    public Task<bool> DeleteAsync(Guid userId, string id, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return database.RunAsync(async db =>
            await db.Responses.Where(r => r.UserId == userId && r.Id == id && r.ExpiresAt > now).ExecuteDeleteAsync(cancellationToken) > 0);
    }

    internal async Task<KeptResponse?> FindAsync(GatewayDbContext db, Guid userId, string id, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var row = await db.Responses.AsNoTracking().SingleOrDefaultAsync(r => r.UserId == userId && r.Id == id && r.ExpiresAt > now, cancellationToken);
        return row is null ? null : Open(row);
    }

    internal StoredResponse ToRow(KeptResponse response)
    {
        var now = time.GetUtcNow();
        return new StoredResponse
        {
            UserId = response.UserId,
            Id = response.Id,
            ApiKeyId = response.ApiKeyId,
            ProviderId = response.ProviderId,
            ProviderKeyId = response.ProviderKeyId,
            IsNative = response.IsNative,
            Model = response.Model,
            State = response.State,
            IsBackground = response.IsBackground,
            Input = Seal(response.Input),
            Output = Seal(response.Output),
            Body = cipher.Seal(response.Body.Span),
            CreatedAt = now,
            ExpiresAt = now.AddDays(options.CurrentValue.TtlDays),
        };
    }

    internal byte[] Seal(IReadOnlyList<StoredItem> items)
    {
        var output = new ArrayBufferWriter<byte>();
        StoredItems.Write(items, output);
        return cipher.Seal(output.WrittenSpan);
    }

    private KeptResponse? Open(StoredResponse row)
    {
        try
        {
            return new KeptResponse
            {
                UserId = row.UserId,
                Id = row.Id,
                ApiKeyId = row.ApiKeyId,
                ProviderId = row.ProviderId,
                ProviderKeyId = row.ProviderKeyId,
                IsNative = row.IsNative,
                Model = row.Model,
                State = row.State,
                IsBackground = row.IsBackground,
                Input = StoredItems.Read(cipher.Open(row.Input)),
                Output = StoredItems.Read(cipher.Open(row.Output)),
                Body = cipher.Open(row.Body),
            };
        }
        catch (CryptographicException e)
        {
            ResponseNotOpened(row.Id, e);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The response {Id} can't be decrypted; for its user it does not exist")]
    private partial void ResponseNotOpened(string id, Exception exception);
}
