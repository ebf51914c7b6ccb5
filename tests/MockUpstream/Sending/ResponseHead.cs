namespace AIHigress.MockUpstream.Sending;

internal static class ResponseHead
{
    /// <summary>Sets the head and opens the body for writing; the bytes leave with the first flush.</summary>
    public static Task StartAsync(Exchange exchange, int status, string contentType, KeyValuePair<string, string>[] extra, int? length)
    {
        var response = exchange.Context.Response;
        response.StatusCode = status;
        response.ContentLength = length;
        response.Headers.ContentType = contentType;
        response.Headers[exchange.RequestIdHeader] = exchange.RequestId;
        foreach (var (name, value) in extra)
        {
            response.Headers.Append(name, value);
        }

        return response.StartAsync();
    }
}
