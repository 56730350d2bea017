using Sealpost.Installs;
using Sealpost.Protocol.Installs;

namespace Sealpost.Testing.Simulation;

/// <summary>What an install was at which time, as the engine was told.</summary>
internal sealed class InstallHistory(Install first, VirtualClock clock)
{
    private readonly List<(DateTimeOffset From, Install Install)> _versions = [(DateTimeOffset.MinValue, first)];

    public Install Present => _versions[^1].Install;

    /// <summary>The last change that put waiting retries back into their lanes, in steady time.</summary>
    public DateTimeOffset LastReopening { get; private set; }

    /// <summary>The most retries that a webhook of this type has ever had.</summary>
    public int MostRetries(string eventType) => _versions.Max(version => WebhookOf(version.Install, eventType)?.MaxRetries ?? 0);

    /// <summary>True: waiting retries go back into their lanes.</summary>
    public bool Told(Install after)
    {
        var before = Present;
        _versions.Add((clock.Now, after));
        if ((after.Enabled && !before.Enabled) || IsByNumbers(before) != IsByNumbers(after))
        {
            LastReopening = clock.Steady;
            return true;
        }

        return false;
    }

    /// <summary>Whether something held of the install at a moment; at the moment of a change, before or after it.</summary>
    public bool Held(DateTimeOffset from, DateTimeOffset through, Func<Install, bool> condition)
    {
        // Where the clock was set back, nobody can tell by the time alone which of two things came first.
        var (first, last) = (from - clock.SetBackBy, through + clock.SetBackBy);
        for (var i = 0; i < _versions.Count; i++)
        {
            var ends = i + 1 < _versions.Count ? _versions[i + 1].From : DateTimeOffset.MaxValue;
            if (_versions[i].From <= last && ends >= first && condition(_versions[i].Install))
            {
                return true;
            }
        }

        return false;
    }

    public static bool IsByNumbers(Install install) => install.Manifest.RetentionTime is null;

    public static Webhook? WebhookOf(Install install, string eventType) =>
        install.Deleted ? null : install.Manifest.Webhooks.GetValueOrDefault(eventType);
}
