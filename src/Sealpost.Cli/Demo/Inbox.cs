using Sealpost.Cli.Receiving;
using Sealpost.Protocol.Signing;
using Sealpost.Vault;
using Spectre.Console;

namespace Sealpost.Cli.Demo;

/// <summary>The demo's receiver: keeps and shows every attempt, takes them or answers 503. Thread-safe.</summary>
internal sealed class Inbox(IAnsiConsole console)
{
    private readonly Lock _lock = new();
    private readonly List<Arrival> _arrivals = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Secret? _secret;
    private bool _broken;

    public IReadOnlyList<Arrival> Arrivals
    {
        get
        {
            lock (_lock)
            {
                return [.. _arrivals];
            }
        }
    }

    /// <summary>Checks signatures with this from now on; before, none is valid.</summary>
    public void Expect(Secret secret)
    {
        lock (_lock)
        {
            _secret = secret;
        }
    }

    /// <summary>From now on answers 503, or takes everything again.</summary>
    public void SetBroken(bool broken)
    {
        lock (_lock)
        {
            _broken = broken;
        }
    }

    public Task<int> HandleAsync(ReceivedNotification notification, CancellationToken cancellation)
    {
        lock (_lock)
        {
            var valid = _secret is not null && NotificationSignature.Verify(notification.Signature, _secret.Utf8, notification.Body.Span);
            var arrival = new Arrival(notification, valid, _broken ? 503 : valid ? 200 : 401);
            _arrivals.Add(arrival);
            Show(arrival);
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return Task.FromResult(arrival.Status);
        }
    }

    /// <summary>Waits until the arrivals are as wished.</summary>
    /// <returns>False when they were not within the time.</returns>
    public async Task<bool> WaitAsync(Func<IReadOnlyList<Arrival>, bool> wish, TimeSpan patience, TimeProvider clock, CancellationToken cancellation)
    {
        var deadline = clock.GetUtcNow() + patience;
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (wish(_arrivals))
                {
                    return true;
                }

                changed = _changed.Task;
            }

            var left = deadline - clock.GetUtcNow();
            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            await Task.WhenAny(changed, Task.Delay(left, clock, cancellation));
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private void Show(Arrival arrival)
    {
        var (conversation, words) = arrival.Content();
        var mark = arrival.Taken ? "[green]✓[/]" : "[red]✗[/]";
        var signature = arrival.SignatureValid ? "[green]signature valid[/]" : "[red]signature WRONG[/]";
        var client = arrival.Notification.Client is { Length: > 0 } subject ? $"  [cyan]mutual TLS: {Markup.Escape(Printable.Line(subject))}[/]" : "";
        console.MarkupLine(
            $"  {mark} {arrival.Status}  {Markup.Escape(conversation),-11} seq {Markup.Escape(arrival.Notification.Sequence),-2} "
            + $"attempt {Markup.Escape(arrival.Notification.Attempt)}  {signature}  [dim]{Markup.Escape(Printable.Line(words))}[/]{client}");
    }
}
