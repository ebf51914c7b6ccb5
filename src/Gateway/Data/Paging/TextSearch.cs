using System.Linq.Expressions;
using System.Reflection;
using Microsoft.EntityFrameworkCore;

namespace AIHigress.Gateway.Data.Paging;

/// <summary>The <c>q</c> of lists: text that one of some columns contains, in any letter case, nothing in it being a wildcard.</summary>
internal static class TextSearch
{
    private static readonly MethodInfo Lower = typeof(string).GetMethod(nameof(string.ToLower), Type.EmptyTypes)!;

    private static readonly MethodInfo Like = typeof(DbFunctionsExtensions).GetMethod(
        nameof(DbFunctionsExtensions.Like), [typeof(DbFunctions), typeof(string), typeof(string), typeof(string)])!;

    /// <summary>Filters by <paramref name="q"/>; null or blank keeps everything.</summary>
    public static IQueryable<T> WhereContains<T>(this IQueryable<T> query, string? q, params IReadOnlyList<Expression<Func<T, string?>>> columns)
    {
        if (string.IsNullOrWhiteSpace(q))
        {
            return query;
        }

        var pattern = new Pattern($"%{Escape(q.Trim().ToLowerInvariant())}%");
        var value = Expression.Property(Expression.Constant(pattern), nameof(Pattern.Value));
        var row = Expression.Parameter(typeof(T), "row");
        var matches = columns
            .Select(column => new Rename(column.Parameters[0], row).Visit(column.Body))
            .Select(Expression (column) => Expression.Call(
                Like, Expression.Constant(EF.Functions), Expression.Call(column, Lower), value, Expression.Constant(@"\")))
            .Aggregate(Expression.OrElse);
        return query.Where(Expression.Lambda<Func<T, bool>>(matches, row));
    }

    private static string Escape(string text) =>
        text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);

    private sealed record Pattern(string Value);

    private sealed class Rename(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : node;
    }
}
