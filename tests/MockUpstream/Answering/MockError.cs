using AIHigress.MockUpstream.Scripting;

namespace AIHigress.MockUpstream.Answering;

/// <summary>An error before a protocol gives it its shape; what is unset the shape derives from the status.</summary>
internal sealed record MockError(int Status, string Message)
{
    public string? Type { get; init; }

    public string? Code { get; init; }

    public string? Param { get; init; }

    /// <summary>A number that an error inside an answer tells instead of its code; the HTTP status is long gone.</summary>
    public int? NumericCode { get; init; }

    /// <summary>Seconds to wait, for protocols that say so in the body too.</summary>
    public string? RetryAfter { get; init; }

    public static MockError UnknownKnob(string defect) => new(400, defect) { Code = "mock_unknown_knob" };

    public static MockError Unsupported(string what)
    {
        var name = what == "true" ? "tools" : what;
        return new MockError(400, $"This model does not support {name}.") { Code = "unsupported_value", Param = name };
    }

    /// <summary>What a script with a status says.</summary>
    public static MockError Scripted(Behaviour behaviour, int status, string key) =>
        new(status, (behaviour.ErrorMessage ?? $"The mock was told to answer {status}.").Replace("{key}", key, StringComparison.Ordinal))
        {
            Type = behaviour.ErrorType,
            Code = behaviour.ErrorCode,
            RetryAfter = behaviour.RetryAfter,
        };

    /// <summary>The error that comes inside a 200.</summary>
    public static MockError Inside(Behaviour behaviour) => new(500, behaviour.ErrorMessage ?? "The mock was told to fail here.")
    {
        Type = behaviour.ErrorType,
        Code = behaviour.ErrorCode,
        NumericCode = behaviour.ErrorStatus,
    };
}

/// <summary>How a protocol writes errors.</summary>
internal interface IErrorShape
{
    string Json(MockError error, string requestId);
}

/// <summary>The request is not what the protocol demands; the answer is the error.</summary>
internal sealed class RequestRefusedException(MockError error) : Exception(error.Message)
{
    public RequestRefusedException(int status, string message, string? param = null)
        : this(new MockError(status, message) { Param = param })
    {
    }

    public MockError Error => error;
}
