using Microsoft.Extensions.Logging;

namespace Sealpost.Vault.HashiCorp;

/// <summary>
/// The token that requests carry: obtained when the first needs it, renewed at two thirds of its time, obtained anew when the server
/// does not know it any more. However many need one at the same time, there is one login. Thread safe.
/// </summary>
internal sealed partial class VaultSession(IVaultLogin login, VaultTransport transport, TimeProvider time, ILogger<VaultSession> log)
{
    private readonly Lock _changing = new();
    private VaultLease? _lease;
    private Task<LoginAnswer>? _loggingIn;
    private Pause _pause;

    // What the last login gave: a renewal that gives much less is the token's last.
    private TimeSpan _fullDuration;

    /// <summary>The present token, or a new one where there is none or it has ended.</summary>
    public Task<LoginAnswer> LeaseAsync(CancellationToken cancellation) => LogInOnceAsync(dead: null, cancellation);

    /// <summary>Another token than the one that the server has just refused; the same one when nobody can give another.</summary>
    public Task<LoginAnswer> LeaseInsteadAsync(VaultLease dead, CancellationToken cancellation) => LogInOnceAsync(dead, cancellation);

    /// <summary>
    /// What has to be done now so that nobody waits for a token: log in at the start, renew when it is due. Called every second or so,
    /// one call at a time.
    /// </summary>
    public async Task TurnAsync(CancellationToken cancellation)
    {
        var lease = Present();
        if ((lease is not null && !lease.IsDue(time)) || _pause.IsOn(time))
        {
            return;
        }

        var answer = lease is { Renewable: true } && !lease.HasEnded(time)
            ? await RenewAsync(lease, cancellation)
            : await LogInOnceAsync(lease, cancellation);
        _pause = answer.Failure is null ? default : _pause.Longer(time);
        if (answer.Failure is { } failure)
        {
            LogFailed(failure.Detail);
        }
    }

    private async Task<LoginAnswer> RenewAsync(VaultLease lease, CancellationToken cancellation)
    {
        var givenAt = time.GetTimestamp();
        var reply = await transport.SendAsync(new VaultCall(HttpMethod.Post, "auth/token/renew-self", "{}"u8.ToArray()), lease.Token, cancellation);
        if (!reply.IsSuccess)
        {
            // Refused, it is as good as ended. Unreachable, it is tried again while it lasts.
            return reply.Status is 400 or 403 ? await LogInOnceAsync(lease, cancellation) : new LoginAnswer(null, KvAnswers.OfFault(reply));
        }

        var renewed = lease with
        {
            Duration = reply.Seconds("auth", "lease_duration"),
            Renewable = reply.Flag("auth", "renewable"),
            GivenAt = givenAt,
        };
        lock (_changing)
        {
            _lease = ReferenceEquals(_lease, lease) ? renewed : _lease;
        }

        // Near its greatest age a token is renewed for less and less, and then no more.
        return renewed.Duration < _fullDuration / 2 ? await LogInOnceAsync(renewed, cancellation) : new LoginAnswer(renewed);
    }

    private VaultLease? Present()
    {
        lock (_changing)
        {
            return _lease;
        }
    }

    private Task<LoginAnswer> LogInOnceAsync(VaultLease? dead, CancellationToken cancellation)
    {
        lock (_changing)
        {
            // A renewal meanwhile has made another lease of the token that was refused: the token counts.
            if (_lease is { } lease && !lease.Token.Equals(dead?.Token) && !lease.HasEnded(time))
            {
                return Task.FromResult(new LoginAnswer(lease));
            }

            _loggingIn ??= LogInAsync();
            return _loggingIn.WaitAsync(cancellation);
        }
    }

    // Nobody's cancellation: others wait for the same login. The transport's deadline ends it.
    private async Task<LoginAnswer> LogInAsync()
    {
        await Task.Yield();
        LoginAnswer? answer = null;
        try
        {
            answer = await login.LogInAsync(CancellationToken.None);
            return answer;
        }
        finally
        {
            lock (_changing)
            {
                _loggingIn = null;
                _lease = answer?.Lease ?? (_lease is { } old && !old.HasEnded(time) ? old : null);
                _fullDuration = answer?.Lease?.Duration ?? _fullDuration;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No token of the vault: {Detail}")]
    private partial void LogFailed(string detail);
}
