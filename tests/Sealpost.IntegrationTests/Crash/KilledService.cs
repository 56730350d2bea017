using Sealpost.Testing.Journal;
using Sealpost.Testing.Processes;

namespace Sealpost.IntegrationTests.Crash;

/// <summary>The service over all its lives on one data directory. Publishers ask it for the life that is up now.</summary>
internal sealed class KilledService(CrashPlan plan, SealpostLaunch launch, JournalClock clock) : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(0.8);

    private readonly Random _random = new(plan.Seed);
    private readonly List<TimeSpan> _kills = [];
    private TaskCompletionSource<SealpostProcess> _up = New();
    private SealpostProcess? _process;

    public IReadOnlyList<TimeSpan> Kills => _kills;

    /// <summary>Waits for a life that is ready. It may be dead by the time it is used.</summary>
    public Task<SealpostProcess> UpAsync(CancellationToken cancellation) => Volatile.Read(ref _up).Task.WaitAsync(cancellation);

    /// <summary>Starts it, after as many starts that are killed half way as the plan asks for.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        for (var i = 0; i < plan.KillsWhileStarting; i++)
        {
            _process = SealpostProcess.Start(launch);
            await Task.Delay(LongestStart * _random.NextDouble(), TimeProvider.System, cancellation);
            await KillAsync();
        }

        _process = SealpostProcess.Start(launch);
        await _process.ReadyAsync(StartLimit, cancellation);
        _up.SetResult(_process);
    }

    /// <summary>Lets it live for a while, kills it, and starts it again.</summary>
    public async Task LiveAndDieAsync(CancellationToken cancellation)
    {
        var life = plan.ShortestLife + ((plan.LongestLife - plan.ShortestLife) * _random.NextDouble());
        await Task.Delay(life, TimeProvider.System, cancellation);
        Volatile.Write(ref _up, New());
        await KillAsync();
        await StartAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    private static TaskCompletionSource<SealpostProcess> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task KillAsync()
    {
        // A life that ended by itself before it was killed is a failure of its own.
        if (_process!.HasExited)
        {
            throw new InvalidOperationException($"sealpost ended by itself.\n{_process.Output}");
        }

        _kills.Add(clock.Now);
        await _process.DisposeAsync();
    }
}
