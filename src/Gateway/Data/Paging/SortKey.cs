using System.Linq.Expressions;
using System.Reflection;

namespace AIHigress.Gateway.Data.Paging;

/// <summary>One order of a list: a column, then the unique column that breaks ties.</summary>
internal abstract class SortKey<T>
{
    public abstract IQueryable<T> Order(IQueryable<T> query, bool descending);

    /// <summary>Keeps the rows behind the position that <see cref="Position"/> described.</summary>
    public abstract IQueryable<T> After(IQueryable<T> query, CursorReader position, bool descending);

    /// <summary>Writes where <paramref name="row"/> stands in this order.</summary>
    public abstract void Position(T row, CursorWriter position);
}

internal sealed class SortKey<T, TKey, TTie>(Expression<Func<T, TKey>> column, Expression<Func<T, TTie>> tie) : SortKey<T>
{
    private static readonly MethodInfo CompareStrings =
        typeof(string).GetMethod(nameof(string.Compare), [typeof(string), typeof(string)])!;

    private readonly Func<T, TKey> _readColumn = column.Compile();
    private readonly Func<T, TTie> _readTie = tie.Compile();
    private readonly bool _nullable = Nullable.GetUnderlyingType(typeof(TKey)) is not null || !typeof(TKey).IsValueType;

    public override IQueryable<T> Order(IQueryable<T> query, bool descending)
    {
        // SQLite and PostgreSQL disagree about where null stands, so it is put last by an order of its own.
        var nullsLast = _nullable ? query.OrderBy(IsNull()) : null;
        var byColumn = (nullsLast, descending) switch
        {
            (null, false) => query.OrderBy(column),
            (null, true) => query.OrderByDescending(column),
            (not null, false) => nullsLast.ThenBy(column),
            (not null, true) => nullsLast.ThenByDescending(column),
        };
        return descending ? byColumn.ThenByDescending(tie) : byColumn.ThenBy(tie);
    }

    public override void Position(T row, CursorWriter position)
    {
        position.Write(_readColumn(row));
        position.Write(_readTie(row));
    }

    public override IQueryable<T> After(IQueryable<T> query, CursorReader position, bool descending)
    {
        var key = position.Read<TKey>();
        var id = position.Read<TTie>();
        var row = column.Parameters[0];
        var tieBody = new Rename(tie.Parameters[0], row).Visit(tie.Body);
        var tieBehind = Behind(tieBody, Parameter(id), descending);
        var body = key is null
            ? Expression.AndAlso(IsNullBody(), tieBehind)
            : Expression.OrElse(
                Behind(column.Body, Parameter(key), descending),
                Expression.AndAlso(Expression.Equal(column.Body, Parameter(key)), tieBehind));
        if (key is not null && _nullable)
        {
            body = Expression.OrElse(body, IsNullBody());
        }

        return query.Where(Expression.Lambda<Func<T, bool>>(body, row));
    }

    private static BinaryExpression Behind(Expression left, Expression right, bool descending)
    {
        if (left.Type == typeof(string))
        {
            left = Expression.Call(CompareStrings, left, right);
            right = Expression.Constant(0);
        }

        return descending ? Expression.LessThan(left, right) : Expression.GreaterThan(left, right);
    }

    /// <summary>A member of an object, so that the database query gets a parameter and not a new text per value.</summary>
    private static MemberExpression Parameter<TValue>(TValue value) =>
        Expression.Property(Expression.Constant(new Box<TValue>(value)), nameof(Box<>.Value));

    private BinaryExpression IsNullBody() => Expression.Equal(column.Body, Expression.Constant(null, typeof(TKey)));

    private Expression<Func<T, bool>> IsNull() => Expression.Lambda<Func<T, bool>>(IsNullBody(), column.Parameters);

    private sealed record Box<TValue>(TValue Value);

    private sealed class Rename(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : node;
    }
}
