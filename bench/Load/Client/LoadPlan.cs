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
    /// <summary>The whole request as it goes over the wire.</summary>
    public byte[] RequestFor(IPEndPoint server, string apiKey)
    {
        var head = string.Create(CultureInfo.InvariantCulture, $"""
            POST {Path} HTTP/1.1
            Host: {server}
            Authorization: Bearer {apiKey}
            Content-Type: application/json
            Accept: */*
            User-Agent: aihigress-bench/1.0
            Content-Length: {Body.Length}


            """).ReplaceLineEndings("\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. Body];
    }
}

/// <summary>What a run gave.</summary>
/// <param name="Requests">Answered in full, with status 200.</param>
/// <param name="Events">Server-sent events received.</param>
/// <param name="AnswerBytes">Bytes of the bodies of all answers.</param>
/// <param name="Elapsed">From the first request to the last answer.</param>
/// <param name="Latencies">Of every request, sorted; at a fixed rate counted from when it was due.</param>
internal sealed record LoadResult(int Requests, long Events, long AnswerBytes, TimeSpan Elapsed, TimeSpan[] Latencies)
{
    public double PerSecond => Requests / Elapsed.TotalSeconds;

    public TimeSpan Percentile(double share) => Latencies[Math.Min(Latencies.Length - 1, (int)(Latencies.Length * share))];
}
