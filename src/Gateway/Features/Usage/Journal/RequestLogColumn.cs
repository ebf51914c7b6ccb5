using AIHigress.Gateway.Common;

namespace AIHigress.Gateway.Features.Usage.Journal;

/// <summary>One column of request_logs and what a record has for it. Binding to SQLite boxes nothing: it happens for each value of each request.</summary>
/// <param name="name">In the table.</param>
/// <param name="postgresType">For the arrays in which PostgreSQL gets it.</param>
internal abstract class RequestLogColumn(string name, string postgresType)
{
    public string Name => name;

    public string PostgresType => postgresType;

    /// <param name="insert">The row's statement.</param>
    /// <param name="index">The column's parameter, from 1.</param>
    /// <param name="record">The row.</param>
    public abstract void Bind(SqliteStatement insert, int index, UsageRecord record);

    /// <summary>The column of all rows.</summary>
    public abstract Array ToArray(IReadOnlyList<UsageRecord> records);

    public static RequestLogColumn Text(string name, Func<UsageRecord, string?> read) =>
        new Column<string?, string?>(name, "text", read, (s, i, v) => s.Bind(i, v), v => v);

    public static RequestLogColumn Id(string name, Func<UsageRecord, Guid?> read) =>
        new Column<Guid?, Guid?>(name, "uuid", read, (s, i, v) => s.Bind(i, v), v => v);

    /// <summary>A number of at most 32 bits.</summary>
    public static RequestLogColumn Count(string name, Func<UsageRecord, int?> read) =>
        new Column<int?, int?>(name, "int4", read, (s, i, v) => s.Bind(i, v), v => v);

    /// <summary>A number of at most 64 bits.</summary>
    public static RequestLogColumn Sum(string name, Func<UsageRecord, long?> read) =>
        new Column<long?, long?>(name, "int8", read, (s, i, v) => s.Bind(i, v), v => v);

    public static RequestLogColumn Flag(string name, Func<UsageRecord, bool> read) =>
        new Column<bool, bool?>(name, "bool", read, (s, i, v) => s.Bind(i, v ? 1 : 0), v => v);

    /// <summary>UTC microseconds since 1970.</summary>
    public static RequestLogColumn Time(string name, Func<UsageRecord, long> read) =>
        new Column<long, DateTime>(name, "timestamptz", read, (s, i, v) => s.Bind(i, v), v => UnixMicroseconds.ToTime(v).UtcDateTime);

    /// <summary>Attempts and plan as JSON; no string is made of it on its way to SQLite.</summary>
    public static RequestLogColumn Detail(string name) => new DetailColumn(name);

    private sealed class Column<T, TPostgres>(
        string name, string postgresType, Func<UsageRecord, T> read, Action<SqliteStatement, int, T> bind, Func<T, TPostgres> toPostgres)
        : RequestLogColumn(name, postgresType)
    {
        public override void Bind(SqliteStatement insert, int index, UsageRecord record) => bind(insert, index, read(record));

        public override Array ToArray(IReadOnlyList<UsageRecord> records)
        {
            var values = new TPostgres[records.Count];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = toPostgres(read(records[i]));
            }

            return values;
        }
    }

    private sealed class DetailColumn(string name) : RequestLogColumn(name, "text")
    {
        public override void Bind(SqliteStatement insert, int index, UsageRecord record) => insert.BindUtf8(index, UsageRecordWriter.DetailUtf8(record));

        public override Array ToArray(IReadOnlyList<UsageRecord> records) => records.Select(UsageRecordWriter.ToDetail).ToArray();
    }
}
