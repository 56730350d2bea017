using Microsoft.AspNetCore.Routing;
using Sealpost.IntegrationTests.Support;

namespace Sealpost.IntegrationTests.Hosting.OpenApi;

/// <summary>The document and the service have the same calls.</summary>
public sealed class RouteTableTests
{
    [Fact]
    public async Task Every_call_of_the_service_is_described_and_every_described_one_is_there()
    {
        await using var service = await RunningService.StartAsync();
        var described = (await DescribedApi.Of(service)).Calls().Select(call => call.Name).ToList();

        var mapped = service.Host.Routes.OfType<RouteEndpoint>().SelectMany(NamesOf).Distinct().ToList();

        Assert.Empty(mapped.Except(described));
        Assert.Empty(described.Except(mapped));
    }

    // A route without methods, such as that of the metrics, takes all: what is promised is GET.
    private static IEnumerable<string> NamesOf(RouteEndpoint route)
    {
        var path = "/" + string.Join('/', route.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(TextOf))));
        return (route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method => $"{method} {path}");
    }

    private static string TextOf(Microsoft.AspNetCore.Routing.Patterns.RoutePatternPart part) => part switch
    {
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
        Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
        _ => throw new NotSupportedException(part.ToString()),
    };
}
