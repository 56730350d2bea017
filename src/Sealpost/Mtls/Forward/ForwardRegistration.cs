using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sealpost.Mtls.Certificates;
using Sealpost.Mtls.Mappings;
using Sealpost.Sending;
using Sealpost.Vault;

namespace Sealpost.Mtls.Forward;

/// <summary>Puts the forward and the tester together.</summary>
internal static class ForwardRegistration
{
    /// <param name="services">Have <see cref="CertificateRegistry"/> and <see cref="MappingRegistry"/>.</param>
    /// <param name="options">From the settings.</param>
    /// <param name="own">Where this process listens, once it does.</param>
    /// <param name="lookup">Resolves the names of endpoints.</param>
    /// <param name="vault">Has the key material.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="InvalidDataException">A file of <see cref="EgressOptions.TrustedRoots"/> holds no certificate.</exception>
    public static IServiceCollection AddForward(
        this IServiceCollection services, ForwardOptions options, OwnAddresses own, HostLookup lookup, CachedVault vault, TimeProvider time)
    {
        var opener = new ContextOpener(options, own, lookup, time);
        return services
            .AddSingleton(options)
            .AddSingleton(new ForwardThrottle(options.Mtls, time))
            .AddSingleton(new Forwarder(options.Sending, time))
            .AddSingleton(provider => new TlsContexts(provider.GetRequiredService<CertificateDirectory>(), opener, time))
            .AddSingleton(provider => new ContextChoice(
                provider.GetRequiredService<MappingRegistry>().Directory,
                provider.GetRequiredService<CertificateDirectory>(),
                vault,
                provider.GetRequiredService<TlsContexts>(),
                time,
                provider.GetRequiredService<ILogger<ContextChoice>>()))
            .AddSingleton<ChosenForward>()
            .AddSingleton<ForwardEndpoint>()
            .AddSingleton<P12TestEndpoint>();
    }

    public static void MapForward(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        services.GetRequiredService<CertificateRegistry>().WhenRetired(services.GetRequiredService<TlsContexts>().Retire);
        services.GetRequiredService<ForwardEndpoint>().Map(routes);
        services.GetRequiredService<P12TestEndpoint>().Map(routes);
    }
}
