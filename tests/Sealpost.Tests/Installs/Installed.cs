using System.Text;
using Sealpost.Accounts;
using Sealpost.Installs;
using Sealpost.Protocol.Installs;
using Sealpost.Vault;

namespace Sealpost.Tests.Installs;

/// <summary>Installs for tests, made of real manifests.</summary>
internal static class Installed
{
    public static Install App(int number, string account, params string[] eventTypes) => new()
    {
        Number = number,
        Account = AccountId.Parse(account),
        ClientId = new Guid(number, 0, 0, new byte[8]),
        Manifest = ManifestOf($"app {number}", true, eventTypes),
        Secrets = new ClientSecrets(new Secret("s0")),
        Revision = 1,
        IssuedAt = DateTimeOffset.UnixEpoch,
        Enabled = true,
    };

    public static Manifest ManifestOf(string name, bool enabled, params string[] eventTypes)
    {
        var webhooks = string.Join(',', eventTypes.Select(key => $"\"{key}\":{{\"endpoint\":\"https://example.com/{key}\"}}"));
        var json = $"{{\"client_name\":\"{name}\",\"enabled\":{(enabled ? "true" : "false")},\"capabilities\":{{\"webhooks\":{{{webhooks}}}}}}}";
        return ManifestReader.Read(Encoding.UTF8.GetBytes(json)).Manifest!;
    }
}
