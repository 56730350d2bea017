using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sealpost.Accounts;
using Sealpost.Mtls.Certificates;
using Sealpost.Mtls.Mappings;
using Sealpost.Mtls.P12;
using Sealpost.Vault;

namespace Sealpost.Mtls;

/// <summary>Puts the room together: what the host and the forward ask for, and its routes.</summary>
internal static class MtlsRegistration
{
    /// <summary>Loads certificates and mappings and registers <see cref="CertificateRegistry"/> and <see cref="MappingRegistry"/>.</summary>
    public static IServiceCollection AddMtls(
        this IServiceCollection services, ICertificateStore certificates, IMappingStore mappings, CachedVault vault, TimeProvider time)
    {
        var directory = new CertificateDirectory(certificates.Load());
        return services
            .AddSingleton(directory)
            .AddSingleton(provider => new CertificateRegistry(
                certificates, directory, vault, time, provider.GetRequiredService<ILogger<CertificateRegistry>>()))
            .AddSingleton(new P12Readings(time))
            .AddSingleton<CertificateUploads>()
            .AddSingleton(new MappingRegistry(mappings, new MappingDirectory(mappings.Load())));
    }

    public static void MapMtls(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        var certificates = services.GetRequiredService<CertificateRegistry>();
        var mappings = services.GetRequiredService<MappingRegistry>();
        var accounts = services.GetRequiredService<AccountDirectory>();
        var registry = services.GetRequiredService<AccountRegistry>();
        registry.WhenRemoved(mappings.Forget);
        new CertificateEndpoints(certificates, services.GetRequiredService<CertificateUploads>(), accounts, registry, mappings.Directory.CountOf).Map(routes);
        new MappingEndpoints(mappings, certificates.Directory, accounts, registry).Map(routes);
        new CheckEndpoint(mappings.Directory).Map(routes);
    }
}
