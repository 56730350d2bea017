using System.Net;
using System.Text;
using Sealpost.Accounts;
using Sealpost.Deliveries;
using Sealpost.Dispatch;
using Sealpost.Installs;
using Sealpost.Protocol.Installs;
using Sealpost.Sending;
using Sealpost.Testing;
using Sealpost.Vault;

namespace Sealpost.IntegrationTests.Sending;

/// <summary>A PKI, and senders that trust it and may reach the loopback; deadlines are short unless a test says otherwise.</summary>
public sealed class SendingFixture : IDisposable
{
    public const string Secret = "s3cr3t";

    /// <summary>Deadlines that make hostile tests quick, and are far enough apart to be told from each other.</summary>
    public static readonly SendingOptions Quick = new()
    {
        ConnectTimeout = TimeSpan.FromMilliseconds(600),
        ResponseTimeout = TimeSpan.FromMilliseconds(400),
    };

    /// <summary>For tests in which no deadline should strike, however busy the machine is.</summary>
    public static readonly SendingOptions Patient = new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(30),
        ResponseTimeout = TimeSpan.FromSeconds(30),
    };

    public Pki Pki { get; } = new();

    /// <summary>What Development allows, with this PKI's root.</summary>
    public EgressOptions Loopback => new()
    {
        AllowedNetworks = [IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("::1/128")],
        AllowedPorts = [new PortRange(1, 65535)],
        TrustedRoots = [Pki.RootFile],
    };

    public DirectSender Sender(SendingOptions? sending = null, EgressOptions? egress = null) =>
        new(sending ?? Patient, egress ?? Loopback, new DispatchOptions(), TimeProvider.System);

    internal DirectSender Sender(HostLookup lookup, EgressOptions? egress = null, SendingOptions? sending = null) =>
        new(sending ?? Patient, egress ?? Loopback, new DispatchOptions(), TimeProvider.System, lookup);

    public static Attempt To(Uri endpoint, string body = """{"kind":"notification","body":{"changes":[]}}""") =>
        To(endpoint, manifest => manifest, body);

    public static Attempt To(
        Uri endpoint,
        Func<Manifest, Manifest> with,
        string body = """{"kind":"notification"}""",
        ClientSecrets? secrets = null,
        params WebhookHeader[] headers)
    {
        var webhook = new Webhook("sealpost.Test", endpoint, null, headers);
        var manifest = new Manifest
        {
            ClientName = "app",
            Webhooks = new Dictionary<string, Webhook> { [webhook.EventType] = webhook },
            Json = default,
        };
        return new Attempt
        {
            Delivery = new DeliveryId(77),
            Number = 3,
            Sequence = 12,
            Webhook = webhook,
            Body = Encoding.UTF8.GetBytes(body),
            Install = new Install
            {
                Number = 1,
                Account = AccountId.Parse("le12345"),
                ClientId = Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e"),
                Secrets = secrets ?? new ClientSecrets(new Secret(Secret)),
                Revision = 1,
                IssuedAt = DateTimeOffset.UnixEpoch,
                Enabled = true,
                Manifest = with(manifest),
            },
        };
    }

    public void Dispose() => Pki.Dispose();
}
