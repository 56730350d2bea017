namespace Sealpost.Cli.Receiving;

/// <summary>What <c>listen</c> does with each notification: checks its signature, prints it, waits, and answers. Thread-safe.</summary>
internal sealed class Listener(Terminal terminal, ListenPolicy policy, string? secretFile, TimeSpan delay, bool json)
{
    private readonly Lock _lock = new();
    private readonly Random _chance = new();

    /// <summary>Says where it listens; for machines beside the output, which has notifications and nothing else.</summary>
    public void Announce(Uri url, string caFile)
    {
        var writer = json ? terminal.Error : terminal.Out;
        writer.WriteLine($"listening on {url}");
        writer.WriteLine($"a service in Production, or of another user, needs: --trust {caFile}");
    }

    public async Task<int> HandleAsync(ReceivedNotification notification, CancellationToken cancellation)
    {
        var check = Check(notification);
        var status = policy.Answer(check, Chance());
        Print(json ? NotificationLine.ForMachines(notification, check, status) : NotificationLine.ForPeople(notification, check, status));
        await Task.Delay(delay, terminal.Clock, cancellation);
        return status;
    }

    // The file is read for each notification: it may come to be after the start, and a rotated secret counts at once.
    private SignatureCheck Check(ReceivedNotification notification)
    {
        if (secretFile is null)
        {
            return SignatureCheck.NotChecked;
        }

        return File.Exists(secretFile) ? ListenPolicy.Check(notification, SecretFile.Read(secretFile)) : SignatureCheck.NoSecret;
    }

    private double Chance()
    {
        lock (_lock)
        {
            return _chance.NextDouble();
        }
    }

    private void Print(string line)
    {
        lock (_lock)
        {
            terminal.Out.WriteLine(line);
        }
    }
}
