using System.Diagnostics.CodeAnalysis;

namespace AIHigress.Gateway.Hosting.Redis;

/// <summary>What Redis said.</summary>
/// <param name="Done">False when it was not asked or did not answer in time.</param>
/// <param name="Value">The answer, when done.</param>
public readonly record struct RedisAnswer<T>(bool Done, T? Value)
{
    public bool Has([NotNullWhen(true)] out T? value)
    {
        value = Value;
        return Done && value is not null;
    }
}
