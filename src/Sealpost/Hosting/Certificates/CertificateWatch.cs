using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Sealpost.Hosting.Certificates;

/// <summary>
/// Follows the files of the server's certificate: every two seconds they are read, and what has changed and then held still for a turn
/// is presented, or warned of, once for each change. It reads rather than watches, as certificates are commonly replaced by turning a
/// link. Each day in a certificate's last fourteen it says so in the log.
/// </summary>
internal sealed partial class CertificateWatch
{
    /// <summary>How often the files are read.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan WarnWithin = TimeSpan.FromDays(14);
    private static readonly TimeSpan WarnEvery = TimeSpan.FromDays(1);

    private readonly PresentedCertificate _presented;
    private readonly Func<PairFiles> _read;
    private readonly Action<X509Certificate2> _replaced;
    private readonly TimeProvider _time;
    private readonly ILogger<CertificateWatch> _logger;
    private PairFiles _served;
    private PairFiles _seen;
    private PairFiles _judged;
    private DateTimeOffset _lastWarning = DateTimeOffset.MinValue;

    /// <param name="presented">What is presented; loaded from <paramref name="served"/>.</param>
    /// <param name="served">The files as they were then.</param>
    /// <param name="read">The files as they are now; it may renew them first.</param>
    /// <param name="replaced">Told of each new certificate, before the first handshake with it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">For whoever looks after the certificate.</param>
    public CertificateWatch(
        PresentedCertificate presented, PairFiles served, Func<PairFiles> read, Action<X509Certificate2> replaced, TimeProvider time, ILogger<CertificateWatch> logger)
    {
        (_presented, _read, _replaced, _time, _logger) = (presented, read, replaced, time, logger);
        _served = _seen = _judged = served;
    }

    /// <summary>Until <paramref name="stopping"/>.</summary>
    public async Task RunAsync(Action beat, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Interval / 2, _time);
        for (var turns = 0; await timer.WaitForNextTickAsync(stopping); turns++)
        {
            beat();
            if (turns % 2 == 0)
            {
                Turn();
            }
        }
    }

    /// <summary>One look at the files and at the end.</summary>
    public void Turn()
    {
        var files = _read();
        // Two files are not replaced at once: what differs from a moment ago may be half of a change.
        if (files == _seen && files != _judged)
        {
            Judge(files);
            _judged = files;
        }

        _seen = files;
        WarnOfEnd();
    }

    private void Judge(PairFiles files)
    {
        if (files == _served)
        {
            _presented.Restored();
            LogRestored();
        }
        else if (ServerCertificate.Load(files, out var error) is { } options)
        {
            _replaced(options.ServerCertificateContext!.TargetCertificate);
            _presented.Replace(options);
            _served = files;
            _lastWarning = DateTimeOffset.MinValue;
            LogReplaced(_presented.Certificate.Thumbprint, _presented.Ends);
        }
        else
        {
            _presented.Keep();
            LogKept(error!, _presented.Ends);
        }
    }

    private void WarnOfEnd()
    {
        var now = _time.GetUtcNow();
        if (_presented.Left <= WarnWithin && now - _lastWarning >= WarnEvery)
        {
            _lastWarning = now;
            LogEnding(_presented.Ends, Math.Floor(_presented.Left.TotalDays));
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The server's certificate was replaced: new connections get {Thumbprint}, which ends at {Ends:u}")]
    private partial void LogReplaced(string thumbprint, DateTimeOffset ends);

    [LoggerMessage(Level = LogLevel.Information, Message = "The server's certificate files are again those that are presented")]
    private partial void LogRestored();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The server's certificate files were changed and cannot be used: {Error}. The one before, which ends at {Ends:u}, is presented still; put a certificate and its own key there")]
    private partial void LogKept(string error, DateTimeOffset ends);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The server's certificate ends at {Ends:u} ({Days} whole days left): replace its files, they are read again without a restart")]
    private partial void LogEnding(DateTimeOffset ends, double days);
}
