using System.Text.Json.Nodes;
using AIHigress.Gateway.Hosting.Errors;
using Microsoft.AspNetCore.Http;

namespace AIHigress.Gateway.UnitTests.Hosting;

public sealed class ValidationProblemWriterTests
{
    [Fact]
    public async Task Write_AnnotationsThatDoNotHold_NamesTheFieldsAsTheApiDoes()
    {
        var context = new DefaultHttpContext();
        using var body = new MemoryStream();
        context.Response.Body = body;
        var problem = new HttpValidationProblemDetails(new Dictionary<string, string[]> { ["Keys[0].MaxQps"] = ["must be between 1 and 10"] });

        await new ValidationProblemWriter().WriteAsync(new ProblemDetailsContext { HttpContext = context, ProblemDetails = problem });

        await context.Response.BodyWriter.FlushAsync();
        var written = JsonNode.Parse(body.ToArray())!;
        Assert.Equal("validation_failed", (string?)written["code"]);
        Assert.Equal("must be between 1 and 10", (string?)written["errors"]!["keys[0].max_qps"]![0]!["message"]);
        Assert.Equal("invalid", (string?)written["errors"]!["keys[0].max_qps"]![0]!["code"]);
        Assert.Equal(400, context.Response.StatusCode);
    }
}
