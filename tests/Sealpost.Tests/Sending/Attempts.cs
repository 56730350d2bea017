using System.Text;
using Sealpost.Accounts;
using Sealpost.Deliveries;
using Sealpost.Installs;
using Sealpost.Protocol.Installs;
using Sealpost.Sending;
using Sealpost.Vault;

namespace Sealpost.Tests.Sending;

internal static class Attempts
{
    public static Attempt To(Uri endpoint, params WebhookHeader[] headers)
    {
        var webhook = new Webhook("sealpost.Test", endpoint, null, headers);
        return new Attempt
        {
            Delivery = new DeliveryId(77),
            Number = 1,
            Sequence = 1,
            Webhook = webhook,
            Body = Encoding.UTF8.GetBytes("""{"kind":"notification"}"""),
            Install = new Install
            {
                Number = 1,
                Account = AccountId.Parse("le12345"),
                ClientId = Guid.Parse("0f8fad5b-d9cb-469f-a165-70867728950e"),
                Secrets = new ClientSecrets(new Secret("s3cr3t")),
                Revision = 1,
                IssuedAt = DateTimeOffset.UnixEpoch,
                Enabled = true,
                Manifest = new Manifest
                {
                    ClientName = "app",
                    Webhooks = new Dictionary<string, Webhook> { [webhook.EventType] = webhook },
                    Json = default,
                },
            },
        };
    }
}
