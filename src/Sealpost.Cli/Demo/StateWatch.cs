using System.Text.Json;
using Sealpost.Cli.Client;
using Spectre.Console;

namespace Sealpost.Cli.Demo;

/// <summary>Follows the account's live stream and shows each change of the app install's state as it happens.</summary>
internal sealed class StateWatch(ApiClient api, IAnsiConsole console, TimeProvider clock) : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly List<string> _states = [];
    private readonly Lock _lock = new();
    private Task _following = Task.CompletedTask;

    public void Start() => _following = FollowAsync();

    /// <summary>Waits until the states seen so far are as wished; false when they were not within the time.</summary>
    public async Task<bool> WaitAsync(Func<IReadOnlyList<string>, bool> wish, TimeSpan patience, CancellationToken cancellation)
    {
        for (var deadline = clock.GetUtcNow() + patience; clock.GetUtcNow() < deadline; await Task.Delay(TimeSpan.FromMilliseconds(20), clock, cancellation))
        {
            lock (_lock)
            {
                if (wish(_states))
                {
                    return true;
                }
            }
        }

        return false;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _following;
        _ending.Dispose();
    }

    private async Task FollowAsync()
    {
        try
        {
            await foreach (var item in new EventStream(api, clock, static _ => { }).ReadAsync(_ending.Token))
            {
                if (item.EventType == "state")
                {
                    Show(JsonElement.Parse(item.Data));
                }
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The tour is over.
        }
    }

    private void Show(JsonElement change)
    {
        var state = change.GetProperty("state").GetString()!;
        var next = change.TryGetProperty("nextAttemptAt", out var at) ? $", next round of attempts at {at.GetString()}" : "";
        console.MarkupLine($"  [yellow]●[/] the app install: [bold]{Markup.Escape(state)}[/][dim]{Markup.Escape(next)}[/]");
        lock (_lock)
        {
            _states.Add(state);
        }
    }
}
