namespace Sealpost.Mtls.Mappings;

/// <summary>For whom a request is forwarded (protocol 5). The numbers stand in mapping objects and in the store.</summary>
internal enum MtlsService
{
    TestService = 0,
    Idp = 1,
    Webhooks = 2,
}

/// <summary>The services' names and numbers on the wire.</summary>
internal static class MtlsServices
{
    private static readonly Dictionary<string, MtlsService> ByName = new(StringComparer.Ordinal)
    {
        ["TEST_SERVICE"] = MtlsService.TestService,
        ["IDP"] = MtlsService.Idp,
        ["WEBHOOKS"] = MtlsService.Webhooks,
    };

    /// <summary>The name on the wire.</summary>
    public static string Name(MtlsService service) => ByName.Single(known => known.Value == service).Key;

    /// <summary>By the name in <c>serviceName</c> and <c>LP-service-name</c>, case sensitive; null: there is no mapping for such a service.</summary>
    public static MtlsService? OfName(string? name) => name is not null && ByName.TryGetValue(name, out var service) ? service : null;

    /// <summary>By the number in <c>serviceId</c>; null: there is none.</summary>
    public static MtlsService? OfNumber(string? number) => number switch
    {
        "0" => MtlsService.TestService,
        "1" => MtlsService.Idp,
        "2" => MtlsService.Webhooks,
        _ => null,
    };
}
