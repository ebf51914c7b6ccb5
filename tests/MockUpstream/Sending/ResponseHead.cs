namespace AIHigress.MockUpstream.Sending;

internal static class ResponseHead
{
    public static void Apply(HttpContext context, int status, string contentType, KeyValuePair<string, string>[] extra)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.ContentType = contentType;
        foreach (var (name, value) in extra)
        {
            context.Response.Headers.Append(name, value);
        }
    }
}
