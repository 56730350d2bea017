using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sealpost.Accounts;
using Sealpost.Deliveries.History;
using Sealpost.Hosting;
using Sealpost.Installs;
using Sealpost.Outboxes;

namespace Sealpost.Deliveries;

/// <summary>Finds where a pending delivery stands.</summary>
internal delegate Place FindPlace(ListedDelivery delivery);

/// <summary><c>GET /api/account/{a}/deliveries</c> and <c>…/{id}</c>: what happened to an account's deliveries, and why one has not arrived.</summary>
internal sealed class DeliveryEndpoints(
    IDeliveryStore store, AttemptHistory history, FindPlace placeOf, AccountDirectory accounts, InstallDirectory installs, TimeProvider clock)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        var deliveries = routes.MapGroup($"/api/account/{{{Gate.AccountParameter}}}/deliveries");
        deliveries.MapGet("", List).Needs(Need.Read);
        deliveries.MapGet("/{id}", Show).Needs(Need.Read);
    }

    private IResult List(HttpContext http)
    {
        var account = http.Admission().Account;
        if (!accounts.TryGetNumber(account, out var number))
        {
            return AccountProblems.NotFound(account);
        }

        var (filter, problem) = DeliveryQuery.Read(http.Request.Query);
        return filter is null ? problem! : DeliveryJson.Page(store.List(number, filter));
    }

    private IResult Show(HttpContext http, string id)
    {
        var account = http.Admission().Account;
        if (!accounts.TryGetNumber(account, out var number))
        {
            return AccountProblems.NotFound(account);
        }

        return DeliveryId.TryParse(id, out var delivery) && store.Find(number, delivery) is { } found
            ? DeliveryJson.Whole(found, history.Of(found.Delivery), WhyWaiting(found.Delivery))
            : new Problem(StatusCodes.Status404NotFound, "delivery_not_found", "The account has no such delivery.");
    }

    private Waiting? WhyWaiting(ListedDelivery delivery)
    {
        if (delivery.PublicState != PublicState.Pending)
        {
            return null;
        }

        var place = placeOf(delivery);
        var ahead = place switch
        {
            { Ahead: { } id } => new DeliveryId(id),
            { AheadFrom: { } sequence } => store.FirstPending(delivery.Install, delivery.ConversationKey, sequence),
            _ => (DeliveryId?)null,
        };
        return WaitingRules.Why(delivery, installs.Find(delivery.Install), place, ahead == delivery.Id ? null : ahead, clock.GetUtcNow());
    }
}
