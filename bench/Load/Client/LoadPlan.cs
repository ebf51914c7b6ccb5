using System.Globalization;
using System.Net;
using System.Text;

namespace AIHigress.Load.Client;

/// <summary>Exactly so many requests over so many connections: as fast as answers come, or at a fixed rate.</summary>
/// <param name="Connections">Kept alive; at most one request runs on each.</param>
/// <param name="Requests">All of them are sent and answered; then the run is over.</param>
/// <param name="Path">Where every request goes.</param>
/// <param name="Body">The JSON body of every request.</param>
/// <param name="PerSecond">Requests per second; null: the next request goes out when an answer is complete.</param>
/// <param name="Events">Server-sent events that every answer must have; 0 for a plain answer.</param>
internal sealed record LoadPlan(int Connections, int Requests, string Path, byte[] Body, double? PerSecond, int Events)
{
    private const string KeyDigits = "00000000";

    /// <summary>The body of the first connection's requests, if it is another one.</summary>
    public byte[]? FirstBody { get; init; }

    /// <summary>Further headers, for those servers that want them; the others ignore them.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>Each request comes with a key of its own that nobody knows, and must be refused.</summary>
    public bool UnknownKeys { get; init; }

    /// <summary>The whole request of a connection as it goes over the wire.</summary>
    public RequestBytes RequestFor(int connection, IPEndPoint server, string apiKey)
    {
        var body = connection == 0 && FirstBody is not null ? FirstBody : Body;
        var key = UnknownKeys ? string.Create(CultureInfo.InvariantCulture, $"sk-unknown-{connection:0000}-{KeyDigits}-0123456789abcdefghijklmnop") : apiKey;
        var head = string.Create(CultureInfo.InvariantCulture, $"""
            POST {Path} HTTP/1.1
            Host: {server}
            Authorization: Bearer {key}
            Content-Type: application/json
            Accept: */*
            User-Agent: aihigress-bench/1.0
            Content-Length: {body.Length}

            """);
        head = string.Concat(head, string.Concat(Headers.Select(h => h + "\n")), "\n").ReplaceLineEndings("\r\n");
        return new RequestBytes([.. Encoding.ASCII.GetBytes(head), .. body], UnknownKeys ? head.IndexOf(KeyDigits, StringComparison.Ordinal) : -1);
    }

    /// <summary>Whether an answer is as it must be. A flood of unknown keys may be turned away sooner than each key is looked at.</summary>
    public bool IsRight(int status, int events) => UnknownKeys ? status is 401 or 429 : status == 200 && events == Events;
}

/// <summary>A request's bytes.</summary>
/// <param name="Bytes">Of one connection; nobody else reads them.</param>
/// <param name="NumberAt">Where eight digits stand that are counted up before each request; -1: nothing changes.</param>
internal sealed record RequestBytes(byte[] Bytes, int NumberAt)
{
    private uint _number;

    public byte[] Next()
    {
        if (NumberAt >= 0)
        {
            _number++;
            _number.TryFormat(Bytes.AsSpan(NumberAt, 8), out _, "D8", CultureInfo.InvariantCulture);
        }

        return Bytes;
    }
}

/// <summary>What a run gave.</summary>
/// <param name="Requests">Answered in full, with status 200.</param>
/// <param name="Events">Server-sent events received.</param>
/// <param name="AnswerBytes">Bytes of the bodies of all answers.</param>
/// <param name="Elapsed">From the first request to the last answer.</param>
/// <param name="Latencies">Of every request, sorted; at a fixed rate counted from when it was due.</param>
/// <param name="Gaps">Between the reads of one stream that brought events.</param>
internal sealed record LoadResult(int Requests, long Events, long AnswerBytes, TimeSpan Elapsed, TimeSpan[] Latencies, GapCounts Gaps)
{
    public double PerSecond => Requests / Elapsed.TotalSeconds;

    public TimeSpan Percentile(double share) => Latencies[Math.Min(Latencies.Length - 1, (int)(Latencies.Length * share))];
}
