using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sealpost.Accounts;
using Sealpost.Accounts.Audit;
using Sealpost.Hosting;
using Sealpost.Installs;
using Sealpost.Mailrooms;
using Sealpost.Publishing;

namespace Sealpost.Deliveries.Replay;

/// <summary>
/// <c>POST /api/account/{a}/deliveries/{id}/replay</c>: a delivery that is over is accepted once more, as a new one at the tail of
/// its lane (protocol 4). The answer comes when that is durable.
/// </summary>
internal sealed class ReplayOneEndpoint(
    IDeliveryStore store, AccountDirectory accounts, InstallDirectory installs, Func<Submission, Task<SubmissionResult>> submit)
{
    public void Map(IEndpointRouteBuilder routes) => routes
        .MapPost($"/api/account/{{{Gate.AccountParameter}}}/deliveries/{{id}}/replay", (Delegate)ReplayAsync).Needs(Need.Manage).Audited("deliveries.replay");

    private async Task<IResult> ReplayAsync(HttpContext http, string id)
    {
        var account = http.Admission().Account;
        if (!accounts.TryGetNumber(account, out var number))
        {
            return AccountProblems.NotFound(account);
        }

        if (!DeliveryId.TryParse(id, out var original))
        {
            return NotFound();
        }

        if (Judge(number, original, out var install) is { } problem)
        {
            return problem;
        }

        var result = await submit(new Submission(account) { Replay = new ReplayWish(install!.Number, [original]) });
        return result.Acceptance switch
        {
            null => PublishProblems.Of(result.Refusal),
            { Replayed: [var replayed] } => DeliveryJson.Item(store.Find(number, replayed)!.Delivery, StatusCodes.Status202Accepted),

            // Something changed in between: the delivery was removed, or its install was changed.
            _ => Judge(number, original, out _) ?? NotFound(),
        };
    }

    private Problem? Judge(int account, DeliveryId original, out Install? install)
    {
        install = null;
        if (store.Find(account, original) is not { } found)
        {
            return NotFound();
        }

        install = installs.Find(found.Delivery.Install);
        return ReplayRules.Refusal(found, install);
    }

    private static Problem NotFound() => new(StatusCodes.Status404NotFound, "delivery_not_found", "The account has no such delivery.");
}
