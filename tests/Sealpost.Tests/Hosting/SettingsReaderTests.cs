using System.Collections;
using System.Net;
using System.Reflection;
using System.Security.Authentication;
using Sealpost.Health;
using Sealpost.Hosting;
using Sealpost.Hosting.Settings;
using Sealpost.Sending;

namespace Sealpost.Tests.Hosting;

public sealed class SettingsReaderTests
{
    private static readonly ServeFlags NoFlags = new(null, null, null, null, [], null);

    [Theory]
    [InlineData("Delivery:ConnectTimeout", "00:00:07", "Sending.ConnectTimeout", "00:00:07")]
    [InlineData("Delivery:ResponseTimeout", "00:00:00.25", "Sending.ResponseTimeout", "00:00:00.2500000")]
    [InlineData("Delivery:MinimumTls", "1.3", "Sending.TlsProtocols", "Tls13")]
    [InlineData("Delivery:Concurrency", "7", "Dispatch.Concurrency", "7")]
    [InlineData("Delivery:OriginConcurrency", "8", "Dispatch.OriginConcurrency", "8")]
    [InlineData("Retry:FixedDelay", "00:01:00", "Retry.FixedDelay", "00:01:00")]
    [InlineData("Retry:BackoffBase", "00:00:03", "Retry.BackoffBase", "00:00:03")]
    [InlineData("Retry:BackoffMax", "01:00:00", "Retry.BackoffMax", "01:00:00")]
    [InlineData("Health:SlowThreshold", "00:00:01.5", "Health.SlowThreshold", "00:00:01.5000000")]
    [InlineData("Health:SlowWindow", "00:03:00", "Health.SlowWindow", "00:03:00")]
    [InlineData("Health:SlowPolicy", "warn", "Health.SlowPolicy", "Warn")]
    [InlineData("Publish:MaxEventBytes", "1024", "Publish.MaxEventBytes", "1024")]
    [InlineData("Publish:MaxRequestBytes", "2000000", "Publish.MaxRequestBytes", "2000000")]
    [InlineData("Publish:MaxLines", "5", "Publish.MaxLines", "5")]
    [InlineData("Publish:IdempotencyWindow", "2.00:00:00", "Publish.IdempotencyWindow", "2.00:00:00")]
    [InlineData("Limits:StoredPerAccount", "10", "Limits.StoredPerAccount", "10")]
    [InlineData("Limits:StoredBytesPerAccount", "11", "Limits.StoredBytesPerAccount", "11")]
    [InlineData("Limits:DiskReserveBytes", "0", "Limits.DiskReserveBytes", "0")]
    [InlineData("Egress:AllowedNetworks", "10.0.0.0/8, 192.168.1.7", "Egress.AllowedNetworks", "10.0.0.0/8 192.168.1.7/32")]
    [InlineData("Egress:AllowedPorts", "443,1024-65535,80–90", "Egress.AllowedPorts", "443-443 1024-65535 80-90")]
    [InlineData("Egress:TrustedRoots", "a.pem,b.pem", "Egress.TrustedRoots", "a.pem b.pem")]
    [InlineData("Mtls:MappingInterval", "00:01:00", "Mtls.MappingInterval", "00:01:00")]
    [InlineData("Mtls:Throttle:PermitsPerSecond", "9", "Mtls.PermitsPerSecond", "9")]
    [InlineData("Mtls:Throttle:Burst", "10", "Mtls.Burst", "10")]
    [InlineData("Mtls:GatewayRoots", "g.pem", "Mtls.GatewayRoots", "g.pem")]
    [InlineData("Mtls:VaultMaxStale", "02:00:00", "Mtls.VaultMaxStale", "02:00:00")]
    [InlineData("Domains:Url", "https://domains.example", "Domains.Url", "https://domains.example/")]
    [InlineData("Domains:Overrides:Acc_1:mtlsGateway", "gw.example:8443", "Domains.Overrides", "Acc_1 mtlsGateway gw.example:8443")]
    [InlineData("Storage:Provider", "sqlite", "Storage.Provider", "Sqlite")]
    [InlineData("Vault:Provider", "local", "Vault.Provider", "Local")]
    [InlineData("Server:PublicUrl", "https://hooks.example", "Server.PublicUrl", "https://hooks.example/")]
    [InlineData("Server:TrustedProxies", "10.1.2.3", "Server.TrustedProxies", "10.1.2.3/32")]
    [InlineData("Limits:Connections", "12", "Server.Connections", "12")]
    [InlineData("Limits:ConnectionsPerAddress", "13", "Server.ConnectionsPerAddress", "13")]
    [InlineData("Retention:Deliveries", "7.00:00:00", "Retention.Deliveries", "7.00:00:00")]
    [InlineData("Retention:Attempts", "1.12:00:00", "Retention.Attempts", "1.12:00:00")]
    [InlineData("Retention:Audit", "365.00:00:00", "Retention.Audit", "365.00:00:00")]
    public void Each_setting_reaches_its_place_from_the_environment(string key, string value, string place, string expected)
    {
        var settings = Read(environment: new() { ["SEALPOST_" + key.Replace(":", "__", StringComparison.Ordinal)] = value });

        Assert.Equal(expected, Show(At(settings, place)));
    }

    [Theory]
    [InlineData("Vault:Provider", "hashicorp", "Vault.Provider", "HashiCorp")]
    [InlineData("Vault:Address", "https://vault.example:8200", "Vault.Address", "https://vault.example:8200/")]
    [InlineData("Vault:Address", "http://127.0.0.1:8200", "Vault.Address", "http://127.0.0.1:8200/")]
    [InlineData("Vault:Mount", "kv/team-1/", "Vault.Mount", "kv/team-1")]
    [InlineData("Vault:Namespace", "ns1/ns2/", "Vault.Namespace", "ns1/ns2")]
    [InlineData("Vault:RoleId", "role-1", "Vault.RoleId", "role-1")]
    [InlineData("Vault:SecretIdFile", "secret-id", "Vault.SecretIdFile", "secret-id")]
    [InlineData("Vault:TokenFile", "token", "Vault.TokenFile", "token")]
    [InlineData("Vault:CaFile", "ca.pem", "Vault.CaFile", "ca.pem")]
    public void Each_setting_of_the_HashiCorp_vault_reaches_its_place(string key, string value, string place, string expected)
    {
        var environment = key == "Vault:TokenFile"
            ? new Dictionary<string, string> { ["SEALPOST_Vault__Provider"] = "hashicorp", ["SEALPOST_Vault__Address"] = "https://v.example" }
            : HashiCorp();
        environment["SEALPOST_" + key.Replace(":", "__", StringComparison.Ordinal)] = value;

        Assert.Equal(expected, Show(At(Read(environment: environment), place)));
    }

    [Theory]
    [InlineData("Address", null, "Vault:Address: must be set, as Vault:Provider is hashicorp")]
    [InlineData("RoleId", null, "Vault:RoleId: must be set, or Vault:TokenFile, as Vault:Provider is hashicorp")]
    [InlineData("SecretIdFile", null, "Vault:SecretIdFile: must be set, as Vault:RoleId is")]
    [InlineData("TokenFile", "t", "Vault:TokenFile: must be absent, as Vault:RoleId is set: one of them gives the token")]
    [InlineData("Provider", "local", "Vault:Address: must be absent, as Vault:Provider is not hashicorp")]
    public void A_HashiCorp_vault_with_a_setting_too_few_or_too_many_is_named(string name, string? value, string expected)
    {
        var environment = HashiCorp();
        environment.Remove("SEALPOST_Vault__" + name);
        if (value is not null)
        {
            environment["SEALPOST_Vault__" + name] = value;
        }

        Assert.Equal(expected, Error(environment: environment));
    }

    [Theory]
    [InlineData("Address")]
    [InlineData("Mount")]
    [InlineData("Namespace")]
    [InlineData("RoleId")]
    [InlineData("SecretIdFile")]
    [InlineData("TokenFile")]
    [InlineData("CaFile")]
    public void The_local_vault_takes_no_setting_of_the_other(string name) => Assert.Equal(
        $"Vault:{name}: must be absent, as Vault:Provider is not hashicorp",
        Error($$"""{"Vault:{{name}}":"{{(name == "Address" ? "https://v.example" : "x")}}"}"""));

    [Fact]
    public void Each_known_setting_has_a_row_in_the_tests_above_or_is_refused()
    {
        var rows = typeof(SettingsReaderTests).GetMethod(nameof(Each_setting_reaches_its_place_from_the_environment))!
            .GetCustomAttributes<InlineDataAttribute>().Select(row => (string)row.Data[0]!);
        var hashiCorp = typeof(SettingsReaderTests).GetMethod(nameof(Each_setting_of_the_HashiCorp_vault_reaches_its_place))!
            .GetCustomAttributes<InlineDataAttribute>().Select(row => (string)row.Data[0]!);
        string[] elsewhere = ["Server:Certificate", "Server:CertificateKey", .. hashiCorp];

        var untested = KnownSettings.Keys.Except(rows).Except(elsewhere)
            .Where(key => KnownSettings.Find(key)!.Rule.StartsWith("absent", StringComparison.Ordinal) is false);

        Assert.Empty(untested);
    }

    [Theory]
    [InlineData("Delivery:ConnectTimeout", "5")]
    [InlineData("Delivery:ConnectTimeout", "00:00:00")]
    [InlineData("Delivery:ResponseTimeout", "00:01:00.001")]
    [InlineData("Delivery:ResponseTimeout", "-00:00:05")]
    [InlineData("Delivery:ResponseTimeout", "5s")]
    [InlineData("Delivery:MinimumTls", "1.1")]
    [InlineData("Delivery:Concurrency", "0")]
    [InlineData("Delivery:Concurrency", "65537")]
    [InlineData("Delivery:Concurrency", " 7")]
    [InlineData("Delivery:OriginConcurrency", "1025")]
    [InlineData("Retry:FixedDelay", "24:00:00")]
    [InlineData("Retry:BackoffBase", "")]
    [InlineData("Retry:BackoffMax", "2.00:00:00")]
    [InlineData("Health:SlowThreshold", "fast")]
    [InlineData("Health:SlowWindow", "00:00")]
    [InlineData("Health:SlowPolicy", "Disabled")]
    [InlineData("Publish:MaxEventBytes", "1 MiB")]
    [InlineData("Publish:MaxRequestBytes", "1e6")]
    [InlineData("Publish:MaxLines", "-1")]
    [InlineData("Publish:IdempotencyWindow", "31.00:00:00")]
    [InlineData("Limits:StoredPerAccount", "0")]
    [InlineData("Limits:StoredBytesPerAccount", "99999999999999999999")]
    [InlineData("Limits:DiskReserveBytes", "-1")]
    [InlineData("Egress:AllowedNetworks", "10.0.0.0/33")]
    [InlineData("Egress:AllowedNetworks", "example.com")]
    [InlineData("Egress:AllowedPorts", "0")]
    [InlineData("Egress:AllowedPorts", "90-80")]
    [InlineData("Egress:AllowedPorts", "443,x")]
    [InlineData("Mtls:MappingInterval", "soon")]
    [InlineData("Mtls:Throttle:PermitsPerSecond", "0")]
    [InlineData("Mtls:Throttle:Burst", "none")]
    [InlineData("Mtls:VaultMaxStale", "31.00:00:00")]
    [InlineData("Domains:Url", "domains.example")]
    [InlineData("Domains:Url", "https://domains.example/path")]
    [InlineData("Domains:Overrides:a:mtlsGateway", "https://gw")]
    [InlineData("Storage:Provider", "postgres")]
    [InlineData("Storage:ConnectionString", "Data Source=x")]
    [InlineData("Vault:Provider", "azure")]
    [InlineData("Vault:Address", "http://vault.example")]
    [InlineData("Vault:Address", "https://vault.example/v1")]
    [InlineData("Vault:Mount", "kv//x")]
    [InlineData("Vault:Mount", "../kv")]
    [InlineData("Vault:Namespace", "/ns")]
    [InlineData("Vault:RoleId", "two words")]
    [InlineData("Vault:SecretIdFile", "")]
    [InlineData("Vault:TokenFile", "")]
    [InlineData("Vault:CaFile", "")]
    [InlineData("Server:Certificate", "")]
    [InlineData("Server:PublicUrl", "ftp://hooks.example")]
    [InlineData("Server:TrustedProxies", "localhost")]
    [InlineData("Limits:Connections", "0")]
    [InlineData("Limits:ConnectionsPerAddress", "many")]
    [InlineData("Retention:Deliveries", "00:00:00")]
    [InlineData("Retention:Attempts", "forever")]
    [InlineData("Retention:Audit", "90")]
    public void A_wrong_value_is_one_line_that_names_the_key_its_source_and_its_rule(string key, string value)
    {
        var variable = "SEALPOST_" + key.Replace(":", "__", StringComparison.Ordinal);

        var error = Error(environment: new() { [variable] = value });

        Assert.StartsWith($"{key} ({variable}): must be ", error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error);
    }

    [Theory]
    [InlineData("SEALPOST_Delivery__Concurency", "Delivery:Concurency (SEALPOST_Delivery__Concurency): there is no such setting")]
    [InlineData("SEALPOST_KILLS", "KILLS (SEALPOST_KILLS): there is no such setting")]
    [InlineData("SEALPOST_Domains__Overrides__a", "Domains:Overrides:a (SEALPOST_Domains__Overrides__a): there is no such setting")]
    public void An_unknown_variable_of_ours_stops_the_start(string variable, string expected) =>
        Assert.Equal(expected, Error(environment: new() { [variable] = "1" }));

    [Fact]
    public void The_command_lines_variables_and_those_of_others_are_no_settings() => Read(environment: new()
    {
        ["SEALPOST_SERVER"] = "http://x",
        ["SEALPOST_TOKEN"] = "t",
        ["SEALPOST_ACCOUNT"] = "a",
        ["SEALPOST_ADMIN_TOKEN"] = "t",
        ["SEALPOST_MASTER_KEY"] = "k",
        ["SEALPOST_MASTER_KEY_NEXT"] = "k",
        ["PATH"] = "/bin",
    });

    [Theory]
    [InlineData("""{"Delivery":{"Concurency":1}}""", "Delivery:Concurency (sealpost.json): there is no such setting")]
    [InlineData("""{"Delivery":{"Concurrency":{"Max":1}}}""", "Delivery:Concurrency:Max (sealpost.json): there is no such setting")]
    [InlineData("""{"Delivery":{"Concurrency":"many"}}""", "Delivery:Concurrency (sealpost.json): must be a whole number from 1 to 65536")]
    [InlineData("""{"Delivery":{"Concurrency":null}}""", "Delivery:Concurrency (sealpost.json): must be a whole number from 1 to 65536")]
    [InlineData("""{"Delivery":{"Concurrency":[1]}}""", "Delivery:Concurrency (sealpost.json): must be a whole number from 1 to 65536")]
    [InlineData("""{"Egress":{"TrustedRoots":"a.pem"}}""", "Egress:TrustedRoots (sealpost.json): must be a list of paths of files")]
    [InlineData("""{"Egress":{"TrustedRoots":["a.pem",[]]}}""", "Egress:TrustedRoots (sealpost.json): must be a list of paths of files")]
    [InlineData("[]", "sealpost.json: must hold one JSON object")]
    public void The_file_is_read_as_strictly(string json, string expected) => Assert.Equal(expected, Error(json));

    [Theory]
    [InlineData("{")]
    [InlineData("""{"Retry":{"FixedDelay":"00:00:01","FixedDelay":"00:00:02"}}""")]
    public void A_file_that_is_not_strict_JSON_is_refused(string json) =>
        Assert.StartsWith("sealpost.json: is not JSON: ", Error(json), StringComparison.Ordinal);

    [Fact]
    public void The_file_may_have_comments_lists_and_any_case()
    {
        var settings = Read("""
            {
              // Our own network.
              "egress": { "allowedNetworks": ["10.0.0.0/8"], "AllowedPorts": [443, "8000-8010"], },
              "Delivery:Concurrency": 3,
            }
            """);

        Assert.Equal([IPNetwork.Parse("10.0.0.0/8")], settings.Egress.AllowedNetworks);
        Assert.Equal([new PortRange(443, 443), new PortRange(8000, 8010)], settings.Egress.AllowedPorts);
        Assert.Equal(3, settings.Dispatch.Concurrency);
    }

    [Fact]
    public void The_environment_goes_over_the_file_and_flags_over_both()
    {
        const string Json = """{"Retry":{"FixedDelay":"00:00:01","BackoffBase":"00:00:01"},"Egress":{"TrustedRoots":["file.pem"]}}""";

        var settings = Read(Json, new() { ["SEALPOST_Retry__FixedDelay"] = "00:00:09" }, new("d", 1, 2, "0.0.0.0", ["flag.pem"], null));

        Assert.Equal(TimeSpan.FromSeconds(9), settings.Retry.FixedDelay);
        Assert.Equal(TimeSpan.FromSeconds(1), settings.Retry.BackoffBase);
        Assert.Equal(["file.pem", "flag.pem"], settings.Egress.TrustedRoots);
        Assert.Equal((IPAddress.Any, 1, 2), (settings.Server.Bind, settings.Server.HttpPort, settings.Server.HttpsPort));
    }

    [Fact]
    public void Without_any_setting_it_listens_on_the_loopback_and_keeps_the_protocols_numbers()
    {
        var settings = Read();

        Assert.Equal((IPAddress.Loopback, 8080, 8443, false), (settings.Server.Bind, settings.Server.HttpPort, settings.Server.HttpsPort, settings.Server.Development));
        Assert.Equal(TimeSpan.FromSeconds(5), settings.Sending.ConnectTimeout);
        Assert.Equal(SslProtocols.Tls12 | SslProtocols.Tls13, settings.Sending.TlsProtocols);
        Assert.Equal(SlowPolicy.Disable, settings.Health.SlowPolicy);
    }

    [Fact]
    public void Development_alone_reaches_endpoints_on_the_loopback()
    {
        Assert.Empty(Read().Egress.AllowedNetworks);
        Assert.DoesNotContain(Read().Egress.AllowedPorts, ports => ports.Contains(80));

        var development = Read(flags: NoFlags with { Environment = "Development" });

        Assert.True(development.Server.Development);
        Assert.Contains(development.Egress.AllowedNetworks, network => network.Contains(IPAddress.Loopback));
        Assert.Contains(development.Egress.AllowedNetworks, network => network.Contains(IPAddress.IPv6Loopback));
        Assert.Contains(development.Egress.AllowedPorts, ports => ports.Contains(1));
    }

    [Theory]
    [InlineData(-1, null, null, null, "--http: ")]
    [InlineData(null, 65536, null, null, "--https: ")]
    [InlineData(null, null, "localhost", null, "--bind: ")]
    [InlineData(null, null, null, "Staging", "--environment: ")]
    [InlineData(8443, null, null, null, "--https: must differ")]
    public void A_wrong_flag_is_named(int? http, int? https, string? bind, string? environment, string start) =>
        Assert.StartsWith(start, Error(flags: new(null, http, https, bind, [], environment)), StringComparison.Ordinal);

    [Theory]
    [InlineData("Retry:BackoffMax", "00:00:01", "Retry:BackoffMax: must not be below Retry:BackoffBase")]
    [InlineData("Publish:MaxRequestBytes", "1000", "Publish:MaxRequestBytes: must not be below Publish:MaxEventBytes")]
    [InlineData("Server:Certificate", "c.pem", "Server:CertificateKey: must be set, as Server:Certificate is")]
    [InlineData("Server:CertificateKey", "k.pem", "Server:Certificate: must be set, as Server:CertificateKey is")]
    public void Settings_that_contradict_each_other_are_named(string key, string value, string expected) =>
        Assert.Equal(expected, Error($$"""{"{{key}}":"{{value}}"}"""));

    private static Dictionary<string, string> HashiCorp() => new()
    {
        ["SEALPOST_Vault__Provider"] = "hashicorp",
        ["SEALPOST_Vault__Address"] = "https://v.example",
        ["SEALPOST_Vault__RoleId"] = "r",
        ["SEALPOST_Vault__SecretIdFile"] = "f",
    };

    private static SealpostSettings Read(string? json = null, Dictionary<string, string>? environment = null, ServeFlags? flags = null)
    {
        Assert.True(SettingsReader.TryRead(json, environment ?? [], flags ?? NoFlags, out var settings, out var error), error);
        return settings;
    }

    private static string Error(string? json = null, Dictionary<string, string>? environment = null, ServeFlags? flags = null)
    {
        Assert.False(SettingsReader.TryRead(json, environment ?? [], flags ?? NoFlags, out _, out var error));
        return error;
    }

    private static object? At(object settings, string place) =>
        place.Split('.').Aggregate((object?)settings, (at, name) => at!.GetType().GetProperty(name)!.GetValue(at));

    private static string Show(object? value) => value switch
    {
        string text => text,
        PortRange ports => $"{ports.First}-{ports.Last}",
        Sealpost.Domains.DomainOverride one => $"{one.Account} {one.Service} {one.BaseUri}",
        IEnumerable items => string.Join(' ', items.Cast<object>().Select(Show)),
        _ => value!.ToString()!,
    };
}
