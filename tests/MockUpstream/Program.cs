using System.Runtime.InteropServices;
using AIHigress.MockUpstream;

MockCommandLine command;
try
{
    command = MockCommandLine.Parse(args);
}
catch (FormatException e)
{
    await Console.Error.WriteLineAsync($"{e.Message}\n{MockCommandLine.Usage}");
    return 2;
}

using var loggers = LoggerFactory.Create(logging => logging
    .SetMinimumLevel(LogLevel.Warning)
    .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.TrySetResult();
}

using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
var server = await MockUpstreamHost.StartAsync(command.Options, loggers);
Console.WriteLine($"MOCK READY {server.BaseAddress.GetLeftPart(UriPartial.Authority)}");
if (command.StopsWithInput)
{
    // Whoever started us holds the other end: we go when it goes, however it goes.
    _ = Console.In.ReadToEndAsync().ContinueWith(_ => stop.TrySetResult(), TaskScheduler.Default);
}

await stop.Task;

// No drain and no disposal: the process ends now, and its sockets with it.
return 0;
