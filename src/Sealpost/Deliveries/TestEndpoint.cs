using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sealpost.Accounts;
using Sealpost.Accounts.Audit;
using Sealpost.Hosting;
using Sealpost.Installs;
using Sealpost.Mailrooms;
using Sealpost.Protocol.Notifications;
using Sealpost.Publishing;

namespace Sealpost.Deliveries;

/// <summary>
/// <c>POST …/installations/{client_id}/test</c>: one <c>sealpost.Test</c> event to each endpoint of the install, accepted,
/// ordered, signed and retried as every other.
/// </summary>
internal sealed class TestEndpoint(
    InstallDirectory installs, AccountDirectory accounts, IDeliveryStore store, Func<Submission, Task<SubmissionResult>> submit, TimeProvider clock)
{
    private const string Conversation = "sealpost.test";

    public void Map(IEndpointRouteBuilder routes) =>
        InstallCalls.Group(routes).MapPost("/{client_id}/test", (Delegate)TestAsync).Opens(Need.Manage).Audited("installs.test");

    private async Task<IResult> TestAsync(HttpContext http)
    {
        var account = http.Admission().Account;
        if (InstallEndpoints.ClientId(http) is not { } clientId || installs.Find(account, clientId) is not { } install)
        {
            return InstallAnswers.NotFound();
        }

        var results = await Task.WhenAll(Targets(install).Select(target => submit(Submission(target))));
        if (results.Length == 0)
        {
            return new Problem(StatusCodes.Status409Conflict, "no_webhook", "The install has no webhook that a test could go to.");
        }

        var accepted = results.Select(result => result.Acceptance).OfType<Acceptance>().ToList();
        return accepted.Count == 0
            ? PublishProblems.Of(results[0].Refusal)
            : Results.Json(Answer(account, accepted), statusCode: StatusCodes.Status202Accepted);
    }

    // Several event types may share an endpoint: it is tested once.
    private static IEnumerable<TestTarget> Targets(Install install) => install.Manifest.Webhooks.Values
        .DistinctBy(webhook => webhook.Endpoint.OriginalString, StringComparer.Ordinal)
        .Select(webhook => new TestTarget(install, webhook.EventType));

    private Submission Submission(TestTarget target)
    {
        var submission = new Submission(target.Install.Account) { Target = target, Lines = 1 };
        submission.Notifications.Add(new SubmittedNotification(0, new NotificationPart(EventTypes.Test, Conversation, Body(target.Install))));
        return submission;
    }

    private ReadOnlyMemory<byte> Body(Install install)
    {
        var body = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteString("kind", "notification");
        json.WriteString("type", EventTypes.Test);
        json.WriteStartObject("body");
        json.WriteString("client_id", install.ClientId);
        json.WriteString("at", Times.Text(clock.GetUtcNow()));
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return body.WrittenMemory;
    }

    // The ids of the deliveries, so that each can be looked up at once: their commit is durable.
    private TestAnswer Answer(AccountId account, List<Acceptance> accepted)
    {
        var number = accounts.TryGetNumber(account, out var known) ? known : throw new InvalidOperationException($"account {account} is not known");
        var ids = accepted
            .SelectMany(acceptance => store.List(number, new DeliveryFilter { Notification = acceptance.Ids[0] }).Items)
            .Select(delivery => delivery.Id.ToString());
        return new TestAnswer(accepted.Sum(acceptance => acceptance.Deliveries), [.. ids]);
    }

    private sealed record TestAnswer(int Deliveries, IReadOnlyList<string> Ids);
}
