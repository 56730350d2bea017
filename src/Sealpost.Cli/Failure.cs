using Sealpost.Cli.Client;
using Sealpost.Hosting.Backups;

namespace Sealpost.Cli;

/// <summary>Arguments that parse but make no sense together; exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>A verb that could not do its work, in words for the person who called it; exit code 1.</summary>
internal sealed class VerbFailedException(string message) : Exception(message);

/// <summary>What a person sees of an exception, and the exit code that goes with it.</summary>
internal sealed record Failure(string Line, int ExitCode)
{
    public static Failure Of(Exception exception) => exception switch
    {
        UsageException => new(exception.Message, Cli.ExitCode.Usage),
        VerbFailedException or ServerUnreachableException or ApiException or BackupException => new(exception.Message, Cli.ExitCode.Failed),
        OperationCanceledException { InnerException: TimeoutException } => new("the server did not answer in time.", Cli.ExitCode.Failed),
        OperationCanceledException => new("stopped.", Cli.ExitCode.Failed),
        IOException or UnauthorizedAccessException => new(exception.Message, Cli.ExitCode.Failed),
        // A fault of ours: the stack is what a report about it needs.
        _ => new($"unexpected: {exception}", Cli.ExitCode.Failed),
    };
}
