using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Sealpost.Hosting.Web;
using Sealpost.Storage.Sqlite;

namespace Sealpost.Hosting;

/// <summary>The rooms, built on the <see cref="Foundation"/> and joined in the order of a notification's way.</summary>
internal sealed class Composition
{
    private readonly Readiness _readiness;

    /// <summary>Builds the rooms; nothing listens yet.</summary>
    public Composition(Foundation foundation)
    {
        var store = new StoreProbe(() => SqliteProbe.Write(foundation.Database), foundation.Time, foundation.Loggers.CreateLogger<StoreProbe>());
        _readiness = new Readiness(foundation.Shutdown, foundation.Heartbeats, store);
    }

    /// <summary>Every path that is served.</summary>
    public void MapEndpoints(WebApplication app)
    {
        app.MapHealth(_readiness);
        app.MapMetrics();
        app.MapStatusPage();
    }

    /// <summary>The ports are open: from now on health may answer ready.</summary>
    public void Started() => _readiness.Started();
}
