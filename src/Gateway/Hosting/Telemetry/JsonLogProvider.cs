using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;

namespace AIHigress.Gateway.Hosting.Telemetry;

/// <summary>
/// Logs as JSON lines on standard output. The console's own logger makes a string of every event and a system call of
/// every line; under load that costs more than routing does. Here events are written as UTF-8 and lines leave together.
/// </summary>
[ProviderAlias("Json")]
internal sealed class JsonLogProvider(TimeProvider time) : ILoggerProvider
{
    private readonly ConcurrentDictionary<string, ILogger> _loggers = new(StringComparer.Ordinal);
    private readonly LineWriter _lines = new(Console.OpenStandardOutput());

    public ILogger CreateLogger(string categoryName) => _loggers.GetOrAdd(categoryName, name => new JsonLogger(new JsonLogLine(name, time), _lines));

    public void Dispose() => _lines.Dispose();

    private sealed class JsonLogger(JsonLogLine line, LineWriter lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                lines.Write(line.Format(new LogEntry<TState>(logLevel, "", eventId, state, exception, formatter)));
            }
        }
    }
}
