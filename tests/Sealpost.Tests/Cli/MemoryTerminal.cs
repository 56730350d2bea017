using Sealpost.Cli;

namespace Sealpost.Tests.Cli;

/// <summary>A terminal whose streams are in memory, without environment variables.</summary>
internal sealed class MemoryTerminal
{
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();

    public string Out => _out.ToString();

    public string Error => _error.ToString();

    public Task<int> RunAsync(params string[] args) => CommandLine.RunAsync(
        args,
        new Terminal { In = Stream.Null, Out = _out, Error = _error, Variable = _ => null, Clock = TimeProvider.System },
        TestContext.Current.CancellationToken);
}
