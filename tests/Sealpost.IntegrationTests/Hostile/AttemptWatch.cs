using System.Collections.Concurrent;
using System.Text.Json;
using Sealpost.Testing.Processes;

namespace Sealpost.IntegrationTests.Hostile;

/// <summary>What one install's attempts came to.</summary>
/// <param name="Count">Attempts that ended.</param>
/// <param name="Longest">The longest of them.</param>
/// <param name="Outcomes">The outcomes seen.</param>
internal sealed record AttemptsSeen(int Count, TimeSpan Longest, IReadOnlySet<string> Outcomes)
{
    public static AttemptsSeen None { get; } = new(0, TimeSpan.Zero, new HashSet<string>());

    public AttemptsSeen With(string outcome, TimeSpan took) =>
        new(Count + 1, took > Longest ? took : Longest, Outcomes.Contains(outcome) ? Outcomes : new HashSet<string>(Outcomes) { outcome });
}

/// <summary>Follows an account's live stream until it is told to stop, and comes back where it was cut off.</summary>
internal sealed class AttemptWatch(SealpostApi api)
{
    private static readonly TimeSpan ComeBack = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, AttemptsSeen> _byInstall = new(StringComparer.Ordinal);
    private string? _lastId;

    public AttemptsSeen Of(string clientId) => _byInstall.GetValueOrDefault(clientId, AttemptsSeen.None);

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var reader = new StreamReader(await api.EventsAsync(_lastId, stop));
                while (await reader.ReadLineAsync(stop) is { } line)
                {
                    Take(line);
                }
            }
            catch (Exception cut) when (cut is IOException or HttpRequestException or OperationCanceledException)
            {
                await Task.Delay(ComeBack, TimeProvider.System, CancellationToken.None);
            }
        }
    }

    private void Take(string line)
    {
        if (line.StartsWith("id: ", StringComparison.Ordinal))
        {
            _lastId = line["id: ".Length..];
        }
        else if (line.StartsWith("data: ", StringComparison.Ordinal))
        {
            using var json = JsonDocument.Parse(line["data: ".Length..]);
            if (json.RootElement.TryGetProperty("durationMs", out var took))
            {
                var outcome = json.RootElement.GetProperty("outcome").GetString()!;
                _byInstall.AddOrUpdate(
                    json.RootElement.GetProperty("client_id").GetString()!,
                    _ => AttemptsSeen.None.With(outcome, TimeSpan.FromMilliseconds(took.GetInt64())),
                    (_, seen) => seen.With(outcome, TimeSpan.FromMilliseconds(took.GetInt64())));
            }
        }
    }
}
