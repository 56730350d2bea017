using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sealpost.Accounts;
using Sealpost.Accounts.Audit;
using Sealpost.Hosting;

namespace Sealpost.Deliveries;

/// <summary>Begins to drop a pending delivery of an install; false when it is not pending. <paramref name="end"/> ends when it is over.</summary>
internal delegate bool TryDrop(int install, DeliveryId delivery, out Task end);

/// <summary>
/// <c>POST /api/account/{a}/deliveries/{id}/drop</c>: the delivery is not attempted any more and becomes a dead letter
/// (<c>dropped_by_operator</c>). One in flight ends with its attempt, and is delivered if that succeeds.
/// </summary>
internal sealed class DropEndpoint(IDeliveryStore store, TryDrop drop, AccountDirectory accounts, TimeProvider clock)
{
    /// <summary>An attempt in flight ends within connect and response timeout; the answer waits for it no longer than that.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public void Map(IEndpointRouteBuilder routes) => routes
        .MapPost($"/api/account/{{{Gate.AccountParameter}}}/deliveries/{{id}}/drop", (Delegate)DropAsync).Needs(Need.Manage).Audited("deliveries.drop");

    private async Task<IResult> DropAsync(HttpContext http, string id)
    {
        var account = http.Admission().Account;
        if (!accounts.TryGetNumber(account, out var number))
        {
            return AccountProblems.NotFound(account);
        }

        if (!DeliveryId.TryParse(id, out var delivery) || store.Find(number, delivery)?.Delivery is not { } found)
        {
            return new Problem(StatusCodes.Status404NotFound, "delivery_not_found", "The account has no such delivery.");
        }

        if (!drop(found.Install, delivery, out var over))
        {
            return NotPending(store.Find(number, delivery)?.Delivery.PublicState ?? found.PublicState);
        }

        await Task.WhenAny(over, Task.Delay(Patience, clock, http.RequestAborted));
        var after = store.Find(number, delivery)!.Delivery;
        return after.PublicState switch
        {
            PublicState.Delivered => NotPending(PublicState.Delivered),
            PublicState.Dead => DeliveryJson.Item(after, StatusCodes.Status200OK),
            PublicState.Pending => DeliveryJson.Item(after, StatusCodes.Status202Accepted),
        };
    }

    private static Problem NotPending(PublicState state) => new(
        StatusCodes.Status409Conflict, "not_pending", $"The delivery is {state.ToWire()}: only a pending one can be dropped.");
}
