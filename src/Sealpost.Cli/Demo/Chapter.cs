using Sealpost.Cli.Demo.Chapters;

namespace Sealpost.Cli.Demo;

/// <summary>One part of the tour. It throws a <see cref="VerbFailedException"/> when what it shows does not happen.</summary>
internal sealed record Chapter(string Title, Func<Tour, CancellationToken, Task> PlayAsync)
{
    /// <summary>The tour, in its order.</summary>
    public static IReadOnlyList<Chapter> All { get; } =
    [
        new("The service and a receiver", StartTheService.PlayAsync),
        new("An app is installed", InstallAnApp.PlayAsync),
        new("A conversation arrives, signed and in order", PlayAConversation.PlayAsync),
        new("The receiver breaks", BreakTheReceiver.PlayAsync),
        new("The receiver is mended", MendTheReceiver.PlayAsync),
        new("The customer demands a client certificate", DemandACertificate.PlayAsync),
        new("The certificate is uploaded and mapped", MapTheCertificate.PlayAsync),
        new("Was everything delivered, in order?", CheckEverything.PlayAsync),
    ];
}
