using System.Security.Cryptography;

namespace Sealpost.Vault;

/// <summary>
/// A wait after a failure that grows with each: about 1 s, 2, 4, … up to <see cref="Longest"/>, a little of it by chance, so that
/// many processes do not come back at the same moment. The default is no pause.
/// </summary>
internal readonly record struct Pause
{
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private const int Percent = 100;
    private const int LeastPercent = 80;

    private readonly int _failures;
    private readonly long _since;
    private readonly TimeSpan _length;

    private Pause(int failures, long since, TimeSpan length) => (_failures, _since, _length) = (failures, since, length);

    public bool IsOn(TimeProvider time) => _failures > 0 && time.GetElapsedTime(_since) < _length;

    /// <summary>The pause after one more failure.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="atLeast">What the other side asked for; not more than <see cref="Longest"/> counts.</param>
    public Pause Longer(TimeProvider time, TimeSpan? atLeast = null)
    {
        var full = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, Math.Min(_failures, 10)), Longest.TotalSeconds));
        var length = full * RandomNumberGenerator.GetInt32(LeastPercent, Percent + 1) / Percent;
        return new Pause(_failures + 1, time.GetTimestamp(), Max(length, Min(atLeast ?? TimeSpan.Zero, Longest)));
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
