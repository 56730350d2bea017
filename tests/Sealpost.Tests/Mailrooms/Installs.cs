using Sealpost.Accounts;
using Sealpost.Installs;
using Sealpost.Protocol.Installs;
using Sealpost.Vault;

namespace Sealpost.Tests.Mailrooms;

/// <summary>Installs of one account as the engine's tests need them.</summary>
internal static class Installs
{
    public static AccountId Account { get; } = AccountId.Parse("le12345");

    public static Install Of(int number, params string[] eventTypes) => new()
    {
        Number = number,
        Account = Account,
        ClientId = new Guid(number, 0, 0, new byte[8]),
        Secrets = new ClientSecrets(new Secret("s3cr3t")),
        Revision = 1,
        IssuedAt = DateTimeOffset.UnixEpoch,
        Enabled = true,
        Manifest = new Sealpost.Protocol.Installs.Manifest
        {
            ClientName = $"app{number}",
            Webhooks = eventTypes.ToDictionary(type => type, type => new Webhook(type, new Uri("https://vendor.example/hook"), null, [])),
            Json = default,
        },
    };

    public static Install LivingFor(this Install install, TimeSpan? retentionTime) =>
        install with { Manifest = install.Manifest with { RetentionTime = retentionTime } };
}
