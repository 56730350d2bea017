using System.Collections.Concurrent;
using Sealpost.Accounts;
using Sealpost.Sending;

namespace Sealpost.Mtls.Routes;

/// <summary>How each endpoint is reached, in memory. Thread safe.</summary>
internal sealed class RouteTable
{
    private readonly ConcurrentDictionary<AccountId, ConcurrentDictionary<string, EndpointRoute>> _accounts = new();
    private readonly Action<AccountId> _wanted;

    /// <param name="stored">What was answered before the start.</param>
    /// <param name="wanted">Told of each account with an endpoint that nothing is known of; quick, calls nothing back.</param>
    public RouteTable(IEnumerable<MappingAnswer> stored, Action<AccountId> wanted)
    {
        _wanted = wanted;
        foreach (var answer in stored)
        {
            RouteOf(answer.Account, answer.Endpoint).Present = RouteFor(answer.IsMapped);
        }
    }

    /// <summary><see cref="FindRoute"/>.</summary>
    public EndpointRoute Find(AccountId account, Uri endpoint)
    {
        var route = RouteOf(account, endpoint.OriginalString);
        if (route.Present == Route.Unknown)
        {
            _wanted(account);
        }

        return route;
    }

    /// <summary>An endpoint is new in the account: whatever was answered for it before is not known to be true.</summary>
    public void Renew(AccountId account, Uri endpoint)
    {
        RouteOf(account, endpoint.OriginalString).Present = Route.Unknown;
        _wanted(account);
    }

    /// <summary>Writes down what MTLS answered.</summary>
    /// <returns>Whether a route is another one than before.</returns>
    public bool Put(AccountId account, IReadOnlyList<MappingAnswer> answers)
    {
        var hasChanged = false;
        foreach (var answer in answers)
        {
            var (route, next) = (RouteOf(account, answer.Endpoint), RouteFor(answer.IsMapped));
            hasChanged |= route.Present != next;
            route.Present = next;
        }

        return hasChanged;
    }

    // None is ever forgotten: outboxes hold them.
    private EndpointRoute RouteOf(AccountId account, string endpoint)
    {
        var routes = _accounts.GetOrAdd(account, static _ => new ConcurrentDictionary<string, EndpointRoute>(StringComparer.Ordinal));
        return routes.TryGetValue(endpoint, out var known) ? known : routes.GetOrAdd(endpoint, static _ => new EndpointRoute(Route.Unknown));
    }

    private static Route RouteFor(bool isMapped) => isMapped ? Route.Mtls : Route.Direct;
}
