using Sealpost.Deliveries;
using Sealpost.Mailrooms;
using Sealpost.Retry;
using Sealpost.Sending;
using Sealpost.Tests.Installs;

namespace Sealpost.Tests.Deliveries;

/// <summary>Attempts that have ended, for tests.</summary>
internal static class Completions
{
    public static readonly DateTimeOffset At = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);

    public static Completion Delivered(int number, long delivery = 1, string account = "a") =>
        Of(number, new Outcome { Kind = OutcomeKind.Delivered, Status = 200, Duration = TimeSpan.FromMilliseconds(7) }, Decision.Delivered, delivery, account);

    public static Completion Failed(int number, Decision decision, long delivery = 1, string account = "a") => Of(
        number,
        new Outcome { Kind = OutcomeKind.Status, Status = 503, Error = "no", Duration = TimeSpan.FromMilliseconds(7), Response = "busy"u8.ToArray() },
        decision,
        delivery,
        account);

    private static Completion Of(int number, Outcome outcome, Decision decision, long delivery, string account)
    {
        var install = Installed.App(1, account, "x");
        var attempt = new Attempt
        {
            Delivery = new DeliveryId(delivery),
            Number = number,
            Sequence = 3,
            Install = install,
            Webhook = install.Manifest.Webhooks["x"],
            Body = default,
        };
        return new Completion(attempt, outcome, decision, "c", At.AddMinutes(-1), At);
    }
}
