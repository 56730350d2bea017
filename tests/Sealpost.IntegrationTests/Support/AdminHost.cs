using System.Collections.Concurrent;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sealpost.Accounts;
using Sealpost.Accounts.AppKeys;
using Sealpost.Installs;
using Sealpost.Mtls;
using Sealpost.Storage.Sqlite;
using Sealpost.Vault;

namespace Sealpost.IntegrationTests.Support;

/// <summary>The calls about accounts and installs, and of MTLS where the test gives a vault, over real HTTP and a real database, without anything else of the service.</summary>
internal sealed class AdminHost : IAsyncDisposable
{
    public const string AdministratorSecret = "canary-administrator-token";

    private static readonly TimeSpan MaxStale = TimeSpan.FromHours(1);

    private readonly DataFolder? _ownFolder;
    private readonly WebApplication _app;
    private readonly SqliteNonceStore _nonces;

    private AdminHost(DataFolder? ownFolder, SqliteDatabase database, SqliteNonceStore nonces, WebApplication app, FakeTimeProvider time, ConcurrentQueue<string> log)
    {
        (_ownFolder, Database, _nonces, _app, Time, Log) = (ownFolder, database, nonces, app, time, log);
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public HttpClient Client { get; }

    public SqliteDatabase Database { get; }

    public FakeTimeProvider Time { get; }

    public ConcurrentQueue<string> Log { get; }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public static async Task<AdminHost> Start(DataFolder? folder = null, bool httpsOnly = false, string administrator = AdministratorSecret, Uri? publicUrl = null, Action<WebApplication>? map = null, Func<SqliteDatabase, MasterKey, IVault>? vault = null)
    {
        var ownFolder = folder is null ? new DataFolder() : null;
        var data = folder ?? ownFolder!;
        var database = SqliteDatabase.Open(data.File("sealpost.db"));
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var log = new ConcurrentQueue<string>();
        var key = MasterKey.Open(data.File("master.key"), null, new SqliteKeyCheck(database));
        var nonces = new SqliteNonceStore(NonceFile.Open(data.File("nonces.db"), NonceFile.KnownFrom(database, time)));
        var login = new LoginOptions { HttpsOnly = httpsOnly, Domains = _ => [new DomainAnswer("accountConfigReadWrite", "localhost:8443")] };

        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(new QueueLog(log));
        builder.Services
            .AddAccounts(new AccountStores(new SqliteAccountStore(database), new SqliteAppKeyStore(database, key), new SqliteAuditStore(database)), new AdministratorToken(new Secret(administrator)), login, time)
            .AddOAuth(nonces, new OAuthOptions { PublicUrl = publicUrl }, time)
            .AddInstalls(new SqliteInstallStore(database, key, new EventTypeNumbers(database), time), time);
        if (vault is not null)
        {
            var watch = new VaultWatch(MaxStale, time, NullLogger<VaultWatch>.Instance);
            var keys = new CachedVault(vault(database, key), new StaleRules(MaxStale), watch, time);
            builder.Services.AddMtls(new SqliteCertificateStore(database), new SqliteMappingStore(database), keys, time);
        }

        var app = builder.Build();
        app.MapAccounts();
        app.MapInstalls();
        if (vault is not null)
        {
            app.MapMtls();
        }

        map?.Invoke(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new AdminHost(ownFolder, database, nonces, app, time, log);
    }

    /// <summary>Makes one call; the body, if any, is JSON as written.</summary>
    public Task<Answer> Call(string method, string path, string? token = AdministratorSecret, string? body = null, params (string Name, string Value)[] headers) =>
        Send(method, path, token, body is null ? null : new StringContent(body, new MediaTypeHeaderValue("application/json")), headers);

    /// <summary>Makes one call with a body of any kind.</summary>
    public async Task<Answer> Send(string method, string path, string? token, HttpContent? content, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        request.Content = content;
        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.Read(response);
    }

    /// <summary>A new account token.</summary>
    public async Task<string> Token(string account, params string[] scopes)
    {
        var list = string.Join(',', scopes.Select(scope => $"\"{scope}\""));
        var answer = await Call("POST", $"/api/account/{account}/tokens", body: $"{{\"name\":\"t\",\"scopes\":[{list}]}}");
        return answer.Json.GetProperty("token").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        _nonces.Dispose();
        Database.Dispose();
        _ownFolder?.Dispose();
    }

    private sealed class QueueLog(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue(formatter(state, exception) + exception);

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Dispose()
        {
        }
    }
}
