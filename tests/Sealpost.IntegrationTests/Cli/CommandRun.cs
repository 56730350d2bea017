using System.Text;
using Sealpost.Cli;

namespace Sealpost.IntegrationTests.Cli;

/// <summary>Runs the command line in this process, with streams in memory and the environment variables it is given.</summary>
internal sealed class CommandRun
{
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();
    private readonly TextWriter _syncOut;
    private readonly TextWriter _syncError;

    public CommandRun()
    {
        _syncOut = TextWriter.Synchronized(_out);
        _syncError = TextWriter.Synchronized(_error);
    }

    public Dictionary<string, string> Variables { get; } = [];

    public string Input { get; init; } = "";

    /// <summary>The person at the keyboard; null: nobody.</summary>
    public Func<string, string>? AskSecret { get; init; }

    /// <summary>The same, where what is typed can be seen.</summary>
    public Func<string, string>? Ask { get; init; }

    public string Out => Read(_syncOut, _out);

    public string Error => Read(_syncError, _error);

    public Task<int> RunAsync(params string[] args) => RunAsync(TestContext.Current.CancellationToken, args);

    public Task<int> RunAsync(CancellationToken cancellation, params string[] args) => CommandLine.RunAsync(
        args,
        new Terminal
        {
            In = new MemoryStream(Encoding.UTF8.GetBytes(Input)),
            Out = _syncOut,
            Error = _syncError,
            Variable = Variables.GetValueOrDefault,
            Variables = Variables,
            Clock = TimeProvider.System,
            AskSecret = AskSecret,
            Ask = Ask,
        },
        cancellation);

    /// <summary>Waits until what was printed is as wished; the test's own timeout is the bound.</summary>
    public async Task<string> WaitForOutputAsync(Func<string, bool> wish)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, TestContext.Current.CancellationToken);
        while (!wish(Out))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), either.Token);
        }

        return Out;
    }

    // A synchronized writer locks itself while it writes.
    private static string Read(TextWriter synchronized, StringWriter writer)
    {
        lock (synchronized)
        {
            return writer.ToString();
        }
    }
}
