using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sealpost.Accounts;
using Sealpost.IntegrationTests.Support;
using Sealpost.Mtls.Certificates;
using Sealpost.Mtls.P12;
using Sealpost.Storage.Sqlite;
using Sealpost.Testing.Certificates;
using Sealpost.Vault;

namespace Sealpost.IntegrationTests.Mtls.Certificates;

/// <summary>A registry between a watched store and a watched vault, and what they were asked, in order.</summary>
internal sealed class RegistryScene : IDisposable
{
    public static readonly AccountId Acme = AccountId.Parse("acme");
    public static readonly TimeSpan MaxStale = TimeSpan.FromHours(1);

    private readonly DataFolder _folder = new();
    private readonly SqliteDatabase _database;

    public RegistryScene()
    {
        _database = SqliteDatabase.Open(_folder.File("sealpost.db"));
        new SqliteAccountStore(_database).Ensure(Acme, Time.GetUtcNow());
        Store = new WatchedStore(new SqliteCertificateStore(_database), Steps);
        Vault = new WatchedVault(Steps);
        Cache = new CachedVault(Vault, new StaleRules(MaxStale), new VaultWatch(MaxStale, Time, NullLogger<VaultWatch>.Instance), Time);
        Registry = NewRegistry(new CertificateDirectory([]));
        Registry.WhenRetired(place =>
        {
            Steps.Enqueue($"retired {place.Version}");
            Retired.Add((place.Version, Registry.Directory.Find(Acme, new CertificateId(place.Record))?.Version));
        });
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public ConcurrentQueue<string> Steps { get; } = new();

    /// <summary>Each version that was retired, and which one the directory gave at that moment.</summary>
    public List<(int Version, int? InUse)> Retired { get; } = [];

    public WatchedStore Store { get; }

    public WatchedVault Vault { get; }

    public CachedVault Cache { get; }

    public CertificateRegistry Registry { get; }

    /// <summary>A registry of the same store and vault, as after a restart.</summary>
    public CertificateRegistry NewRegistry(CertificateDirectory directory) => new(Store, directory, Cache, Time, NullLogger<CertificateRegistry>.Instance);

    public P12Reading Reading(int days = 90) => P12Reading.Taken(TestMaterial.New(), Time.GetUtcNow().AddDays(days), []);

    public Task<UploadResult> CreateAsync(string name = "name", int days = 90) =>
        Registry.CreateAsync(Acme, name, Reading(days), TestContext.Current.CancellationToken);

    public async Task<ClientCertificate> SavedAsync(string name = "name", int days = 90)
    {
        var result = await CreateAsync(name, days);
        Assert.Equal(UploadKind.Saved, result.Kind);
        Steps.Clear();
        return result.Certificate!;
    }

    public Task<UploadResult> ReplaceAsync(ClientCertificate certificate, string? name = null) =>
        Registry.ReplaceAsync(Acme, certificate.Id, name, Reading(), TestContext.Current.CancellationToken);

    public Task<ClientCertificate?> DeleteAsync(ClientCertificate certificate) =>
        Registry.DeleteAsync(Acme, certificate.Id, TestContext.Current.CancellationToken);

    public Task<CertificateStatus> StatusAsync(ClientCertificate certificate) =>
        Registry.StatusAsync(certificate, TestContext.Current.CancellationToken);

    /// <summary>What a sweep does later, when a pause of the vault is over.</summary>
    public Task SweepAsync()
    {
        Time.Advance(TimeSpan.FromMinutes(2));
        return Registry.WipeAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Memory, store and vault agree that this is all there is.</summary>
    public void AssertAll(params ClientCertificate[] certificates)
    {
        Assert.Equal(certificates, Registry.Directory.Of(Acme));
        Assert.Empty(Store.Leftovers());
        Assert.Equal(certificates.Select(certificate => certificate.Place), Vault.Kept.OrderBy(place => place.Record));
        Assert.Equal(certificates, Store.Load().OrderBy(certificate => certificate.Id.Value));
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }
}
