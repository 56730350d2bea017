using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Sealpost.Installs;

/// <summary>Puts the room together: what the host asks for, and its routes.</summary>
internal static class InstallsRegistration
{
    /// <summary>Loads the installs and registers <see cref="InstallDirectory"/> and <see cref="InstallRegistry"/>.</summary>
    public static IServiceCollection AddInstalls(this IServiceCollection services, IInstallStore store, TimeProvider time)
    {
        var directory = new InstallDirectory(store.Load());
        return services.AddSingleton(directory).AddSingleton(new InstallRegistry(store, directory, time));
    }

    public static void MapInstalls(this IEndpointRouteBuilder routes)
    {
        InstallEndpoints.Map(routes);
        InstallActions.Map(routes);
    }
}
