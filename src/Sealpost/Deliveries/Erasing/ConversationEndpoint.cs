using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Sealpost.Accounts;
using Sealpost.Accounts.Audit;
using Sealpost.Hosting;
using Sealpost.Protocol.Notifications;
using Sealpost.Storage;

namespace Sealpost.Deliveries.Erasing;

/// <summary>
/// <c>DELETE /api/account/{a}/conversations/{id}</c>: erases a conversation, for good. An unknown one is erased already. The id is
/// percent-encoded, as one segment of the path.
/// </summary>
internal sealed class ConversationEndpoint(Erasure erasure, AccountDirectory accounts)
{
    private const string Segment = "/conversations/";

    public void Map(IEndpointRouteBuilder routes) => routes
        .MapDelete($"/api/account/{{{Gate.AccountParameter}}}{Segment}{{**id}}", (Delegate)EraseAsync).Needs(Need.Manage).Audited("conversations.erase");

    /// <summary>The conversation that a request's target names, decoded once; null when it names none. The framework leaves an encoded slash as it is, and so cannot be asked.</summary>
    internal static string? Conversation(string target)
    {
        var path = target.Split('?', 2)[0];
        var at = path.IndexOf(Segment, StringComparison.OrdinalIgnoreCase);
        var encoded = at < 0 ? "" : path[(at + Segment.Length)..];
        var conversation = Uri.UnescapeDataString(encoded);
        return !encoded.Contains('/', StringComparison.Ordinal) && KeyRules.Allow(conversation) ? conversation : null;
    }

    private async Task<IResult> EraseAsync(HttpContext http)
    {
        var account = http.Admission().Account;
        if (!accounts.TryGetNumber(account, out var number))
        {
            return AccountProblems.NotFound(account);
        }

        if (Conversation(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget) is not { } conversation)
        {
            return new Problem(
                StatusCodes.Status400BadRequest, "conversation_invalid", $"The path must end in one percent-encoded conversation: {KeyRules.Words}.");
        }

        try
        {
            if (await erasure.EraseAsync(number, conversation, http.RequestAborted) is not { } erased)
            {
                return Unfinished("Deliveries of the conversation are still in flight, and nothing was erased yet: call again in a few seconds.");
            }

            http.NoteAct(Digest(conversation), $"{erased.Deliveries} deliveries, {erased.Attempts} attempts");
            return Results.Json(new Answer(conversation, erased.Deliveries, erased.Notifications, erased.Attempts, erased.Dropped));
        }
        catch (StoreException e) when (e.Fault is StoreFault.InUse or StoreFault.Full)
        {
            return Unfinished($"Not all of the conversation could be erased ({e.Fault.ToWire()}): call again.");
        }
    }

    // The audit says which one it was to whoever knows its id, and keeps no id that was to be erased.
    private static string Digest(string conversation) =>
        "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(conversation)).AsSpan(0, 16));

    private static Problem Unfinished(string sentence) => new(StatusCodes.Status503ServiceUnavailable, "erase_unfinished", sentence);

    private sealed record Answer(string Conversation, int Deliveries, int Notifications, int Attempts, int Dropped);
}
