using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Sealpost.Hosting;
using Sealpost.Storage;

namespace Sealpost.Accounts.Audit;

/// <summary>Makes the entry of a call that has ended but is not answered yet.</summary>
internal static partial class ActEntry
{
    private const int MaxTextLength = 300;

    private const string AccountActs = "accounts.";

    /// <summary>nginx's own status for it: the caller left before the answer.</summary>
    private const int ClientLeft = 499;

    /// <param name="http">The call.</param>
    /// <param name="action">What it is.</param>
    /// <param name="answer">What its handler, or the filter that refused it, answers.</param>
    public static AuditEntry Of(HttpContext http, string action, object? answer)
    {
        var refusal = answer as Problem;
        var status = (answer as IStatusCodeHttpResult)?.StatusCode ?? StatusCodes.Status200OK;

        // A problem's sentence may quote what the caller wrote, and that may be a secret in the wrong place: its code says enough.
        return Of(http, action, refusal is null ? ActOutcome.Done : ActOutcome.Refused, status) with
        {
            Code = refusal?.Code,
            Detail = refusal is null ? Short(http.Features.Get<ActNote>()?.Detail) : null,
        };
    }

    /// <param name="http">The call.</param>
    /// <param name="action">What it is.</param>
    /// <param name="fault">What its handler threw.</param>
    public static AuditEntry Of(HttpContext http, string action, Exception fault)
    {
        var (status, code) = fault switch
        {
            OperationCanceledException when http.RequestAborted.IsCancellationRequested => (ClientLeft, "caller_left"),
            BadHttpRequestException bad => (bad.StatusCode, "bad_request"),
            StoreException { Fault: StoreFault.Full } => (StatusCodes.Status503ServiceUnavailable, "store_full"),
            _ => (StatusCodes.Status500InternalServerError, "internal"),
        };
        return Of(http, action, ActOutcome.Failed, status) with { Code = code };
    }

    private static AuditEntry Of(HttpContext http, string action, ActOutcome outcome, int status)
    {
        var services = http.RequestServices;
        var caller = http.Features.Get<Admission>()?.Caller ?? http.Features.Get<RefusedCaller>()?.Caller;
        var now = services.GetRequiredService<AuditBook>().Now;
        var named = AccountId.TryParse(http.Request.RouteValues[Gate.AccountParameter] as string, out var account);
        var isKnown = services.GetRequiredService<AccountDirectory>().TryGetNumber(account, out var number) && named;

        // What becomes of accounts themselves belongs to none: what is theirs ends with them.
        var isAboutAccounts = action.StartsWith(AccountActs, StringComparison.Ordinal);
        return new AuditEntry
        {
            Account = isKnown && !isAboutAccounts ? number : 0,
            At = now,
            LastAt = now,
            Actor = AuditActor.Of(caller),
            Action = action,
            Target = Short(http.Features.Get<ActNote>()?.Target
                ?? (isAboutAccounts ? TargetOf(account.Value, outcome, caller, isKnown) : TargetOf(NamedByPath(http), outcome, caller, IsPublicId(NamedByPath(http))))),
            Outcome = outcome,
            Status = status,
            RemoteAddress = RemoteOf(http),
        };
    }

    // Of a path that was refused only what is an id of ours, or looks like one, is kept: somebody may have written a secret there.
    // What strangers write is not kept at all.
    private static string? TargetOf(string? named, ActOutcome outcome, Caller? caller, bool isOurs) =>
        outcome == ActOutcome.Done || (caller is not null && isOurs) ? named : null;

    private static string? NamedByPath(HttpContext http) =>
        http.Request.RouteValues.FirstOrDefault(value => value.Key is not Gate.AccountParameter).Value as string;

    private static bool IsPublicId(string? text) => text is not null && (Guid.TryParseExact(text, "D", out _) || PublicIds().IsMatch(text));

    private static string? RemoteOf(HttpContext http) => http.Connection.RemoteIpAddress is { } address
        ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString()
        : null;

    [return: NotNullIfNotNull(nameof(text))]
    private static string? Short(string? text) => text is { Length: > MaxTextLength } ? text[..MaxTextLength] + "…" : text;

    // Ids of tokens, deliveries, jobs, app keys and certificates. The secrets' prefixes are others.
    [GeneratedRegex("^((tok|dlv|ntf|job|rpl)_[0-9a-z]{1,32}|spkey_[0-9a-f]{24}|[0-9]{1,19})$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex PublicIds();
}
