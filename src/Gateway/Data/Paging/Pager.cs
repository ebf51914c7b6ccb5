using System.Security.Cryptography;
using System.Text;
using AIHigress.Gateway.Common;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Data.Paging;

/// <summary>
/// Cuts lists into pages by keyset: a page starts behind the last row of the one before, so inserts neither repeat
/// nor skip rows. Cursors are protected by the key ring and bound to the list's sort and filters.
/// </summary>
public sealed class Pager(IDataProtectionProvider protection)
{
    private const int CountedAtMost = 10_000;
    private const int BindingLength = 16;

    private readonly IDataProtector _protector = protection.CreateProtector("AIHigress.Cursors.v1");

    /// <summary>Reads one page of <paramref name="query"/>, which must have its filters but no order.</summary>
    /// <param name="query">Rows the caller may see, filtered. An entity, or a row type made by <c>Select</c> with initializers.</param>
    /// <param name="sorts">The list's sort fields.</param>
    /// <param name="page">The caller's parameters.</param>
    /// <param name="filters">Every filter value in a fixed order, the list's name first; a cursor made with others is refused.</param>
    /// <param name="view">Makes the answer's item of a row; runs in memory.</param>
    /// <exception cref="ProblemException">400 <c>invalid_cursor</c>, or a bad limit or sort.</exception>
    internal async Task<Page<TView>> ReadAsync<T, TView>(
        IQueryable<T> query, SortKeys<T> sorts, PageQuery page, IReadOnlyList<object?> filters, Func<T, TView> view, CancellationToken cancellationToken)
        where T : class
    {
        var limit = page.ValidLimit();
        var (sort, key, descending) = sorts.Read(page.Sort);
        var binding = Binding(sort, page.Q, filters);
        var behind = page.Cursor is null ? query : After(query, key, page.Cursor, binding, descending);
        var rows = await key.Order(behind.AsNoTracking(), descending).Take(limit + 1).ToListAsync(cancellationToken);
        var next = rows.Count > limit ? Cursor(key, rows[limit - 1], binding) : null;
        int? total = page.IncludeTotal == true ? await query.Take(CountedAtMost + 1).CountAsync(cancellationToken) : null;
        return new Page<TView>(
            [.. rows.Take(limit).Select(view)],
            next,
            total is null ? null : Math.Min(total.Value, CountedAtMost),
            total > CountedAtMost ? true : null);
    }

    private string Cursor<T>(SortKey<T> key, T last, byte[] binding)
    {
        using var writer = new CursorWriter();
        writer.WriteBinding(binding);
        key.Position(last, writer);
        return WebEncoders.Base64UrlEncode(_protector.Protect(writer.ToArray()));
    }

    private IQueryable<T> After<T>(IQueryable<T> query, SortKey<T> key, string cursor, byte[] binding, bool descending)
    {
        try
        {
            using var reader = new CursorReader(_protector.Unprotect(WebEncoders.Base64UrlDecode(cursor)));
            if (reader.ReadBinding(BindingLength).AsSpan().SequenceEqual(binding))
            {
                return key.After(query, reader, descending);
            }
        }
        catch (Exception e) when (e is CryptographicException or FormatException or IOException or ArgumentException)
        {
            // Not a cursor of ours, or of a ring that is gone: answered below like one of another list.
        }

        throw new ProblemException(StatusCodes.Status400BadRequest, "invalid_cursor",
            "The cursor does not belong to this list with this sort and these filters; start again without a cursor.");
    }

    private static byte[] Binding(string sort, string? q, IReadOnlyList<object?> filters)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in (IEnumerable<object?>)[sort, q, .. filters])
        {
            var bytes = part is null ? [] : Encoding.UTF8.GetBytes(part is IFormattable f ? f.ToString("", null) : part.ToString()!);
            hash.AppendData(BitConverter.GetBytes(part is null ? -1 : bytes.Length));
            hash.AppendData(bytes);
        }

        return hash.GetHashAndReset()[..BindingLength];
    }
}
